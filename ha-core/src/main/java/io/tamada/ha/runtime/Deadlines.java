package io.tamada.ha.runtime;

import io.tamada.ha.dcs.HeldLease;
import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.policy.LeaseMargins;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How long each call of the engine may block. While a lease is held, none reaches past the moment
/// at which PostgreSQL has to be stopped.
final class Deadlines {

    private static final Duration SHORTEST = Duration.ofMillis(200);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration PEERS = Duration.ofSeconds(2);
    private static final Duration STORE = Duration.ofSeconds(5);

    private final TimeSource time;

    Deadlines(TimeSource time) {
        this.time = time;
    }

    Deadline store(ClusterSettings settings, @Nullable HeldLease lease) {
        return within(shortest(settings, STORE), settings, lease);
    }

    Deadline look(ClusterSettings settings, @Nullable HeldLease lease) {
        return within(shortest(settings, LOOK), settings, lease);
    }

    Deadline peers(ClusterSettings settings, @Nullable HeldLease lease) {
        return within(shortest(settings, PEERS), settings, lease);
    }

    Deadline order(ClusterSettings settings, @Nullable HeldLease lease) {
        return within(shortest(settings, STORE), settings, lease);
    }

    private static Duration shortest(ClusterSettings settings, Duration atMost) {
        Duration third = settings.timings().ttl().dividedBy(3);
        Duration retry = settings.timings().retryTimeout();
        Duration d = atMost.compareTo(third) < 0 ? atMost : third;
        return d.compareTo(retry) < 0 ? d : retry;
    }

    private Deadline within(Duration atMost, ClusterSettings settings, @Nullable HeldLease lease) {
        if (lease == null) {
            return Deadline.after(time, atMost);
        }
        Duration left =
                lease.remainingAt(time.nanos()).minus(LeaseMargins.stop(settings.timings().ttl()));
        Duration d = left.compareTo(atMost) < 0 ? left : atMost;
        return Deadline.after(time, d.compareTo(SHORTEST) < 0 ? SHORTEST : d);
    }
}
