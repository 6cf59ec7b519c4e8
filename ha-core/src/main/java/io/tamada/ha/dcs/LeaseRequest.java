package io.tamada.ha.dcs;

import io.tamada.ha.model.MemberName;
import java.time.Duration;

/// Asks for the leader key.
///
/// @param ttl how long the lease is to live without renewal
/// @param mode whether an existing key stands in the way
public record LeaseRequest(MemberName holder, Duration ttl, Mode mode) {

    public enum Mode {
        /// Only if nobody holds it: the atomic end of every race.
        IF_FREE,
        /// Overwrite whatever is there: only at the end of a bootstrap, which `/initialize` guards.
        TAKE
    }
}
