package io.tamada.ha.port;

/// How the local data relates to a source's timeline.
public sealed interface Divergence {

    /// The local WAL is a prefix of the source's history: streaming will work.
    record None() implements Divergence {}

    /// The local WAL has something that the source's history has not.
    ///
    /// @param rewindable false when `pg_rewind` would not notice: two branches under one timeline
    ///   number
    record Diverged(String reason, boolean rewindable) implements Divergence {

        /// The usual case, which a rewind mends.
        public Diverged(String reason) {
            this(reason, true);
        }
    }

    /// It can't be told yet: the source doesn't answer, is no primary, or the local server isn't
    /// ready.
    record Undecided(String problem) implements Divergence {}
}
