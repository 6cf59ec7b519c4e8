package io.tamada.agent;

import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.port.Watchdog;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/// A watchdog that is required and can't be had: the member never becomes leader.
final class MissingWatchdog implements Watchdog {

    private static final Set<String> REQUIRED = Set.of("required", "require");

    /// The watchdog for a section: where it isn't required, the agent does without.
    static Watchdog of(ConfigDocument section) {
        String mode = String.valueOf(section.at("mode")).toLowerCase(Locale.ROOT);
        return REQUIRED.contains(mode) ? new MissingWatchdog() : Watchdog.NONE;
    }

    @Override
    public boolean activate(Duration ttl, Duration loopWait) {
        return false;
    }

    @Override
    public void keepAlive(long edgeNanos) {}

    @Override
    public void disable() {}

    @Override
    public boolean isHealthy() {
        return false;
    }

    @Override
    public void close() {}
}
