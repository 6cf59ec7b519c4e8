package io.tamada.pg.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Starts a process that lives on without us: in a session of its own, as no child of ours, its
/// output in a file.
public final class DetachedLauncher {

    /// A shell puts it into the background, tells its number and ends. `setsid` replaces itself by
    /// the program, so the number is the program's.
    private static final String SCRIPT =
            "log=$1; shift; if command -v setsid >/dev/null 2>&1; then set -- setsid \"$@\"; fi; "
                    + "\"$@\" </dev/null >>\"$log\" 2>&1 & echo $!";

    private DetachedLauncher() {}

    /// Starts it and comes back at once.
    ///
    /// @param output where standard output and error are appended
    /// @param environment laid over our own, without what is meant for the agent alone
    /// @return the process; null when it has ended already
    public static @Nullable OsProcess launch(
            List<String> argv, Path directory, Path output, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder("/bin/sh", "-c", SCRIPT, "sh", output.toString());
        builder.command().addAll(argv);
        builder.directory(directory.toFile());
        CommandRunner.filter(builder.environment());
        builder.environment().keySet().removeIf(name -> name.startsWith("KUBERNETES_"));
        builder.environment().putAll(environment);
        Process shell = builder.start();
        shell.getOutputStream().close();
        String pid =
                new String(shell.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                        .strip();
        try {
            return OsProcess.of(Long.parseLong(pid));
        } catch (NumberFormatException e) {
            String error =
                    new String(shell.getErrorStream().readAllBytes(), StandardCharsets.UTF_8)
                            .strip();
            throw new IOException(
                    "the shell that starts " + argv.getFirst() + " said: " + error, e);
        }
    }
}
