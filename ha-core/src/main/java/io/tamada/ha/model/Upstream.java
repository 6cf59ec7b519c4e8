package io.tamada.ha.model;

/// Where a standby gets its WAL from.
public sealed interface Upstream {

    /// Nowhere: waits for a leader to appear, or lives on the archive.
    record None() implements Upstream {}

    /// A member of this cluster.
    ///
    /// @param connUrl as the member publishes it
    record Member(MemberName name, String connUrl) implements Upstream {}

    /// The cluster that this standby cluster follows.
    record Remote(StandbyCluster source) implements Upstream {}

    static Upstream none() {
        return new None();
    }

    default boolean isNone() {
        return this instanceof None;
    }
}
