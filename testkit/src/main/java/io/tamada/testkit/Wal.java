package io.tamada.testkit;

import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.Timeline;
import io.tamada.ha.model.TimelineHistory;
import io.tamada.ha.model.TimelineHistory.Switch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The write-ahead log of one simulated server: which branch it is on, and how far it goes.
///
/// Two servers that promote independently make timelines of the same number; here they are still
/// two branches, so what a server has and what it lacks can always be told.
///
/// @param branch the last branch
/// @param end how far the log goes
public record Wal(Branch branch, Lsn end) {

    /// One timeline of one server. Compared by identity.
    public static final class Branch {
        private final Timeline timeline;
        private final @Nullable Branch parent;
        private final Lsn fork;
        private final String madeAt;

        Branch(Timeline timeline, @Nullable Branch parent, Lsn fork, String madeAt) {
            this.timeline = timeline;
            this.parent = parent;
            this.fork = fork;
            this.madeAt = madeAt;
        }

        public Timeline timeline() {
            return timeline;
        }

        /// The branch it left; null for the first.
        public @Nullable Branch parent() {
            return parent;
        }

        /// Where it left its parent.
        public Lsn fork() {
            return fork;
        }

        @Override
        public String toString() {
            return "timeline " + timeline + " from " + fork;
        }
    }

    /// How far this log goes on a branch; null when it doesn't touch it.
    public @Nullable Lsn endOn(Branch wanted) {
        Lsn limit = end;
        for (Branch here = branch; here != null; here = here.parent()) {
            if (here.equals(wanted)) {
                return limit;
            }
            limit = here.fork();
        }
        return null;
    }

    /// True when this log has what lies before `position` on a branch.
    public boolean contains(Branch wanted, Lsn position) {
        Lsn there = endOn(wanted);
        return there != null && !there.isBefore(position);
    }

    /// True when the other log has all of this one.
    public boolean isPrefixOf(Wal other) {
        return other.contains(branch, end);
    }

    /// What both logs have in common; null for logs of different clusters.
    public @Nullable Wal common(Wal other) {
        Lsn limit = end;
        for (Branch here = branch; here != null; here = here.parent()) {
            Lsn there = other.endOn(here);
            if (there != null) {
                return new Wal(here, there.isBefore(limit) ? there : limit);
            }
            limit = here.fork();
        }
        return null;
    }

    Wal grown(long bytes) {
        return new Wal(branch, end.plus(bytes));
    }

    /// The same log on a new timeline.
    Wal promoted(String madeAt) {
        Timeline next = Timeline.of(branch.timeline().value() + 1);
        return new Wal(new Branch(next, branch, end, madeAt), end);
    }

    /// The history file of this log.
    TimelineHistory history() {
        Deque<Switch> switches = new ArrayDeque<>();
        for (Branch here = branch; here.parent() != null; here = here.parent()) {
            switches.addFirst(
                    new Switch(
                            here.parent().timeline(),
                            here.fork(),
                            "no recovery target specified",
                            here.madeAt,
                            null));
        }
        return new TimelineHistory(List.copyOf(switches));
    }
}
