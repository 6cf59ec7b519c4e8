package io.tamada.simulator.invariant;

import io.tamada.ha.model.ClusterView;
import io.tamada.simulator.world.Branch;
import io.tamada.simulator.world.PostgresServer;

/// While synchronous replication is active, whoever is promoted has every acknowledged commit:
/// design invariant 2. In asynchronous mode nobody is promoted who is further behind than allowed:
/// design invariant 3.
///
/// Only an operator who asks for a failover may accept a loss.
public final class NoConfirmedCommitLost extends Watching {

    public NoConfirmedCommitLost(Judgement judgement) {
        super(judgement);
    }

    @Override
    public void acknowledged(PostgresServer server, Branch branch, long position) {
        judgement().acknowledged(branch, position);
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
                withinBound(server, position, view);
            }
        }
        judgement().writeOff(branch, position);
    }

    private void withinBound(PostgresServer server, long position, ClusterView view) {
        long behind = view.status().optime().value() - position;
        long allowed = Judgement.settings(view).maximumLagOnFailover();
        if (behind > allowed) {
            judgement()
                    .violated(
                            "AsyncLossBound",
                            server.machine().name()
                                    + " was promoted "
                                    + behind
                                    + " bytes behind the last published position; "
                                    + allowed
                                    + " are allowed");
        }
    }
}
