package io.tamada.ctl;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Repeating what a command shows.
final class WatchOptions {

    private static final Duration STANDARD = Duration.ofSeconds(2);
    private static final String CLEAR_SCREEN = "\033[2J\033[H";

    @Option(names = "-W", description = "Repeat every 2 seconds.")
    private boolean standard;

    @Option(
            names = {"-w", "--watch"},
            paramLabel = "SECONDS",
            description = "Repeat every so many seconds.")
    private @Nullable Double seconds;

    /// Does it once, or again and again until the operator leaves. A round that fails ends a single
    /// run; a repeated one tells of it and goes on.
    void repeat(Ctl ctl, Runnable round) {
        Duration period = period();
        if (period == null) {
            round.run();
            return;
        }
        do {
            if (ctl.console().isTerminal()) {
                ctl.console().print(CLEAR_SCREEN);
            }
            try {
                round.run();
            } catch (CtlError e) {
                ctl.console().complain("Error: " + e.getMessage());
            }
        } while (ctl.world().pauses().pause(period));
    }

    private @Nullable Duration period() {
        Double given = seconds;
        if (given == null) {
            return standard ? STANDARD : null;
        }
        if (!(given > 0) || given > Duration.ofDays(1).toSeconds()) {
            throw new CtlError("--watch: a number of seconds above 0 is expected, not " + given);
        }
        return Duration.ofMillis(Math.max(1, Math.round(given * 1000)));
    }
}
