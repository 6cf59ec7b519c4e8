package io.tamada.simulator.invariant;

import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.FailsafeMode;
import io.tamada.ha.model.HaTimings;
import io.tamada.simulator.world.Branch;
import io.tamada.simulator.world.PostgresServer;
import java.time.Duration;

/// While synchronous replication is active, whoever is promoted has every acknowledged commit:
/// design invariant 2. In asynchronous mode nobody is promoted who is further behind than allowed:
/// design invariant 3.
///
/// Only an operator who asks for a failover may accept a loss.
public final class NoConfirmedCommitLost extends Watching {

    private final Samples samples = new Samples();

    public NoConfirmedCommitLost(Judgement judgement) {
        super(judgement);
    }

    @Override
    public void acknowledged(PostgresServer server, Branch branch, long position) {
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
            if (view.sync().value().isActive()) {
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
