package io.tamada.ha.dcs;

import java.time.Duration;

/// Proof of leadership: the store granted the leader key, and its time has not run out on our own
/// clock.
///
/// Only [LeaseKeeper] makes one. What needs leadership takes it as an argument.
public final class HeldLease {

    private final LeaseKeeper keeper;
    private final LeaseGrant grant;
    private final long edgeNanos;

    HeldLease(LeaseKeeper keeper, LeaseGrant grant, long edgeNanos) {
        this.keeper = keeper;
        this.grant = grant;
        this.edgeNanos = edgeNanos;
    }

    public LeaseGrant grant() {
        return grant;
    }

    /// The reading of the elapsed clock at which the store may give the lease to another, as of
    /// when this proof was made. Nothing may be writable then.
    public long edgeNanos() {
        return edgeNanos;
    }

    /// What was left of it at a given reading of the elapsed clock; negative once the edge has
    /// passed.
    public Duration remainingAt(long nowNanos) {
        return Duration.ofNanos(edgeNanos - nowNanos);
    }

    /// Asks the keeper whether the lease is held right now, with all renewals since. For long work
    /// that has to look again just before its point of no return.
    public boolean isHeldNow() {
        return keeper.holds(grant.session());
    }

    @Override
    public String toString() {
        return "HeldLease[" + grant.holder() + " until " + edgeNanos + "]";
    }
}
