package io.tamada.dcs.raft.machine;

/// What a member asks the group to agree on. Sessions are numbers above zero; zero stands for none.
public sealed interface Command {

    /// Writes a key if the condition holds, owned by a session or by nobody.
    record Put(String key, String value, Condition when, long session) implements Command {}

    /// Deletes a key if the condition holds. What isn't there counts as deleted.
    record Remove(String key, Condition when) implements Command {}

    /// Deletes a key if this session owns it.
    record RemoveOwned(String key, long session) implements Command {}

    /// Deletes every key with this prefix.
    record RemoveAll(String prefix) implements Command {}

    /// Opens a session that lives this long.
    record OpenSession(long ttlNanos) implements Command {}

    /// Prolongs a session to at least this long from now.
    ///
    /// @param ownedKey must belong to the session, else the answer says so; empty for no such
    ///   question
    record RenewSession(long session, long ttlNanos, String ownedKey) implements Command {}

    /// Nothing but the time it was stamped with.
    record Tick() implements Command {}

    /// What must hold of a key.
    sealed interface Condition {
        record Absent() implements Condition {}

        record At(long revision) implements Condition {}

        record Whatever() implements Condition {}
    }
}
