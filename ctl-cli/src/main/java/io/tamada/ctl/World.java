package io.tamada.ctl;

import io.tamada.ha.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;

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

        static boolean sleep(Duration length) {
            try {
                Thread.sleep(length);
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
