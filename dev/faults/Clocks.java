package demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The members' wall clocks, each of which can be stepped: a library before the system's own adds what a file says.
///
/// @param library empty when there is none; then there is but one clock
/// @param folder of the files
record Clocks(String library, Path folder) {

    boolean canBeStepped() {
        return !library.isEmpty();
    }

    /// The command that runs another one with a member's own clock.
    List<String> enter(int member) throws IOException {
        if (!canBeStepped()) {
            return List.of();
        }
        step(member, 0);
        // Only the time of day: what counts leases is as right as ever.
        return List.of(
                "env",
                "LD_PRELOAD=" + library,
                "FAKETIME_TIMESTAMP_FILE=" + file(member),
                "FAKETIME_CACHE_DURATION=1",
                "FAKETIME_DONT_FAKE_MONOTONIC=1",
                // Otherwise waits on the monotonic clock end at once.
                "FAKETIME_FORCE_MONOTONIC_FIX=0",
                "NO_FAKE_STAT=1");
    }

    /// Sets a member's clock to so many seconds after the right time, or before it.
    void step(int member, int seconds) throws IOException {
        Path file = file(member);
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.createDirectories(folder);
        Files.writeString(next, "%+d".formatted(seconds));
        Files.move(next, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private Path file(int member) {
        return folder.resolve("pg" + (member + 1));
    }
}
