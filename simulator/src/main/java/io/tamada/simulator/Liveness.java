package io.tamada.simulator;

import io.tamada.simulator.fault.Operators;
import io.tamada.simulator.invariant.Judgement;
import io.tamada.simulator.world.Clients;
import io.tamada.simulator.world.DataDirectory;
import io.tamada.simulator.world.Machine;
import io.tamada.simulator.world.PostgresServer;
import io.tamada.simulator.world.World;
import org.jspecify.annotations.Nullable;

/// Whether the cluster is well again: a leader that takes writes, and everybody else streaming.
/// Design invariant 5.
final class Liveness {

    private static final long SECOND = 1_000_000_000L;

    private final World world;
    private final Clients clients;
    private final Judgement judgement;
    private final Operators operators;
    private final ClusterSetup setup;
    private long since;
    private boolean helped;

    Liveness(
            World world,
            Clients clients,
            Judgement judgement,
            Operators operators,
            ClusterSetup setup) {
        this.world = world;
        this.clients = clients;
        this.judgement = judgement;
        this.operators = operators;
        this.setup = setup;
    }

    /// From now on nothing is wrong any more.
    void begin() {
        since = world.scheduler().nowNanos();
        helped = false;
    }

    boolean hasLeader() {
        return leader() != null;
    }

    boolean isWell() {
        help();
        return hasLeader()
                && world.scheduler().nowNanos() - clients.lastAcknowledgedNanos() < 3 * SECOND
                && clients.lastAcknowledgedNanos() > since
                && world.machines().stream()
                        .allMatch(m -> m.postgres().isWritable() || m.postgres().isStreaming());
    }

    /// Where neither rewind nor the options let a member help itself, people clone it again.
    private void help() {
        long sinceNanos = world.scheduler().nowNanos() - since;
        if (helped
                || setup.divergedMayGo()
                || sinceNanos < (60 + 3L * setup.ttlSeconds()) * SECOND) {
            return;
        }
        Machine leader = leader();
        if (leader != null) {
            helped = true;
            for (Machine m : world.machines()) {
                if (!m.postgres().isStreaming()
                        && isBeyondRewind(m.postgres(), leader.postgres())) {
                    operators.reinitialize(m);
                }
            }
        }
    }

    private boolean isBeyondRewind(PostgresServer server, PostgresServer leader) {
        DataDirectory mine = server.disk();
        DataDirectory theirs = leader.disk();
        if (mine == null
                || theirs == null
                || theirs.branch().contains(theirs.position(), mine.branch(), mine.position())) {
            return false;
        }
        // pg_rewind goes by numbers: it takes another branch of the same number for its own.
        return !setup.useRewind()
                || theirs.branch().lineage().stream()
                        .anyMatch(b ->
                                b.timeline() == mine.branch().timeline() && b != mine.branch());
    }

    private @Nullable Machine leader() {
        String leader = world.store().value("leader");
        Machine machine = leader == null ? null : world.machine(leader);
        return machine != null && machine.postgres().isWritable() ? machine : null;
    }

    String whatIsMissing() {
        StringBuilder text = new StringBuilder(hasLeader() ? "" : "nobody leads; ");
        text.append("leader key ").append(world.store().value("leader"));
        text.append(", last acknowledged write at ")
                .append(clients.lastAcknowledgedNanos() / SECOND)
                .append(" s");
        for (Machine m : world.machines()) {
            PostgresServer p = m.postgres();
            text.append("; ")
                    .append(m.name())
                    .append(": ")
                    .append(m.agent() == null ? "no agent, " : "");
            text.append(p.phase()).append(p.isStreaming() ? ", streams" : "");
            if (p.disk() == null) {
                text.append(", no data");
            } else {
                text.append(" on ")
                        .append(p.disk().branch())
                        .append(" at ")
                        .append(p.disk().position());
            }
        }
        return text + "; violations " + judgement.violations().size();
    }
}
