package io.tamada.ha.model;

import org.jspecify.annotations.Nullable;

/// What a peer said when asked over REST.
public sealed interface PeerAnswer {

    /// @param inRecovery false for a server that accepts writes
    /// @param position the furthest WAL it has; zero when it says nothing of it
    /// @param timeline null when it doesn't say
    /// @param watchdogFailed it needs a watchdog and has none
    /// @param leaseGeneration the lease it saw when it stopped its WAL receiver: positions of one
    ///   generation are final and comparable; null when the peer doesn't do that, as Patroni
    ///   members don't
    record Answered(
            boolean inRecovery,
            Lsn position,
            @Nullable Timeline timeline,
            Tags tags,
            boolean watchdogFailed,
            @Nullable String leaseGeneration)
            implements PeerAnswer {}

    record Silent(String reason) implements PeerAnswer {}
}
