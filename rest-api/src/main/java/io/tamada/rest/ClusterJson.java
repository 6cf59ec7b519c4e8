package io.tamada.rest;

import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.LeaderKey;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.TimelineHistory;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The cluster as one document, for people and tools. Pure.
final class ClusterJson {

    private static final int POSTGRES_PORT = 5432;

    private ClusterJson() {}

    static Map<String, @Nullable Object> of(
            String scope, ClusterView view, ClusterSettings settings) {
        Map<String, @Nullable Object> doc = new LinkedHashMap<>();
        doc.put(
                "members",
                view.members().values().stream()
                        .map(member -> member(member, view, settings))
                        .toList());
        if (settings.paused()) {
            doc.put("pause", true);
        }
        if (view.failover() != null
                && view.failover().value() instanceof FailoverRequest.Switchover request
                && request.scheduledAt() != null) {
            doc.put("scheduled_switchover", scheduled(request, request.scheduledAt()));
        }
        doc.put("scope", scope);
        return doc;
    }

    private static Map<String, @Nullable Object> scheduled(
            FailoverRequest.Switchover request, FailoverRequest.Schedule at) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("at", Timestamps.isoOrAsWritten(at.text()));
        result.put("from", request.leader().value());
        if (request.candidate() != null) {
            result.put("to", request.candidate().value());
        }
        return result;
    }

    private static Map<String, @Nullable Object> member(
            MemberStatus member, ClusterView view, ClusterSettings settings) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        String role = role(member, view, settings);
        String streaming = member.replicationState();
        result.put("name", member.name().value());
        result.put("role", role);
        result.put(
                "state",
                role.equals("leader") || streaming == null || streaming.isEmpty()
                        ? member.state()
                        : streaming);
        result.put("api_url", member.apiUrl());
        address(result, member.connUrl());
        if (member.timeline() != null) {
            result.put("timeline", member.timeline().value());
        }
        if (member.isRestartPending()) {
            result.put("pending_restart", true);
        }
        if (member.pendingRestart().isPending()) {
            result.put("pending_restart_reason", StatusJson.reasons(member.pendingRestart()));
        }
        if (member.scheduledRestart() != null) {
            Map<String, @Nullable Object> restart = StatusJson.scheduled(member.scheduledRestart());
            var start = member.scheduledRestart().postmasterStart();
            restart.put("postmaster_start_time", start == null ? null : Timestamps.spaced(start));
            result.put("scheduled_restart", restart);
        }
        if (!member.tags().all().isEmpty()) {
            result.put("tags", member.tags().all());
        }
        if (!view.leader().isHeldBy(member.name())) {
            Lsn leader = view.status().optime();
            position(result, "receive_", member.received(), leader);
            position(result, "replay_", member.replayed(), leader);
            position(result, "", member.position(), leader);
        }
        return result;
    }

    private static String role(MemberStatus member, ClusterView view, ClusterSettings settings) {
        if (view.leader() instanceof LeaderKey.HeldBy(var holder, _, _)
                && holder.equals(member.name())) {
            return settings.isStandbyCluster() ? "standby_leader" : "leader";
        }
        if (settings.replication().isSynchronous() && view.sync().value().lists(member.name())) {
            return settings.replication().isQuorum() ? "quorum_standby" : "sync_standby";
        }
        return "replica";
    }

    private static void address(Map<String, @Nullable Object> result, @Nullable String connUrl) {
        if (connUrl == null) {
            return;
        }
        try {
            URI url = new URI(connUrl);
            String host = url.getHost();
            if (host != null) {
                result.put(
                        "host", host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
                result.put("port", url.getPort() < 0 ? POSTGRES_PORT : url.getPort());
            }
        } catch (URISyntaxException e) {
            // A member may publish what we can't read; it is shown without an address.
        }
    }

    private static void position(
            Map<String, @Nullable Object> result,
            String prefix,
            @Nullable Lsn position,
            Lsn leader) {
        if (position == null || position.isZero()) {
            result.put(prefix + "lag", "unknown");
            result.put(prefix + "lsn", "unknown");
        } else {
            result.put(prefix + "lag", Math.max(0, leader.minus(position)));
            result.put(prefix + "lsn", position.toString());
        }
    }

    /// The history of timelines, oldest first.
    static List<List<Object>> history(@Nullable TimelineHistory history) {
        List<List<Object>> result = new ArrayList<>();
        if (history != null) {
            for (TimelineHistory.Switch s : history.switches()) {
                List<Object> line =
                        new ArrayList<>(List.of(s.parent().value(), s.at().value(), s.reason()));
                if (s.time() != null) {
                    line.add(s.time());
                    if (s.newLeader() != null) {
                        line.add(s.newLeader());
                    }
                }
                result.add(line);
            }
        }
        return result;
    }
}
