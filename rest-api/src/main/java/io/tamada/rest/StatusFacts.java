package io.tamada.rest;

import io.tamada.ha.HaStatus;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.PostgresState;

/// What several answers read out of a status alike. Pure.
final class StatusFacts {

    private StatusFacts() {}

    /// The state word; `unknown` for a server that lives and can't be asked.
    static String state(HaStatus status) {
        return status.postgres() instanceof LocalPostgres.Unresponsive
                        && status.state() == PostgresState.RUNNING
                ? "unknown"
                : status.state().text();
    }

    static boolean isRunning(HaStatus status) {
        return status.state() == PostgresState.RUNNING
                && !(status.postgres() instanceof LocalPostgres.Unresponsive);
    }

    /// What the server itself says where it answered, else what the engine takes it for.
    static MemberRole role(HaStatus status) {
        return switch (status.postgres()) {
            case LocalPostgres.Primary _ -> MemberRole.PRIMARY;
            case LocalPostgres.Standby _ ->
                    status.settings().isStandbyCluster() ? status.role() : MemberRole.REPLICA;
            case LocalPostgres.NoData _,
                    LocalPostgres.Stopped _,
                    LocalPostgres.Starting _,
                    LocalPostgres.Stopping _,
                    LocalPostgres.Unresponsive _ ->
                    status.role();
        };
    }

    static boolean hasRole(HaStatus status, MemberRole role) {
        return role(status) == role;
    }

    /// A replica that `/sync` lists, by a view that is fresh and in a mode that is synchronous.
    static boolean isListedInSync(HaStatus status, long now) {
        ClusterView view = status.view();
        return view != null
                && status.isViewFreshAt(now)
                && status.postgres() instanceof LocalPostgres.Standby
                && hasRole(status, MemberRole.REPLICA)
                && status.settings().replication().isSynchronous()
                && view.sync().value().lists(status.member().name());
    }

    static boolean isSyncStandby(HaStatus status, long now) {
        return !status.settings().replication().isQuorum() && isListedInSync(status, now);
    }

    static boolean isQuorumStandby(HaStatus status, long now) {
        return status.settings().replication().isQuorum() && isListedInSync(status, now);
    }

    /// How far the leader is, as far as this member knows; zero when it doesn't.
    static Lsn clusterPosition(HaStatus status, long now) {
        ClusterView view = status.view();
        Lsn published =
                view != null && status.isViewFreshAt(now) ? view.status().optime() : Lsn.ZERO;
        return status.postgres() instanceof LocalPostgres.Standby standby
                        && standby.sourceEnd() != null
                ? Lsn.max(published, standby.sourceEnd())
                : published;
    }

    /// Up to where the server shows what was written; zero when it doesn't answer.
    static Lsn position(HaStatus status) {
        return switch (status.postgres()) {
            case LocalPostgres.Primary primary -> primary.position();
            case LocalPostgres.Standby standby -> standby.replayed();
            case LocalPostgres.NoData _,
                    LocalPostgres.Stopped _,
                    LocalPostgres.Starting _,
                    LocalPostgres.Stopping _,
                    LocalPostgres.Unresponsive _ ->
                    Lsn.ZERO;
        };
    }

    /// Nobody holds the lease, or it is too long ago that the store said who does.
    static boolean isUnlocked(HaStatus status, long now) {
        ClusterView view = status.view();
        return view == null || !status.isViewFreshAt(now) || view.isLeaderless();
    }
}
