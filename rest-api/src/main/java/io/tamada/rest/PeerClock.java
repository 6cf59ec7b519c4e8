package io.tamada.rest;

import java.time.Instant;

/// What a peer's clock shows.
public sealed interface PeerClock {

    /// The second in which its answer was made, on its own clock.
    record Shows(Instant at) implements PeerClock {}

    /// It didn't answer in time, or without a date.
    record Silent(String problem) implements PeerClock {}
}
