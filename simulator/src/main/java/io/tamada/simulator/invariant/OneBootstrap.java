package io.tamada.simulator.invariant;

import io.tamada.ha.model.SystemId;
import io.tamada.simulator.world.Branch;
import io.tamada.simulator.world.DataDirectory;
import io.tamada.simulator.world.PostgresServer;
import org.jspecify.annotations.Nullable;

/// A cluster is born once: acknowledged commits carry one system identifier, which `/initialize`
/// names from then on.
public final class OneBootstrap extends Watching {

    private @Nullable SystemId born;

    public OneBootstrap(Judgement judgement) {
        super(judgement);
        world().store().observe(this::storeChanged);
    }

    /// While `/initialize` names no cluster, a member with an empty disk may begin another one.
    private void storeChanged(String key, @Nullable String value) {
        SystemId cluster = born;
        if (cluster != null && key.equals("initialize") && !cluster.value().equals(value)) {
            violated(
                    "/initialize became "
                            + (value == null ? "absent" : "'" + value + "'")
                            + ", but the cluster is "
                            + cluster);
        }
    }

    @Override
    public void acknowledged(PostgresServer server, Branch branch, long position) {
        DataDirectory data = server.disk();
        if (data == null) {
            return;
        }
        if (born == null) {
            // Clients may write before the bootstrap is complete, and a failed one is discarded.
            if (world().store().value("leader") != null) {
                born = data.systemId();
            }
        } else if (!born.equals(data.systemId())) {
            violated(
                    server.machine().name()
                            + " takes writes for system "
                            + data.systemId()
                            + ", but the cluster is "
                            + born);
        }
    }
}
