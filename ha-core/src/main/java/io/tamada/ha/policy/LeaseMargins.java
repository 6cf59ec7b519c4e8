package io.tamada.ha.policy;

import java.time.Duration;

/// How long before the lease's edge what has to begin, so that nothing is writable at the edge.
public final class LeaseMargins {

    /// An immediate stop with SIGKILL behind it takes less than this.
    public static final Duration GUARD = Duration.ofMillis(500);

    private LeaseMargins() {}

    /// When the engine begins to stop PostgreSQL by itself: a fifth of the ttl, between one and
    /// five seconds. Long enough for a fast stop that turns into an immediate one before [#GUARD].
    public static Duration stop(Duration ttl) {
        Duration fifth = ttl.dividedBy(5);
        if (fifth.compareTo(Duration.ofSeconds(1)) < 0) {
            return Duration.ofSeconds(1);
        }
        return fifth.compareTo(Duration.ofSeconds(5)) > 0 ? Duration.ofSeconds(5) : fifth;
    }

    /// What must be left of a lease to promote under it: the store has answered lately. A promotion
    /// that is followed by a stop begins a timeline that nobody else may come to know of, and whose
    /// number the next leader would use again.
    public static Duration promotion(Duration ttl) {
        return stop(ttl).multipliedBy(2);
    }

    /// How long the engine's fast stop may take before it turns into an immediate one.
    public static Duration fastStop(Duration ttl) {
        return stop(ttl).minus(GUARD).dividedBy(2);
    }
}
