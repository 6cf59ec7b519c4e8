package io.tamada.ha.dcs;

import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.Revision;

/// What must hold of a key for a write to be applied. Every write names one.
public sealed interface Precondition {

    /// The key does not exist.
    record Absent() implements Precondition {}

    /// The key exists at exactly this revision.
    record At(Revision revision) implements Precondition {}

    /// Nothing: the last writer wins. Said aloud.
    record Whatever() implements Precondition {}

    static Precondition absent() {
        return new Absent();
    }

    /// As last seen: at this revision, or absent where the view says so.
    static Precondition at(Revision revision) {
        return revision.equals(ClusterView.ABSENT) ? absent() : new At(revision);
    }

    static Precondition whatever() {
        return new Whatever();
    }
}
