package io.tamada.rest;

import io.tamada.ha.HaStatus;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.LeaderKey;
import io.tamada.ha.model.Lsn;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a member is doing at this moment, for a screen that follows it: its lease as it runs, its
/// task, its last decision. Pure.
final class LiveJson {

    private LiveJson() {}

    static Map<String, @Nullable Object> of(HaStatus status, Instant wall, long now) {
        Map<String, @Nullable Object> doc = new LinkedHashMap<>();
        doc.put("at", Timestamps.iso(wall));
        doc.put("scope", status.scope());
        doc.put("name", status.member().name().value());
        doc.put("state", StatusFacts.state(status));
        doc.put("role", StatusFacts.role(status).text());
        Lsn position = StatusFacts.position(status);
        doc.put("lsn", position.isZero() ? null : position.toString());
        doc.put("leader", leader(status.view()));
        doc.put("paused", status.settings().paused());
        doc.put("lease", lease(status, now));
        Map<String, @Nullable Object> store = new LinkedHashMap<>();
        store.put("reachable", status.storeReachable());
        store.put("age_ms", status.view() == null ? null : millis(now - status.viewAtNanos()));
        doc.put("store", store);
        doc.put("task", status.task());
        doc.put("task_detail", status.taskDetail());
        doc.put("rule", status.rule());
        doc.put("decision", status.decision());
        doc.put("failsafe_active", status.failsafeActive());
        doc.put("watchdog_failed", status.watchdogFailed());
        doc.put("version", ProductVersion.OWN);
        return doc;
    }

    /// What is left of the lease; null when this member doesn't hold it.
    private static @Nullable Map<String, Object> lease(HaStatus status, long now) {
        Long edge = status.leaseEdgeNanos();
        return edge == null
                ? null
                : Map.of(
                        "remaining_ms", Math.max(0, millis(edge - now)),
                        "ttl_ms", status.settings().timings().ttl().toMillis());
    }

    private static @Nullable String leader(@Nullable ClusterView view) {
        return view != null && view.leader() instanceof LeaderKey.HeldBy(var name, _, _)
                ? name.value()
                : null;
    }

    private static long millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis();
    }
}
