package io.tamada.simulator.invariant;

import io.tamada.simulator.world.Branch;
import io.tamada.simulator.world.PostgresServer;

/// Nobody's commit is acknowledged while the store says that somebody else leads: with the guard
/// on, everything that was writable under a lease has stopped before the store can give the lease
/// to another.
public final class LeaseHonoured extends Watching {

    private long reportedNanos = -1;

    public LeaseHonoured(Judgement judgement) {
        super(judgement);
    }

    @Override
    public void acknowledged(PostgresServer server, Branch branch, long position) {
        if (judgement().isPaused()) {
            return;
        }
        String leader = world().store().value("leader");
        if (leader != null
                && !leader.equals(server.machine().name())
                && reportedNanos != world().scheduler().nowNanos()) {
            reportedNanos = world().scheduler().nowNanos();
            violated(
                    server.machine().name()
                            + " acknowledged a commit while "
                            + leader
                            + " holds the lease");
        }
    }
}
