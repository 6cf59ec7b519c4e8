package io.tamada.ha.model;

/// How many standbys must confirm a commit, and which.
public sealed interface ReplicationMode {

    /// A commit waits for nobody.
    record Asynchronous() implements ReplicationMode {}

    /// A commit waits for named standbys.
    ///
    /// @param nodeCount how many, at least 1
    /// @param strict true when commits wait even while no standby is there
    record Priority(int nodeCount, boolean strict) implements ReplicationMode {}

    /// A commit waits for any `nodeCount` of the standbys.
    record Quorum(int nodeCount, boolean strict) implements ReplicationMode {}

    static ReplicationMode asynchronous() {
        return new Asynchronous();
    }

    default boolean isSynchronous() {
        return !(this instanceof Asynchronous);
    }

    default boolean isQuorum() {
        return this instanceof Quorum;
    }

    /// The number of synchronous standbys wanted; 0 when asynchronous.
    default int wanted() {
        return switch (this) {
            case Asynchronous() -> 0;
            case Priority(int n, _) -> n;
            case Quorum(int n, _) -> n;
        };
    }

    default boolean isStrict() {
        return switch (this) {
            case Asynchronous() -> false;
            case Priority(_, boolean strict) -> strict;
            case Quorum(_, boolean strict) -> strict;
        };
    }
}
