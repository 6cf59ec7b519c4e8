package io.tamada.pg.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The one door to child processes: a deadline for each, bounded output, and nothing left behind
/// when it is cancelled.
public final class CommandRunner {

    /// For work that is ended by its result or an interrupt, such as a base backup.
    public static final Duration UNLIMITED = Duration.ofDays(30);

    private static final int OUTPUT_BYTES_MAX = 512 * 1024;
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration OUTPUT_WAIT = Duration.ofSeconds(1);

    /// Runs a command and waits until it has ended.
    ///
    /// @param atMost after that it is stopped: asked first, killed with all its descendants ten
    ///   seconds later
    /// @throws InterruptedException when interrupted; the command and its descendants are gone then
    public CommandResult run(Command command, Duration atMost) throws InterruptedException {
        Process process;
        try {
            process = start(command);
        } catch (IOException e) {
            return new CommandResult(CommandResult.NOT_STARTED, "", String.valueOf(e.getMessage()));
        }
        Output out = new Output(process.getInputStream(), null);
        Output err = new Output(process.getErrorStream(), command.lines());
        try {
            boolean ended = process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS);
            if (!ended) {
                end(process);
            }
            int code = ended ? process.exitValue() : CommandResult.TIMED_OUT;
            return new CommandResult(code, out.text(), err.text());
        } catch (InterruptedException e) {
            end(process);
            throw e;
        }
    }

    private static Process start(Command command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command.argv());
        filter(builder.environment());
        builder.environment().putAll(command.environment());
        if (command.directory() != null) {
            builder.directory(command.directory().toFile());
        }
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    /// Starts a command that nobody listens to.
    public Process startSilently(Command command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command.argv());
        filter(builder.environment());
        builder.environment().putAll(command.environment());
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    /// Takes out what is meant for the agent alone; its variables may carry secrets.
    public static void filter(Map<String, String> environment) {
        environment
                .keySet()
                .removeIf(name ->
                        name.startsWith("PATRONI_")
                                || name.startsWith("TAMADA_")
                                || name.equals("NOTIFY_SOCKET"));
    }

    /// Ends a process with its descendants, also when this thread is interrupted again meanwhile.
    private static void end(Process process) {
        // Known before it ends: afterwards nobody could tell whose children they were.
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroy();
        boolean interrupted = Thread.interrupted();
        try {
            if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                killTree(process.toHandle());
            }
        } catch (InterruptedException e) {
            interrupted = true;
            killTree(process.toHandle());
        }
        descendants.forEach(ProcessHandle::destroyForcibly);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Kills a process and all its descendants; stops it first, so that it can't make new ones
    /// meanwhile.
    public static void killTree(ProcessHandle root) {
        OsProcess first = OsProcess.of(root.pid());
        if (first != null) {
            first.signal(Signal.STOP);
        }
        List<ProcessHandle> all = root.descendants().toList();
        root.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
    }

    /// Reads one stream to its end on a thread of its own.
    private static final class Output {
        private final StringBuilder kept = new StringBuilder();
        private final Thread reader;

        Output(InputStream stream, @Nullable Consumer<String> lines) {
            reader = Thread.ofVirtual().start(() -> read(stream, lines));
        }

        private void read(InputStream stream, @Nullable Consumer<String> lines) {
            StringBuilder line = new StringBuilder();
            byte[] buffer = new byte[8192];
            try (stream) {
                for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                    String text = new String(buffer, 0, n, StandardCharsets.UTF_8);
                    synchronized (kept) {
                        kept.append(
                                text, 0, Math.min(text.length(), OUTPUT_BYTES_MAX - kept.length()));
                    }
                    if (lines != null) {
                        tell(text, line, lines);
                    }
                }
            } catch (IOException e) {
                // The process is gone or its stream was closed: what was read counts.
            }
        }

        private static void tell(String text, StringBuilder line, Consumer<String> lines) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '\n' || c == '\r') {
                    if (!line.isEmpty()) {
                        lines.accept(line.toString());
                    }
                    line.setLength(0);
                } else if (line.length() < 4096) {
                    line.append(c);
                }
            }
        }

        /// What came so far; a descendant that keeps the stream open is not waited for.
        String text() throws InterruptedException {
            boolean _ = reader.join(OUTPUT_WAIT);
            synchronized (kept) {
                return kept.toString();
            }
        }
    }
}
