package io.tamada.rest;

import io.tamada.ha.HaStatus;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.PendingRestart;
import io.tamada.ha.model.RestartFilter;
import io.tamada.ha.model.ScheduledRestart;
import io.tamada.ha.model.WalSender;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The status document: what a member says about itself, and what peers judge it by. Pure.
final class StatusJson {

    /// So many records of the log may wait without being worth a word.
    private static final int QUEUE_USUAL = 2;

    private StatusJson() {}

    /// The document as a tree, keys in the order that is published.
    static Map<String, @Nullable Object> of(HaStatus status, HostProgram program, long now) {
        Map<String, @Nullable Object> doc = new LinkedHashMap<>();
        doc.put("state", StatusFacts.state(status));
        switch (status.postgres()) {
            case LocalPostgres.Primary primary ->
                    running(doc, status, primary.server(), primary(primary), now);
            case LocalPostgres.Standby standby ->
                    running(doc, status, standby.server(), standby(standby), now);
            case LocalPostgres.NoData _,
                    LocalPostgres.Stopped _,
                    LocalPostgres.Starting _,
                    LocalPostgres.Stopping _,
                    LocalPostgres.Unresponsive _ ->
                    doc.put("role", StatusFacts.role(status).text());
        }
        flag(doc, "pause", status.settings().paused());
        flag(doc, "cluster_unlocked", StatusFacts.isUnlocked(status, now));
        flag(doc, "failsafe_mode_is_active", status.failsafeActive());
        Instant seen = status.storeSeenAt();
        doc.put("dcs_last_seen", seen == null ? 0 : seen.getEpochSecond());
        if (!status.tags().all().isEmpty()) {
            doc.put("tags", status.tags().all());
        }
        if (status.systemId() != null) {
            doc.put("database_system_identifier", status.systemId().value());
        }
        if (status.pendingRestart().isPending()) {
            doc.put("pending_restart", true);
            doc.put("pending_restart_reason", reasons(status.pendingRestart()));
        }
        doc.put("patroni", software(status));
        ScheduledRestart scheduled = status.scheduledRestart();
        if (scheduled != null) {
            doc.put("scheduled_restart", scheduled(scheduled));
        }
        flag(doc, "watchdog_failed", status.watchdogFailed());
        log(doc, program);
        doc.put("tamada", own(status));
        return doc;
    }

    private static void running(
            Map<String, @Nullable Object> doc,
            HaStatus status,
            LocalPostgres.Server server,
            Map<String, @Nullable Object> xlog,
            long now) {
        doc.put("postmaster_start_time", Timestamps.spaced(server.postmasterStart()));
        doc.put("role", StatusFacts.role(status).text());
        doc.put("server_version", server.version());
        doc.put("xlog", xlog);
        flag(doc, "sync_standby", StatusFacts.isSyncStandby(status, now));
        flag(doc, "quorum_standby", StatusFacts.isQuorumStandby(status, now));
        doc.put("timeline", server.timeline() == null ? null : server.timeline().value());
        if (status.postgres() instanceof LocalPostgres.Standby standby
                && standby.replicationState() != null) {
            doc.put("replication_state", standby.replicationState());
        }
        if (!server.senders().isEmpty()) {
            doc.put("replication", server.senders().stream().map(StatusJson::sender).toList());
        }
    }

    private static Map<String, @Nullable Object> primary(LocalPostgres.Primary primary) {
        Map<String, @Nullable Object> xlog = new LinkedHashMap<>();
        xlog.put("location", primary.position().value());
        return xlog;
    }

    private static Map<String, @Nullable Object> standby(LocalPostgres.Standby standby) {
        Lsn received = standby.received().isZero() ? standby.replayed() : standby.received();
        Map<String, @Nullable Object> xlog = new LinkedHashMap<>();
        xlog.put("received_location", received.value());
        xlog.put("replayed_location", standby.replayed().value());
        xlog.put(
                "replayed_timestamp",
                standby.replayedAt() == null ? null : Timestamps.spaced(standby.replayedAt()));
        xlog.put("paused", standby.replayPaused());
        return xlog;
    }

    private static Map<String, @Nullable Object> sender(WalSender sender) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("usename", sender.user());
        result.put("application_name", sender.applicationName());
        result.put("client_addr", sender.clientAddress());
        result.put("state", sender.state());
        result.put("sync_state", sender.syncState());
        result.put("sync_priority", sender.syncPriority());
        return result;
    }

    /// Only what is unusual.
    private static void log(Map<String, @Nullable Object> doc, HostProgram program) {
        int queued = program.logQueueSize();
        if (queued > QUEUE_USUAL) {
            doc.put("logger_queue_size", queued);
        }
        long lost = program.logRecordsLost();
        if (lost > 0) {
            doc.put("logger_records_lost", lost);
        }
    }

    private static Map<String, Object> software(HaStatus status) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("version", ProductVersion.COMPATIBLE);
        result.put("scope", status.scope());
        result.put("name", status.member().name().value());
        return result;
    }

    /// What only this software says, apart from what all members say.
    private static Map<String, @Nullable Object> own(HaStatus status) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("version", ProductVersion.OWN);
        result.put("rule", status.rule());
        result.put("decision", status.decision());
        if (status.alarm() != null) {
            result.put("alarm", status.alarm());
        }
        if (status.generation() != null) {
            result.put("lease_generation", status.generation());
        }
        if (status.task() != null) {
            result.put("task", status.task());
            if (status.taskDetail() != null) {
                result.put("task_detail", status.taskDetail());
            }
        }
        if (!status.settings().problems().isEmpty()) {
            result.put("configuration_problems", List.copyOf(status.settings().problems()));
        }
        return result;
    }

    static Map<String, Object> reasons(PendingRestart pending) {
        Map<String, Object> result = new LinkedHashMap<>();
        pending.reasons()
                .forEach((setting, change) -> {
                    Map<String, Object> values = new LinkedHashMap<>();
                    values.put("old_value", change.oldValue());
                    values.put("new_value", change.newValue());
                    result.put(setting, values);
                });
        return result;
    }

    /// A scheduled restart with its conditions, without the server's start time.
    static Map<String, @Nullable Object> scheduled(ScheduledRestart restart) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("schedule", Timestamps.iso(restart.at()));
        RestartFilter filter = restart.filter();
        if (filter.role() != null) {
            result.put("role", filter.role().text());
        }
        if (filter.belowVersion() != null) {
            result.put("postgres_version", filter.belowVersion());
        }
        if (filter.timeout() != null) {
            result.put("timeout", filter.timeout().toSeconds());
        }
        flag(result, "restart_pending", filter.onlyPending());
        return result;
    }

    /// Some keys are there only when they are true.
    private static void flag(Map<String, @Nullable Object> doc, String key, boolean value) {
        if (value) {
            doc.put(key, true);
        }
    }
}
