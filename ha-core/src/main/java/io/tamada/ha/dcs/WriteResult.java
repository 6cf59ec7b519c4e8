package io.tamada.ha.dcs;

import io.tamada.ha.model.Revision;

/// What came of a write. Refused and unknown are never confused: they lead to different actions.
public sealed interface WriteResult {

    /// The store holds it, at this revision.
    record Applied(Revision revision) implements WriteResult {}

    /// The store answered, and did not apply it: the precondition did not hold.
    record Refused(String reason) implements WriteResult {}

    /// Nobody knows. It may have been applied, and may still be while its guard holds.
    record Unknown(String problem) implements WriteResult {}

    default boolean isApplied() {
        return this instanceof Applied;
    }
}
