package io.tamada.simulator.invariant;

import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.FailsafeMode;
import io.tamada.ha.model.HaTimings;
import io.tamada.ha.model.SyncState;
import io.tamada.simulator.world.Branch;
import io.tamada.simulator.world.PostgresServer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// While synchronous replication is active, whoever is promoted has every acknowledged commit:
/// design invariant 2. In asynchronous mode nobody is promoted who is further behind than allowed:
/// design invariant 3.
///
/// It is active while the configuration asks for it and `/sync` says so, by the word of the leader
/// whose commits are judged: who claims the key before its own promotion has made nobody wait. Only
/// an operator may accept a loss: one who asks for a failover, or switches the mode off while
/// nobody leads.
public final class NoConfirmedCommitLost extends Watching {

    private final Samples samples = new Samples();
    private SyncState state = SyncState.EMPTY;
    private SyncState beforeLeaderChanged = SyncState.EMPTY;
    private boolean acknowledgedSince;

    public NoConfirmedCommitLost(Judgement judgement) {
        super(judgement);
        world().store().observe(this::storeChanged);
    }

    private void storeChanged(String key, @Nullable String value) {
        if (key.equals("sync")) {
            SyncState next = judgement().view().sync().value();
            if (!Objects.equals(next.leader(), state.leader())) {
                beforeLeaderChanged = state;
                acknowledgedSince = false;
            }
            state = next;
        }
    }

    private boolean isActive(ClusterView view) {
        return Judgement.settings(view).replication().isSynchronous()
                && state.isActive()
                && (acknowledgedSince || beforeLeaderChanged.isActive());
    }

    @Override
    public void acknowledged(PostgresServer server, Branch branch, long position) {
        acknowledgedSince = true;
        judgement().acknowledged(branch, position);
        samples.add(world().scheduler().nowNanos(), branch, position);
    }

    @Override
    public void promoting(PostgresServer server, Branch branch, long position) {
        judgement().countFailover();
        judge(server, branch, position, "was promoted");
    }

    /// A server that starts as a primary without promotion must have everything as well.
    @Override
    public void becameWritable(PostgresServer server) {
        var data = server.disk();
        if (data != null) {
            judge(server, data.branch(), data.position(), "became writable");
        }
    }

    private void judge(PostgresServer server, Branch branch, long position, String how) {
        String missing = judgement().missingFrom(branch, position);
        if (missing != null && !judgement().isLossAcceptedOn(server.machine())) {
            ClusterView view = judgement().view();
            if (isActive(view)) {
                violated(
                        server.machine().name()
                                + " "
                                + how
                                + " without "
                                + missing
                                + "; /sync is "
                                + view.sync().value());
            } else {
                withinBound(server, branch, position, view);
            }
        }
        judgement().writeOff(branch, position);
    }

    private void withinBound(
            PostgresServer server, Branch branch, long position, ClusterView view) {
        ClusterSettings settings = Judgement.settings(view);
        long allowed = settings.maximumLagOnFailover();
        long behind = view.status().optime().value() - position;
        if (behind > allowed) {
            lost(
                    server,
                    behind
                            + " bytes behind the last published position; "
                            + allowed
                            + " are allowed");
            return;
        }
        // What is published may be old; but not older than a leader can be silent without losing
        // the lease.
        HaTimings timings = settings.timings();
        Duration stale = timings.ttl().plus(timings.loopWait().multipliedBy(2)).plusSeconds(10);
        Samples.Sample known = samples.before(stale.toNanos());
        if (known != null && settings.failsafe() == FailsafeMode.OFF) {
            long missing =
                    known.position()
                            - Math.max(
                                    branch.reachInto(known.branch(), position),
                                    known.branch().forkAt());
            if (missing > allowed) {
                lost(
                        server,
                        missing
                                + " bytes behind what was acknowledged "
                                + stale.toSeconds()
                                + " s before the last leader ended; "
                                + allowed
                                + " are allowed");
            }
        }
        samples.clear();
    }

    private void lost(PostgresServer server, String how) {
        judgement().violated("AsyncLossBound", server.machine().name() + " was promoted " + how);
    }
}
