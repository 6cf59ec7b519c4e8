package io.tamada.ha.policy;

/// How far we know whether the local data can follow the leader.
public sealed interface RewindState {

    /// Nothing suggests that it can't.
    record Unsuspected() implements RewindState {}

    /// Something happened after which it has to be compared.
    record Check() implements RewindState {}

    /// It has diverged.
    record Needed(String reason, boolean rewindable) implements RewindState {}

    /// It was compared and can follow.
    record NotNeeded() implements RewindState {}

    /// `pg_rewind` went well.
    record Rewound() implements RewindState {}

    /// `pg_rewind` failed for good.
    record Failed(String problem) implements RewindState {}

    /// Something is to be done before the data can stream.
    default boolean isPending() {
        return this instanceof Check || this instanceof Needed;
    }

    default boolean wasExecuted() {
        return this instanceof Rewound || this instanceof Failed;
    }
}
