package io.tamada.simulator.invariant;

import io.tamada.ha.model.ClusterView;
import io.tamada.simulator.world.Branch;
import io.tamada.simulator.world.PostgresServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whoever leads goes on from the cluster's history: it holds nothing that the last acknowledged
/// history does not, no timeline number is written twice, and no standby streams what does not
/// belong to its own log. Design invariant 4.
///
/// A leader that lost the store right after its promotion has written on a timeline that nobody
/// else could know of. Where the next one takes the same number, that is a loss that
/// [NoConfirmedCommitLost] judges, and members tell the two apart by their first records.
public final class TimelineGrows extends Watching {

    private final Map<Integer, Branch> byNumber = new HashMap<>();
    private @Nullable Branch history;
    private @Nullable Branch forgiven;
    private long begunNanos;
    private long lastNanos;

    public TimelineGrows(Judgement judgement) {
        super(judgement);
    }

    @Override
    public void promoting(PostgresServer server, Branch branch, long position) {
        Branch known = history;
        if (known != null && couldNotBeKnown(known)) {
            forgiven = known;
        }
        if (known != null
                && !known.contains(known.end(), branch, position)
                && branch.reachInto(known, position) < known.acknowledgedUpTo()
                && known != forgiven
                && !judgement().isLossAcceptedOn(server.machine())) {
            violated(
                    server.machine().name()
                            + " was promoted at "
                            + position
                            + " on "
                            + branch
                            + ", which is not part of the cluster's history, "
                            + known);
        }
    }

    @Override
    public void acknowledged(PostgresServer server, Branch branch, long position) {
        long now = world().scheduler().nowNanos();
        if (branch == history) {
            lastNanos = now;
            return;
        }
        Branch known = history;
        if (known != null && known == forgiven) {
            byNumber.remove(known.timeline());
        }
        begunNanos = now;
        lastNanos = now;
        if (known != null
                && !branch.lineage().contains(known)
                && !judgement().isLossAcceptedOn(server.machine())) {
            // It went back to before the last leader; allowed only as a loss that the other
            // invariants judge.
            if (branch.timeline() <= known.timeline() && known != forgiven) {
                violated(
                        server.machine().name()
                                + " writes "
                                + branch
                                + " after the cluster was on "
                                + known);
            }
        }
        history = branch;
        Branch before = byNumber.putIfAbsent(branch.timeline(), branch);
        if (before != null && before != branch) {
            violated(
                    "timeline "
                            + branch.timeline()
                            + " was written twice, the second time by "
                            + server.machine().name());
        }
    }

    /// It was written for less than a ttl, and the store has not heard of it.
    private boolean couldNotBeKnown(Branch known) {
        ClusterView view = judgement().view();
        Duration ttl = Judgement.settings(view).timings().ttl();
        return view.timeline() < known.timeline() && lastNanos - begunNanos < ttl.toNanos();
    }

    @Override
    public void corrupted(PostgresServer standby, PostgresServer source) {
        violated(
                standby.machine().name()
                        + " would stream from "
                        + source.machine().name()
                        + " though their logs differ below an equal timeline number");
    }
}
