package io.tamada.pg.guard;

import io.tamada.pg.process.CommandRunner;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The program that guards: finds it, starts it, waits until it is on duty.
final class GuardProcess {

    private static final String NAME = "lease-guard";
    private static final Duration READY_MAX = Duration.ofSeconds(5);

    private GuardProcess() {}

    /// The program: in the distribution this agent was started from, else on the PATH.
    static Optional<Path> find() {
        String home = System.getProperty("tamada.home");
        if (home != null) {
            Path own = Path.of(home, "libexec", NAME);
            if (Files.isExecutable(own)) {
                return Optional.of(own);
            }
        }
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return List.of(path.split(File.pathSeparator, -1)).stream()
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, NAME))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// Starts a guard; when this returns it is on duty.
    ///
    /// @throws IOException when it can't be started, with the reason
    static Process start(
            Path program, GuardFile file, long generation, Path dataDirectory, String serverProgram)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        program.toString(),
                        file.path().toString(),
                        Long.toString(generation),
                        Long.toString(ProcessHandle.current().pid()),
                        dataDirectory.toAbsolutePath().toString(),
                        serverProgram);
        CommandRunner.filter(builder.environment());
        // Its few lines belong into the agent's log, also when the agent can't write them any more.
        builder.redirectInput(new File("/dev/null")).redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        try (BufferedReader said = process.inputReader()) {
            CompletableFuture<String> line = new CompletableFuture<>();
            Thread.ofVirtual()
                    .name("lease-guard-ready")
                    .start(() -> {
                        try {
                            line.complete(String.valueOf(said.readLine()));
                        } catch (IOException e) {
                            line.completeExceptionally(e);
                        }
                    });
            if (line.get(READY_MAX.toMillis(), TimeUnit.MILLISECONDS).equals("ready")) {
                return process;
            }
            process.destroyForcibly();
            throw new IOException(program + " ended at once; the log tells why");
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IOException(program + " did not get ready within " + READY_MAX, e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw e;
        }
    }
}
