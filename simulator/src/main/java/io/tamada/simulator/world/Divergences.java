package io.tamada.simulator.world;

import io.tamada.ha.model.ControlData;
import io.tamada.ha.port.Divergence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What PostgreSQL and its tools can tell of two data directories: by timeline numbers and history
/// files alone.
final class Divergences {

    private Divergences() {}

    /// Why a source would not serve a standby, or the standby not take it; null when they stream.
    static @Nullable String refusal(DataDirectory standby, DataDirectory source) {
        int mine = standby.branch.timeline();
        int theirs = source.branch.timeline();
        if (theirs < mine) {
            return "its timeline " + theirs + " is behind " + mine;
        }
        Long end = endOf(mine, source);
        if (end == null) {
            return "its history does not know timeline " + mine;
        }
        if (standby.position > end) {
            return theirs == mine
                    ? "it has less than " + standby.position
                    : "it left timeline " + mine + " at " + end + ", before " + standby.position;
        }
        return null;
    }

    /// Where a timeline number ends in a server's own history; null when it isn't in it.
    private static @Nullable Long endOf(int timeline, DataDirectory of) {
        List<Branch> lineage = of.branch.lineage();
        long end = of.position;
        for (Branch b : lineage) {
            if (b.timeline() == timeline) {
                return end;
            }
            end = b.forkAt();
        }
        return null;
    }

    /// What a comparison before a rewind finds.
    static Divergence compare(DataDirectory local, DataDirectory source) {
        int mine = local.branch.timeline();
        int theirs = source.branch.timeline();
        if (mine > theirs) {
            return new Divergence.Diverged(
                    "local timeline " + mine + " is newer than the source's " + theirs);
        }
        if (anotherBranch(local, source)) {
            return new Divergence.Diverged(
                    "timeline " + mine + " is another one on the source", false);
        }
        if (mine == theirs) {
            return sameHistory(local.branch, source.branch)
                    ? new Divergence.None()
                    : new Divergence.Diverged(
                            "timeline " + mine + " began elsewhere on the source", false);
        }
        Long end = endOf(mine, source);
        if (end == null) {
            return new Divergence.Diverged("the source's history does not know timeline " + mine);
        }
        return local.position > end
                ? new Divergence.Diverged(
                        "timeline "
                                + mine
                                + " ended at "
                                + end
                                + ", and there is "
                                + local.position
                                + " here")
                : new Divergence.None();
    }

    /// Whether both wrote on a timeline of this number, each on one of its own: the first records
    /// differ.
    private static boolean anotherBranch(DataDirectory local, DataDirectory source) {
        if (local.position <= local.branch.forkAt()) {
            return false;
        }
        return source.branch.lineage().stream()
                .anyMatch(b -> b.timeline() == local.branch.timeline() && b != local.branch);
    }

    /// Whether two history files tell of the same switches.
    static boolean sameHistory(Branch one, Branch other) {
        return switches(one).equals(switches(other));
    }

    private static List<List<Long>> switches(Branch branch) {
        return branch.lineage().stream()
                .map(b -> List.of((long) b.timeline(), b.forkAt()))
                .toList();
    }

    /// Whether a stopped or running server can be compared at all.
    static boolean isComparable(DataDirectory local, boolean running) {
        return running
                || local.state == ControlData.State.SHUT_DOWN
                || local.state == ControlData.State.SHUT_DOWN_IN_RECOVERY
                || local.state == ControlData.State.IN_ARCHIVE_RECOVERY;
    }
}
