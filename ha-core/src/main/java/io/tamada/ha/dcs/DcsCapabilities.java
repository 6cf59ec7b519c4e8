package io.tamada.ha.dcs;

import java.time.Duration;

/// Facts about a store that the algorithm uses. Nobody asks a backend's name.
///
/// @param atomicSnapshot one read shows all keys as of one moment
/// @param expiry who decides that a lease has run out
/// @param shortestTtl no lease can be shorter
/// @param ttlStep granted times are multiples of this
/// @param pushesChanges the store tells of changes at once; else a watch polls
/// @param raceNeedsSettling after a restart of the store's own members the first race is postponed
///   by one cycle
public record DcsCapabilities(
        boolean atomicSnapshot,
        Expiry expiry,
        Duration shortestTtl,
        Duration ttlStep,
        boolean pushesChanges,
        boolean raceNeedsSettling) {

    public enum Expiry {
        /// The store's own clock; a free key is free for everybody.
        STORE,
        /// Each member counts from when it saw the record change.
        OBSERVERS
    }
}
