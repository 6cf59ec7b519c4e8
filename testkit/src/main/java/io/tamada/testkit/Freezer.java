package io.tamada.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Stops processes of this machine as they are (SIGSTOP), and lets them go on. Linux only.
public final class Freezer {

    private Freezer() {}

    /// Returns when none of the process's threads runs any more: one that was in the middle of an
    /// answer has given it by then.
    ///
    /// @throws AssertionError when the process doesn't stop
    public static void freeze(ProcessHandle process) {
        signal("-STOP", process);
        Eventually.await("the process stops", () -> isStopped(process.pid()));
    }

    public static void thaw(ProcessHandle process) {
        signal("-CONT", process);
    }

    private static void signal(String name, ProcessHandle process) {
        try {
            new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isStopped(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            List<Path> all = threads.toList();
            for (Path thread : all) {
                String stat = Files.readString(thread.resolve("stat"));
                // The state follows the name, which may hold anything but ends with a bracket.
                if ("Tt".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            // A thread that has just ended.
            return false;
        }
    }
}
