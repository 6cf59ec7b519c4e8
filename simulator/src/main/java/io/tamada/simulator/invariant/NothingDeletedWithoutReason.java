package io.tamada.simulator.invariant;

import io.tamada.simulator.world.Branch;
import io.tamada.simulator.world.DataDirectory;
import io.tamada.simulator.world.Machine;
import io.tamada.simulator.world.PostgresServer;

/// Data goes only where the options or an operator say so, and never the last copy of an
/// acknowledged commit: design invariant 6.
public final class NothingDeletedWithoutReason extends Watching {

    private final boolean divergedMayGo;

    /// @param divergedMayGo the members are configured to clone again when they diverged
    public NothingDeletedWithoutReason(Judgement judgement, boolean divergedMayGo) {
        super(judgement);
        this.divergedMayGo = divergedMayGo;
    }

    @Override
    public void dataRemoved(PostgresServer server, DataDirectory data, String reason) {
        String name = server.machine().name();
        if (reason.equals("failed bootstrap")) {
            if (world().store().value("leader") != null) {
                violated(
                        name
                                + " discarded a bootstrap while "
                                + world().store().value("leader")
                                + " leads");
            }
            return;
        }
        if (!divergedMayGo && !judgement().isWipeAcceptedOn(server.machine())) {
            violated(
                    name
                            + " threw its data away ("
                            + reason
                            + ") though neither options nor operators say so");
        }
        for (Branch b : judgement().acknowledgedBranches()) {
            if (data.branch().reachInto(b, data.position()) >= b.acknowledgedUpTo()
                    && !existsElsewhere(server, b)) {
                violated(
                        name
                                + " threw away ("
                                + reason
                                + ") the last copy of acknowledged commits up to "
                                + b.acknowledgedUpTo()
                                + " on "
                                + b);
            }
        }
    }

    private boolean existsElsewhere(PostgresServer server, Branch b) {
        for (Machine other : world().machines()) {
            DataDirectory data = other.postgres().disk();
            if (other != server.machine()
                    && data != null
                    && data.branch().reachInto(b, data.position()) >= b.acknowledgedUpTo()) {
                return true;
            }
        }
        return false;
    }
}
