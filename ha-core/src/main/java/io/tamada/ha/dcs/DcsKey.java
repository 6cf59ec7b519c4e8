package io.tamada.ha.dcs;

import io.tamada.ha.model.MemberName;

/// The closed set of entries a store holds for a cluster. How each is spelt is the backend's
/// affair.
public sealed interface DcsKey {

    /// There is one of each of these in a cluster.
    enum Single implements DcsKey {
        INITIALIZE,
        CONFIG,
        LEADER,
        STATUS,
        SYNC,
        FAILOVER,
        HISTORY,
        FAILSAFE
    }

    record Member(MemberName name) implements DcsKey {}

    DcsKey INITIALIZE = Single.INITIALIZE;
    DcsKey CONFIG = Single.CONFIG;
    DcsKey LEADER = Single.LEADER;
    DcsKey STATUS = Single.STATUS;
    DcsKey SYNC = Single.SYNC;
    DcsKey FAILOVER = Single.FAILOVER;
    DcsKey HISTORY = Single.HISTORY;
    DcsKey FAILSAFE = Single.FAILSAFE;

    static DcsKey member(MemberName name) {
        return new Member(name);
    }
}
