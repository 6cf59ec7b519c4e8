package io.tamada.rest;

import io.tamada.ha.HaStatus;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.PostgresState;
import io.tamada.ha.model.Values;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Status and question to answer code: 200 for yes, 503 for no. Pure.
final class HealthCodes {

    static final int YES = 200;
    static final int NO = 503;

    private static final String TAG_PREFIX = "tag_";

    private HealthCodes() {}

    /// @param query names to first values
    /// @param now reading of the clock that the status was made by
    static int code(HealthCheck check, Map<String, String> query, HaStatus status, long now) {
        boolean yes =
                holds(check, query, status, now)
                        && (!check.honoursTags() || tagsMatch(query, status));
        return yes ? YES : NO;
    }

    private static boolean holds(
            HealthCheck check, Map<String, String> query, HaStatus status, long now) {
        return switch (check) {
            case PRIMARY -> isPrimary(status, now);
            case LEADER -> isLeader(status, now);
            case STANDBY_LEADER -> isStandbyLeader(status, now);
            case REPLICA -> isReplica(query, status, now);
            case READ_ONLY ->
                    isPrimaryOrStandbyLeader(status, now) || isReplica(query, status, now);
            case SYNC -> StatusFacts.isSyncStandby(status, now) && isReplica(query, status, now);
            case QUORUM ->
                    StatusFacts.isQuorumStandby(status, now) && isReplica(query, status, now);
            case ASYNC ->
                    status.isViewFreshAt(now)
                            && !StatusFacts.isListedInSync(status, now)
                            && isReplica(query, status, now);
            case READ_ONLY_SYNC ->
                    status.isViewFreshAt(now)
                            && (isPrimaryOrStandbyLeader(status, now)
                                    || (StatusFacts.isSyncStandby(status, now)
                                            && isReplica(query, status, now)));
            case READ_ONLY_QUORUM ->
                    status.isViewFreshAt(now)
                            && (isPrimaryOrStandbyLeader(status, now)
                                    || (StatusFacts.isQuorumStandby(status, now)
                                            && isReplica(query, status, now)));
            case HEALTH -> StatusFacts.isRunning(status) && isTurning(status, now);
        };
    }

    /// While the store is silent and the cluster is paused nobody renews anything: what the server
    /// is decides.
    private static boolean judgedByRole(HaStatus status, long now) {
        return !status.isViewFreshAt(now) && status.settings().paused();
    }

    static boolean isLeader(HaStatus status, long now) {
        return judgedByRole(status, now)
                ? StatusFacts.hasRole(status, MemberRole.PRIMARY)
                        || StatusFacts.hasRole(status, MemberRole.STANDBY_LEADER)
                : status.isLeaderAt(now);
    }

    /// Holding the lease is not enough while the server is certain not to accept writes: crashed,
    /// restarting, or not promoted yet. One that merely doesn't answer our own question in time
    /// counts as a primary.
    static boolean isPrimary(HaStatus status, long now) {
        if (judgedByRole(status, now)) {
            return StatusFacts.hasRole(status, MemberRole.PRIMARY);
        }
        return status.isLeaderAt(now)
                && !status.settings().isStandbyCluster()
                && switch (status.postgres()) {
                    case LocalPostgres.Primary _ -> true;
                    case LocalPostgres.Unresponsive u -> u.wasPrimary();
                    case LocalPostgres.NoData _,
                            LocalPostgres.Stopped _,
                            LocalPostgres.Starting _,
                            LocalPostgres.Stopping _,
                            LocalPostgres.Standby _ ->
                            false;
                };
    }

    static boolean isStandbyLeader(HaStatus status, long now) {
        if (judgedByRole(status, now)) {
            return StatusFacts.hasRole(status, MemberRole.STANDBY_LEADER);
        }
        return status.isLeaderAt(now)
                && status.settings().isStandbyCluster()
                && (StatusFacts.hasRole(status, MemberRole.REPLICA)
                        || StatusFacts.hasRole(status, MemberRole.STANDBY_LEADER));
    }

    private static boolean isPrimaryOrStandbyLeader(HaStatus status, long now) {
        return isPrimary(status, now) || isStandbyLeader(status, now);
    }

    private static boolean isReplica(Map<String, String> query, HaStatus status, long now) {
        if (status.tags().noLoadBalance()
                || !(status.postgres() instanceof LocalPostgres.Standby standby)
                || !StatusFacts.hasRole(status, MemberRole.REPLICA)
                || !StatusFacts.isRunning(status)
                || !isTurning(status, now)
                || (status.settings().isStandbyCluster() && status.isLeaderAt(now))) {
            return false;
        }
        String wanted = query.get("replication_state");
        return (wanted == null || wanted.equals(standby.replicationState()))
                && hasReplayed(query.get("min_lsn"), standby)
                && !isLagging(query, standby, status, now);
    }

    /// Read your own writes: a client that has seen this position must find it here as well.
    private static boolean hasReplayed(@Nullable String position, LocalPostgres.Standby standby) {
        if (position == null) {
            return true;
        }
        try {
            Lsn wanted =
                    position.indexOf('/') < 0
                            ? Lsn.of(Long.parseLong(position))
                            : Lsn.parse(position);
            return !standby.replayed().isBefore(wanted);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// The snapshot is young enough to speak for the server: an engine that doesn't turn any more
    /// would say "running" for ever.
    private static boolean isTurning(HaStatus status, long now) {
        return status.nextTurnNanos() + 2 * status.settings().timings().ttl().toNanos() - now > 0;
    }

    private static boolean isLagging(
            Map<String, String> query, LocalPostgres.Standby standby, HaStatus status, long now) {
        String limit = query.get("lag");
        Lsn known = StatusFacts.clusterPosition(status, now);
        if (limit == null || known.isZero()) {
            return false;
        }
        long allowed = Values.bytes(limit).orElse(Long.MAX_VALUE);
        return known.minus(standby.replayed()) > allowed;
    }

    private static boolean tagsMatch(Map<String, String> query, HaStatus status) {
        for (Map.Entry<String, String> e : query.entrySet()) {
            if (e.getKey().startsWith(TAG_PREFIX)) {
                Object tag = status.tags().all().get(e.getKey().substring(TAG_PREFIX.length()));
                if (tag == null
                        || !(tag instanceof String s ? s : tag.toString().toLowerCase(Locale.ROOT))
                                .equals(e.getValue())) {
                    return false;
                }
            }
        }
        return true;
    }

    /// The engine turns, or is paused and need not.
    static int liveness(HaStatus status, long now) {
        if (status.settings().paused()) {
            return YES;
        }
        long ttl = status.settings().timings().ttl().toNanos();
        boolean runningPrimary =
                StatusFacts.hasRole(status, MemberRole.PRIMARY)
                        && status.state() == PostgresState.RUNNING;
        return status.nextTurnNanos() + (runningPrimary ? ttl : 2 * ttl) - now > 0 ? YES : NO;
    }

    /// Leads, or streams and isn't far behind.
    static int readiness(Map<String, String> query, HaStatus status, long now) {
        if (status.isLeaderAt(now)) {
            return YES;
        }
        if (!(status.postgres() instanceof LocalPostgres.Standby standby)
                || !StatusFacts.isRunning(status)
                || !standby.isStreaming()) {
            return NO;
        }
        Lsn known = StatusFacts.clusterPosition(status, now);
        if (!status.isViewFreshAt(now) && known.isZero()) {
            return status.failsafeActive() ? YES : NO;
        }
        Lsn here = "write".equals(query.get("mode")) ? standby.received() : standby.replayed();
        String limit = query.get("lag");
        long fallback = status.settings().maximumLagOnFailover();
        long allowed = limit == null ? fallback : Values.bytes(limit).orElse(fallback);
        return known.minus(here) <= allowed ? YES : NO;
    }
}
