package io.tamada.ha;

import java.util.List;

/// Where the journal goes besides memory, for instance a file.
@FunctionalInterface
public interface JournalSink {

    /// Takes a new entry; repetitions of the last one are not told. Called on the engine's thread:
    /// it must return at once, and may drop what it can't take.
    void note(RecordedDecision decision);

    /// What earlier runs of the agent left here, oldest first. Asked once, before the first entry.
    ///
    /// @param most no more than that many, the newest
    default List<JournalEntry> earlier(int most) {
        return List.of();
    }

    /// Nowhere.
    JournalSink NONE = decision -> {};
}
