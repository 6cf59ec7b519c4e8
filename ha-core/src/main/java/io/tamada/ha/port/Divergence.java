package io.tamada.ha.port;

/// How the local data relates to a source's timeline.
public sealed interface Divergence {

    /// The local WAL is a prefix of the source's history: streaming will work.
    record None() implements Divergence {}

    /// The local WAL has something that the source's history has not.
    record Diverged(String reason) implements Divergence {}

    /// It can't be told yet: the source doesn't answer, is no primary, or the local server isn't
    /// ready.
    record Undecided(String problem) implements Divergence {}
}
