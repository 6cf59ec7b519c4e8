package io.tamada.pg;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The file `postmaster.pid`, which a running server keeps.
///
/// @param pid negative in single-user mode
/// @param startSeconds since the epoch; 0 when it can't be read
/// @param port 0 before the server has told
/// @param socketDirectory empty when it has none
/// @param listenAddress the first that it listens on; empty when none
/// @param status `starting`, `stopping`, `ready` or `standby`; empty before PostgreSQL 10 or before
///   it has told
record PostmasterFile(
        long pid,
        long startSeconds,
        int port,
        String socketDirectory,
        String listenAddress,
        String status) {

    static @Nullable PostmasterFile read(Path dataDirectory) {
        try {
            return parse(Files.readAllLines(dataDirectory.resolve("postmaster.pid")));
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    /// Null when there isn't even a process number.
    static @Nullable PostmasterFile parse(List<String> lines) {
        long pid = number(line(lines, 0));
        if (pid == 0) {
            return null;
        }
        return new PostmasterFile(
                pid,
                number(line(lines, 2)),
                (int) number(line(lines, 3)),
                line(lines, 4),
                line(lines, 5),
                line(lines, 7));
    }

    private static String line(List<String> lines, int index) {
        return index < lines.size() ? lines.get(index).strip() : "";
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
