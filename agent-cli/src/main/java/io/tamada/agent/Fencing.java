package io.tamada.agent;

import io.tamada.configuration.LocalConfiguration;
import io.tamada.ha.port.Watchdog;
import io.tamada.ha.time.TimeSource;
import io.tamada.pg.PostgresSettings;
import io.tamada.pg.guard.LeaseGuard;
import io.tamada.pg.guard.MachineWatchdog;
import io.tamada.pg.guard.WatchdogSettings;
import java.util.Locale;

/// What stops PostgreSQL or the machine when this agent can't, as the configuration has it.
final class Fencing {

    private final LeaseGuard guard;
    private final MachineWatchdog watchdog;

    private Fencing(LeaseGuard guard, MachineWatchdog watchdog) {
        this.guard = guard;
        this.watchdog = watchdog;
    }

    /// Puts it on duty.
    static Fencing start(LocalConfiguration local, PostgresSettings postgres, TimeSource time)
            throws InterruptedException {
        MachineWatchdog watchdog = new MachineWatchdog(watchdogSettings(local), time);
        LeaseGuard guard =
                LeaseGuard.start(
                        guardMode(local), postgres.dataDir(), postgres.serverProgram(), time);
        return new Fencing(guard, watchdog);
    }

    Watchdog asOne() {
        return Watchdog.both(guard, watchdog);
    }

    /// What a changed configuration says of the watchdog.
    void reload(LocalConfiguration local) {
        watchdog.reload(watchdogSettings(local));
    }

    private static WatchdogSettings watchdogSettings(LocalConfiguration local) {
        return WatchdogSettings.of(local.document().section("watchdog"));
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
