package io.tamada.pg.guard;

import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Values;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The section `watchdog` of the configuration.
///
/// @param safetyMarginSeconds how long before the lease ends the watchdog fires; -1: half the ttl
public record WatchdogSettings(Mode mode, Driver driver, Path device, long safetyMarginSeconds) {

    /// Whether a watchdog is used.
    public enum Mode {
        OFF,
        /// Where it can be had.
        AUTOMATIC,
        /// Nobody leads without it.
        REQUIRED
    }

    /// What is on the other side of the device.
    public enum Driver {
        /// The kernel's watchdog.
        LINUX,
        /// A file or pipe that gets in writing what a kernel would be told.
        TESTING
    }

    /// @throws IllegalArgumentException for a driver that there isn't
    public static WatchdogSettings of(ConfigDocument section) {
        return new WatchdogSettings(
                mode(section.at("mode")),
                driver(section.at("driver")),
                Path.of(text(section.at("device"), "/dev/watchdog")),
                Values.integer(section.at("safety_margin")).orElse(5));
    }

    private static Mode mode(@Nullable Object value) {
        return switch (text(value, "automatic").toLowerCase(Locale.ROOT)) {
            case "required", "require" -> Mode.REQUIRED;
            case "automatic", "auto", "on", "true" -> Mode.AUTOMATIC;
            default -> Mode.OFF;
        };
    }

    private static Driver driver(@Nullable Object value) {
        String name = text(value, "default");
        return switch (name) {
            case "default" -> Driver.LINUX;
            case "testing" -> Driver.TESTING;
            default ->
                    throw new IllegalArgumentException(
                            "watchdog.driver: " + name + " is neither default nor testing");
        };
    }

    private static String text(@Nullable Object value, String whenAbsent) {
        return value == null ? whenAbsent : value.toString();
    }

    /// How long after its last keepalive the watchdog is to fire; may be too short to be of use.
    Duration timeout(Duration ttl) {
        return safetyMarginSeconds < 0
                ? Duration.ofSeconds(ttl.toSeconds() / 2)
                : ttl.minusSeconds(safetyMarginSeconds);
    }
}
