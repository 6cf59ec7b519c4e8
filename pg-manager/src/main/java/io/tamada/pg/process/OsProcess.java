package io.tamada.pg.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One process of this machine, told apart from a later one with the same number by its start time.
///
/// @param pid its number
/// @param startTicks when it started, in the kernel's measure; only equality means something
public record OsProcess(long pid, long startTicks) {

    private static final Path PROC = Path.of("/proc");
    private static final Duration POLL = Duration.ofMillis(10);

    /// The living process of that number; null when there is none. A zombie doesn't live.
    public static @Nullable OsProcess of(long pid) {
        Stat stat = Stat.read(pid);
        if (stat != null) {
            return stat.dead() ? null : new OsProcess(pid, stat.startTicks());
        }
        if (Files.isDirectory(PROC.resolve("self"))) {
            return null;
        }
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(h ->
                        new OsProcess(
                                pid,
                                h.info()
                                        .startInstant()
                                        .map(java.time.Instant::toEpochMilli)
                                        .orElse(0L)))
                .orElse(null);
    }

    public boolean isAlive() {
        return equals(of(pid));
    }

    /// Sends a signal, to this process and to none that came later under its number.
    ///
    /// @return false when it was not delivered, for instance because the process is gone
    public boolean signal(Signal signal) {
        LinuxCalls calls = LinuxCalls.available();
        int pidfd = calls == null ? -1 : calls.openPidfd(pid);
        if (calls == null || pidfd < 0) {
            return isAlive() && signalByCommand(signal);
        }
        try {
            return isAlive() && calls.send(pidfd, signal);
        } finally {
            calls.close(pidfd);
        }
    }

    private boolean signalByCommand(Signal signal) {
        try {
            return new ProcessBuilder("kill", "-" + signal.name(), Long.toString(pid))
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Waits until it has exited.
    ///
    /// @return false when it still lives after that time
    public boolean awaitExit(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (isAlive()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            Thread.sleep(POLL);
        }
        return true;
    }

    /// Its living children.
    public List<OsProcess> children() {
        List<OsProcess> result = new ArrayList<>();
        for (long candidate : allPids()) {
            Stat stat = Stat.read(candidate);
            if (stat != null && stat.parent() == pid && !stat.dead()) {
                result.add(new OsProcess(candidate, stat.startTicks()));
            }
        }
        return result;
    }

    /// All living processes of one program that have `directory` as their working directory, as far
    /// as we may look.
    public static List<OsProcess> workingIn(Path directory, String programName) {
        List<OsProcess> result = new ArrayList<>();
        for (long candidate : allPids()) {
            Stat stat = Stat.read(candidate);
            if (stat != null && !stat.dead() && stat.name().equals(programName)) {
                Path cwd = workingDirectory(candidate);
                if (cwd != null && cwd.equals(directory)) {
                    result.add(new OsProcess(candidate, stat.startTicks()));
                }
            }
        }
        return result;
    }

    /// Where it works; null when that can't be read.
    public static @Nullable Path workingDirectory(long pid) {
        return link(pid, "cwd");
    }

    /// What it runs; null when that can't be read.
    public static @Nullable Path executable(long pid) {
        return link(pid, "exe");
    }

    private static @Nullable Path link(long pid, String name) {
        try {
            return Files.readSymbolicLink(PROC.resolve(Long.toString(pid)).resolve(name));
        } catch (IOException | UnsupportedOperationException | SecurityException e) {
            return null;
        }
    }

    private static List<Long> allPids() {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            entries.forEach(entry -> pids.add(Long.parseLong(entry.getFileName().toString())));
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            ProcessHandle.allProcesses().forEach(h -> pids.add(h.pid()));
        }
        return pids;
    }

    private record Stat(String name, boolean dead, long parent, long startTicks) {

        /// Source: proc(5), `/proc/pid/stat`. The name is in parentheses and may hold any
        /// character.
        static @Nullable Stat read(long pid) {
            try {
                String text =
                        Files.readString(
                                PROC.resolve(Long.toString(pid)).resolve("stat"),
                                StandardCharsets.ISO_8859_1);
                int open = text.indexOf('(');
                int close = text.lastIndexOf(')');
                String[] rest = text.substring(close + 2).split(" ", -1);
                boolean dead = rest[0].equals("Z") || rest[0].equals("X");
                return new Stat(
                        text.substring(open + 1, close),
                        dead,
                        Long.parseLong(rest[1]),
                        Long.parseLong(rest[19]));
            } catch (IOException | RuntimeException e) {
                return null;
            }
        }
    }
}
