package io.tamada.simulator.world;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One stretch of write-ahead log with one writer: what PostgreSQL calls a timeline, but told apart
/// even where two servers gave theirs the same number.
///
/// Positions need no log records: a data directory is a prefix `(branch, position)`, and a commit
/// at `(branch, position)` is in it exactly when that prefix reaches it.
public final class Branch {

    private final int timeline;
    private final @Nullable Branch parent;
    private final long forkAt;
    private final DataDirectory writer;
    private long end;
    private long acknowledgedUpTo = -1;

    Branch(int timeline, @Nullable Branch parent, long forkAt, DataDirectory writer) {
        this.timeline = timeline;
        this.parent = parent;
        this.forkAt = forkAt;
        this.writer = writer;
        this.end = forkAt;
    }

    public int timeline() {
        return timeline;
    }

    public @Nullable Branch parent() {
        return parent;
    }

    /// Where it left its parent.
    public long forkAt() {
        return forkAt;
    }

    DataDirectory writer() {
        return writer;
    }

    public long end() {
        return end;
    }

    void append(long bytes) {
        end += bytes;
    }

    /// The furthest commit on it that a client saw acknowledged and nobody has yet found lost; -1
    /// for none.
    public long acknowledgedUpTo() {
        return acknowledgedUpTo;
    }

    public void acknowledged(long position) {
        acknowledgedUpTo = Math.max(acknowledgedUpTo, position);
    }

    /// Forgets acknowledged commits beyond a position, once their loss was judged.
    public void forgetBeyond(long position) {
        acknowledgedUpTo = Math.min(acknowledgedUpTo, position);
    }

    /// How far into `other` the prefix that ends here at `position` reaches; -1 when it doesn't
    /// contain any of it.
    public long reachInto(Branch other, long position) {
        long reach = position;
        for (Branch b = this; b != null; b = b.parent) {
            if (b == other) {
                return reach;
            }
            reach = Math.min(reach, b.forkAt);
        }
        return -1;
    }

    /// Whether the prefix that ends here at `position` contains the prefix of `other` up to
    /// `otherPosition`.
    public boolean contains(long position, Branch other, long otherPosition) {
        return reachInto(other, position) >= otherPosition;
    }

    /// This branch and those it came from, newest first.
    public List<Branch> lineage() {
        List<Branch> all = new ArrayList<>();
        for (Branch b = this; b != null; b = b.parent) {
            all.add(b);
        }
        return all;
    }

    @Override
    public String toString() {
        return "timeline "
                + timeline
                + (parent == null ? "" : " (left " + parent.timeline + " at " + forkAt + ")");
    }
}
