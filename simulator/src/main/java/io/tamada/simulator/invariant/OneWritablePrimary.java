package io.tamada.simulator.invariant;

import io.tamada.simulator.world.Branch;
import io.tamada.simulator.world.Machine;
import io.tamada.simulator.world.PostgresServer;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// At no instant do two nodes both accept writes, when the guard is on: design invariant 1.
///
/// Two views of it: no server becomes writable while another is, and no server acknowledges
/// anything once a later one has begun to.
public final class OneWritablePrimary extends Watching {

    private final Set<Branch> superseded = new LinkedHashSet<>();
    private @Nullable Branch current;

    public OneWritablePrimary(Judgement judgement) {
        super(judgement);
    }

    @Override
    public void becameWritable(PostgresServer server) {
        if (judgement().isPaused()) {
            return;
        }
        for (Machine other : world().machines()) {
            if (other != server.machine() && other.postgres().isWritable()) {
                violated(
                        server.machine().name()
                                + " became writable while "
                                + other.name()
                                + " still is");
            }
        }
    }

    @Override
    public void acknowledged(PostgresServer server, Branch branch, long position) {
        if (branch == current) {
            return;
        }
        if (superseded.contains(branch)) {
            if (!judgement().isPaused()) {
                violated(
                        server.machine().name()
                                + " acknowledged a commit on "
                                + branch
                                + " after another server had begun to on "
                                + current);
            }
            return;
        }
        if (current != null) {
            superseded.add(current);
        }
        current = branch;
    }
}
