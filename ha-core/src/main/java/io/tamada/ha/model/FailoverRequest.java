package io.tamada.ha.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What an operator asked for in the `/failover` key.
public sealed interface FailoverRequest {

    /// Promote this candidate whoever leads, or if nobody does; data loss is accepted.
    record Failover(MemberName candidate) implements FailoverRequest {}

    /// Move the role away from `leader`, to `candidate` or to whoever is best.
    ///
    /// @param scheduledAt null for "now"
    record Switchover(
            MemberName leader, @Nullable MemberName candidate, @Nullable Schedule scheduledAt)
            implements FailoverRequest {}

    /// A moment as the operator wrote it, kept to the letter for display, and what it means.
    ///
    /// @param instant null when the text can't be understood
    record Schedule(String text, @Nullable Instant instant) {}

    default @Nullable MemberName target() {
        return switch (this) {
            case Failover(MemberName to) -> to;
            case Switchover(_, MemberName to, _) -> to;
        };
    }
}
