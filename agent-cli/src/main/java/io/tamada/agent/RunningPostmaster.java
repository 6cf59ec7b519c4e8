package io.tamada.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The postmaster that already runs on a data directory, as its pid file and the process table
/// tell.
///
/// @param port where it listens; 0 while it doesn't say
record RunningPostmaster(long pid, int port) {

    /// Empty when none runs, or when the pid file is left from one that is gone.
    static Optional<RunningPostmaster> of(Path dataDir) {
        try {
            List<String> lines = Files.readAllLines(dataDir.resolve("postmaster.pid"));
            long pid = Long.parseLong(lines.getFirst().strip());
            boolean ours = Files.isSameFile(Path.of("/proc/" + pid + "/cwd"), dataDir);
            int port = lines.size() > 3 ? Integer.parseInt(lines.get(3).strip()) : 0;
            return ours ? Optional.of(new RunningPostmaster(pid, port)) : Optional.empty();
        } catch (IOException | NumberFormatException | java.util.NoSuchElementException e) {
            return Optional.empty();
        }
    }
}
