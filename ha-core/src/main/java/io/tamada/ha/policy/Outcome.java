package io.tamada.ha.policy;

import io.tamada.ha.dcs.LeaseResult;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.port.OrderResult;

/// What came of the decision before, in the same turn.
public sealed interface Outcome {

    record OfWrite(WriteResult result) implements Outcome {}

    record OfLease(LeaseResult result) implements Outcome {}

    record OfOrder(OrderResult result) implements Outcome {}

    /// The watchdog is as wanted, or isn't.
    record OfGuard(boolean ok) implements Outcome {}

    /// @param certain no postmaster lives any more
    record OfFence(boolean certain) implements Outcome {}

    /// Nothing whose outcome matters.
    record None() implements Outcome {}

    Outcome NONE = new None();
}
