package io.tamada.dcs.raft.machine;

/// What the group answered to a [Command].
public sealed interface Outcome {

    /// Done.
    ///
    /// @param revision the revision of the key that was written, or of the state after a deletion
    record Applied(long revision) implements Outcome {}

    record Refused(String reason) implements Outcome {}

    /// The session lives for at least this long from the moment the command was stamped.
    record SessionGranted(long session, long ttlNanos) implements Outcome {}

    record SessionLost() implements Outcome {}

    /// The session was prolonged, but the key is not its own.
    record NotOwner(long session, long ttlNanos) implements Outcome {}
}
