package io.tamada.ha;

import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.MemberSettings;
import io.tamada.ha.model.PendingRestart;
import io.tamada.ha.model.PostgresState;
import io.tamada.ha.model.ScheduledRestart;
import io.tamada.ha.model.SystemId;
import io.tamada.ha.model.Tags;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an agent knew and did at the end of its last turn: one immutable snapshot for REST, metrics
/// and embedders.
///
/// Readings named `…Nanos` are of the agent's [io.tamada.ha.time.TimeSource].
///
/// @param scope the cluster's name
/// @param member this member's configuration
/// @param tags the tags in force, with those that a running restart lays over them
/// @param settings the dynamic configuration in force
/// @param view what the store last said; null before the first contact
/// @param viewAtNanos when that was
/// @param storeSeenAt the same on the wall; null before the first contact
/// @param storeReachable the last read was answered
/// @param postgres the last look at PostgreSQL
/// @param state the word to publish
/// @param role the word to publish
/// @param systemId null while unknown
/// @param leaseEdgeNanos until when this member may believe that it leads; null when it doesn't
/// @param failsafeActive a primary that goes on by consent, or a standby that gave it, while the
///   store is silent
/// @param watchdogFailed a watchdog is required and can't be had
/// @param alarm what this member can't mend by itself, with what to do; null when there is nothing
/// @param generation the lease after whose end our WAL receiver was stopped, so that our position
///   is final; null while it may still grow
/// @param task title of the running task; null when none
/// @param taskDetail how far it is
/// @param rule the rule that decided last
/// @param decision that decision in words
/// @param turnAtNanos when the last turn ended
/// @param nextTurnNanos when the next one begins at the latest
/// @param decisionsByRule how often each rule decided since the start
public record HaStatus(
        String scope,
        MemberSettings member,
        Tags tags,
        ClusterSettings settings,
        @Nullable ClusterView view,
        long viewAtNanos,
        @Nullable Instant storeSeenAt,
        boolean storeReachable,
        LocalPostgres postgres,
        PostgresState state,
        MemberRole role,
        @Nullable SystemId systemId,
        PendingRestart pendingRestart,
        @Nullable ScheduledRestart scheduledRestart,
        @Nullable Long leaseEdgeNanos,
        boolean failsafeActive,
        boolean watchdogFailed,
        @Nullable String alarm,
        @Nullable String generation,
        @Nullable String task,
        @Nullable String taskDetail,
        String rule,
        String decision,
        long turnAtNanos,
        long nextTurnNanos,
        Map<String, Long> decisionsByRule) {

    public HaStatus {
        decisionsByRule = Map.copyOf(decisionsByRule);
    }

    /// True while this member holds the leader lease, or leads by consent of the others, at a
    /// reading of the clock.
    public boolean isLeaderAt(long nowNanos) {
        return leaseEdgeNanos != null && leaseEdgeNanos - nowNanos > 0;
    }

    /// True while what the store last said is no older than the ttl.
    public boolean isViewFreshAt(long nowNanos) {
        return view != null && nowNanos - viewAtNanos < settings.timings().ttl().toNanos();
    }
}
