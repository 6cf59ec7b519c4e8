package io.tamada.ha.policy;

import io.tamada.ha.model.MemberName;
import org.jspecify.annotations.Nullable;

/// A leader on its way to not being one.
///
/// @param why what began it
/// @param candidate who is to follow; null for whoever is best
/// @param sinceNanos when it began
/// @param releasedAtNanos when the lease was given back; null while it isn't
public record SteppingDown(
        Why why, @Nullable MemberName candidate, long sinceNanos, @Nullable Long releasedAtNanos) {

    public enum Why {
        SWITCHOVER,
        FAILED_POSTGRES,
        STORE_SILENT,
        LEASE_LOST,
        DEMOTE_CLUSTER,
        SHUTDOWN
    }

    SteppingDown released(long now) {
        return new SteppingDown(why, candidate, sinceNanos, now);
    }
}
