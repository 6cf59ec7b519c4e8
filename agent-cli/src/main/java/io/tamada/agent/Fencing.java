package io.tamada.agent;

import io.tamada.agent.config.LocalConfiguration;
import io.tamada.ha.port.Watchdog;
import io.tamada.ha.time.TimeSource;
import io.tamada.pg.PostgresSettings;
import io.tamada.pg.guard.LeaseGuard;
import java.util.Locale;

/// What stops PostgreSQL or the machine when this agent can't, as the configuration has it.
final class Fencing {

    private Fencing() {}

    /// Puts it on duty.
    static Watchdog start(LocalConfiguration local, PostgresSettings postgres, TimeSource time)
            throws InterruptedException {
        LeaseGuard guard =
                LeaseGuard.start(
                        guardMode(local), postgres.dataDir(), postgres.serverProgram(), time);
        return Watchdog.both(guard, MissingWatchdog.of(local.document().section("watchdog")));
    }

    private static LeaseGuard.Mode guardMode(LocalConfiguration local) {
        String word = String.valueOf(local.document().at("lease_guard")).toLowerCase(Locale.ROOT);
        return switch (word) {
            case "off", "false", "disabled" -> LeaseGuard.Mode.OFF;
            case "required", "require" -> LeaseGuard.Mode.REQUIRED;
            default -> LeaseGuard.Mode.ON;
        };
    }
}
