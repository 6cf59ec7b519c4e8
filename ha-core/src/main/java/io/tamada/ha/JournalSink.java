package io.tamada.ha;

/// Where the journal goes besides memory, for instance a file.
@FunctionalInterface
public interface JournalSink {

    /// Takes a new entry; repetitions of the last one are not told. Called on the engine's thread:
    /// it must return at once, and may drop what it can't take.
    void note(RecordedDecision decision);

    /// Nowhere.
    JournalSink NONE = decision -> {};
}
