package io.tamada.ctl;

import io.tamada.ha.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// All that the tool has from the machine it runs on, so that a test can be the machine.
///
/// @param environment the process's variables
/// @param home the operator's home folder
/// @param zone the operator's time zone
/// @param stores where backends are looked for
record World(
        Console console,
        Map<String, String> environment,
        Path home,
        TimeSource time,
        ZoneId zone,
        Pauses pauses,
        ClassLoader stores) {

    /// Waits between two looks at something that takes its time.
    @FunctionalInterface
    interface Pauses {

        /// @return false when there is to be no further look
        boolean pause(Duration length);

        /// Waits in real time; an interrupt ends it.
        static boolean inRealTime(Duration length) {
            try {
                boolean _ = new CountDownLatch(1).await(length.toNanos(), TimeUnit.NANOSECONDS);
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
