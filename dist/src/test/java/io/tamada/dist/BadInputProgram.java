package io.tamada.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The unpacked distribution's programs and PostgreSQL's, run as processes of their own.
final class BadInputProgram implements AutoCloseable {

    private static final long SECONDS_MAX = 60;

    private final List<Process> running = new ArrayList<>();
    private final Path folder;

    /// @param folder where their output goes, apart from what a test compares
    BadInputProgram(Path folder) {
        this.folder = folder;
    }

    /// How a program ended and what it wrote to either stream.
    record End(int code, String said) {}

    /// The agent, run until it ends by itself.
    End agent(Path configuration) throws IOException, InterruptedException {
        assertThat(Programs.agent())
                .as("the distribution, unpacked by the phase package")
                .isExecutable();
        return run(Programs.agent().toString(), configuration.toString());
    }

    /// An agent that goes on until this is closed.
    Process startAgent(Path configuration) throws IOException {
        return start(
                folder.resolve("agent-" + running.size() + ".out"),
                Programs.agent().toString(),
                configuration.toString());
    }

    End run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "run", ".out");
        Process process = start(output, command);
        if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
            return fail(command[0] + " goes on; it said: " + Files.readString(output));
        }
        return new End(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }

    private Process start(Path output, String... command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        process.getOutputStream().close();
        running.add(process);
        return process;
    }

    /// Every file below a folder with its size and time, to see what a program changed.
    static Map<String, String> filesBelow(Path folder) throws IOException {
        Map<String, String> result = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                result.put(
                        file.toString(),
                        Files.isDirectory(file)
                                ? "directory"
                                : Files.size(file) + " " + Files.getLastModifiedTime(file));
            }
        }
        return result;
    }

    @Override
    public void close() {
        running.forEach(Process::destroy);
        for (Process process : running) {
            try {
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
