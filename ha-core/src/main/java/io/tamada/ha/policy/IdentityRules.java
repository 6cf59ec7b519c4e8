package io.tamada.ha.policy;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.Initialization;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.SystemId;
import io.tamada.ha.port.PostgresTask;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Does the local data belong to this cluster?
final class IdentityRules {

    private static final PostgresTask STOP =
            new PostgresTask.Stop(
                    PostgresTask.Stop.Mode.FAST,
                    false,
                    Duration.ofSeconds(60),
                    PostgresTask.Stop.Reason.SHUTDOWN);

    @Nullable Decision decide(Deliberation d, ClusterView view) {
        SystemId local = d.seen.postgres().systemId();
        if (local == null) {
            return d.seen.postgres() instanceof LocalPostgres.Stopped ? broken(d) : null;
        }
        return switch (view.initialization()) {
            case Initialization.Done(SystemId cluster) when cluster.equals(local) -> null;
            case Initialization.Done(SystemId cluster) -> foreign(d, local, cluster);
            case Initialization.Absent() -> unclaimed(d, view, local, Precondition.absent());
            case Initialization.InProgress(), Initialization.Unreadable _ ->
                    unclaimed(d, view, local, Precondition.whatever());
        };
    }

    /// Nothing can be started on it, so that somebody else has to lead.
    private static Decision broken(Deliberation d) {
        return d.seen.lease() != null && d.notYet(Rule.RELEASE_BROKEN_DATA)
                ? d.release(Rule.RELEASE_BROKEN_DATA, null)
                : d.hold(Rule.DATA_BROKEN);
    }

    private static @Nullable Decision foreign(Deliberation d, SystemId local, SystemId cluster) {
        if (!d.paused()) {
            boolean tried = d.seen.task() instanceof TaskView.Ended(PostgresTask.Stop _, _);
            if (d.seen.postgres().isUp() && !tried) {
                return d.begin(Rule.STOP_FOREIGN, STOP, local, cluster);
            }
            return d.seen.lease() != null && d.notYet(Rule.FOREIGN_LEADER)
                    ? d.release(Rule.FOREIGN_LEADER, null)
                    : d.said(new Decision.Exit(Rule.FOREIGN_DATA, 1), local, cluster);
        }
        d.because("the local system identifier " + local + " is not the cluster's " + cluster);
        return d.seen.lease() != null && d.notYet(Rule.FOREIGN_LEADER)
                ? d.release(Rule.FOREIGN_LEADER, null)
                : null;
    }

    /// A primary's agent has to come first: a standby that claimed the cluster could elect itself
    /// over it.
    private static @Nullable Decision unclaimed(
            Deliberation d, ClusterView view, SystemId local, Precondition when) {
        boolean standby = d.seen.postgres() instanceof LocalPostgres.Standby;
        if (standby && view.isLeaderless() && !d.paused() && d.memory.lastHealthy == null) {
            return d.said(new Decision.Exit(Rule.PRIMARY_FIRST, 1));
        }
        boolean mine = d.seen.lease() != null || view.isLeaderless();
        if (mine && d.notYet(Rule.CLAIM_CLUSTER)) {
            return d.write(Rule.CLAIM_CLUSTER, new DcsEntry.Initialize(local), when, local);
        }
        return null;
    }
}
