package io.tamada.ha.dcs;

/// What came of asking for the leader lease, or for more of it.
public sealed interface LeaseResult {

    /// The store says it is ours.
    record Granted(LeaseGrant grant) implements LeaseResult {}

    /// The store answered: it is somebody else's, or no longer ours.
    record Refused(String reason) implements LeaseResult {}

    /// Nobody knows: it may be ours.
    record Unknown(String problem) implements LeaseResult {}
}
