package io.tamada.rest;

import io.tamada.ha.HaStatus;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.FailsafeMode;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.PostgresState;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The metrics page in the text format that Prometheus reads. Pure.
final class MetricsText {

    private static final String STATES =
            "# Values: 0=initdb, 1=initdb_failed, 2=custom_bootstrap,"
                    + " 3=custom_bootstrap_failed, 4=creating_replica, 5=running, 6=starting, 7=bootstrap_starting, 8=start_failed,"
                    + " 9=restarting, 10=restart_failed, 11=stopping, 12=stopped, 13=stop_failed, 14=crashed";

    private static final List<PostgresState> STATE_ORDER = List.of(PostgresState.values());

    private final StringBuilder out = new StringBuilder(8192);
    private final String labels;
    private final HaStatus status;
    private final long journalEntries;
    private final long now;

    private MetricsText(HaStatus status, long journalEntries, long now) {
        this.status = status;
        this.journalEntries = journalEntries;
        this.now = now;
        this.labels =
                "scope=\""
                        + escaped(status.scope())
                        + "\",name=\""
                        + escaped(status.member().name().value())
                        + "\"";
    }

    /// @param journalEntries the sequence number of the newest one
    static String of(HaStatus status, long journalEntries, long now) {
        MetricsText page = new MetricsText(status, journalEntries, now);
        page.compatible();
        page.own();
        return page.out.toString();
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private void compatible() {
        LocalPostgres.Server server = status.postgres().running();
        LocalPostgres.Standby standby =
                status.postgres() instanceof LocalPostgres.Standby s ? s : null;
        Lsn location =
                status.postgres() instanceof LocalPostgres.Primary p ? p.position() : Lsn.ZERO;
        String streaming = standby == null ? null : standby.replicationState();

        gauge("patroni_version", "Version of the interface, two digits for each part.", padded());
        gauge(
                "patroni_postgres_running",
                "1 if PostgreSQL runs and answers.",
                StatusFacts.isRunning(status));
        gauge(
                "patroni_postmaster_start_time",
                "When PostgreSQL was started, in seconds since 1970.",
                server == null ? "0" : Timestamps.epoch(server.postmasterStart()));
        gauge("patroni_primary", "1 if this member is a primary.", hasRole(MemberRole.PRIMARY));
        counter(
                "patroni_xlog_location",
                "WAL written by the primary, in bytes; 0 on a standby.",
                location.value());
        gauge(
                "patroni_standby_leader",
                "1 if this member leads a standby cluster.",
                hasRole(MemberRole.STANDBY_LEADER));
        gauge("patroni_replica", "1 if this member is a replica.", hasRole(MemberRole.REPLICA));
        gauge(
                "patroni_sync_standby",
                "1 if commits wait for this member.",
                StatusFacts.isSyncStandby(status, now));
        gauge(
                "patroni_quorum_standby",
                "1 if this member is one of those that make the commit quorum.",
                StatusFacts.isQuorumStandby(status, now));
        counter(
                "patroni_xlog_received_location",
                "WAL received by the standby, in bytes; 0 on a primary.",
                standby == null ? 0 : Lsn.max(standby.received(), standby.replayed()).value());
        counter(
                "patroni_xlog_replayed_location",
                "WAL replayed by the standby, in bytes; 0 on a primary.",
                standby == null ? 0 : standby.replayed().value());
        gauge(
                "patroni_xlog_replayed_timestamp",
                "Commit time of the last replayed transaction, in seconds since 1970.",
                standby == null || standby.replayedAt() == null
                        ? "0"
                        : Timestamps.epoch(standby.replayedAt()));
        gauge(
                "patroni_xlog_paused",
                "1 if replay is paused.",
                standby != null && standby.replayPaused());
        gauge(
                "patroni_postgres_streaming",
                "1 if the standby streams.",
                "streaming".equals(streaming));
        gauge(
                "patroni_postgres_in_archive_recovery",
                "1 if the standby reads from the archive.",
                "in archive recovery".equals(streaming));
        gauge(
                "patroni_postgres_server_version",
                "PostgreSQL's version number.",
                server == null ? 0 : server.version());
        gauge(
                "patroni_cluster_unlocked",
                "1 if nobody is known to lead.",
                StatusFacts.isUnlocked(status, now));
        failsafe();
        gauge(
                "patroni_postgres_timeline",
                "PostgreSQL's timeline; 0 when unknown.",
                server == null || server.timeline() == null ? 0 : server.timeline().value());
        gauge(
                "patroni_dcs_last_seen",
                "When the store was last read, in seconds since 1970.",
                status.storeSeenAt() == null ? 0 : status.storeSeenAt().getEpochSecond());
        gauge(
                "patroni_pending_restart",
                "1 if settings wait for a restart.",
                status.pendingRestart().isPending());
        gauge("patroni_is_paused", "1 if automatic failover is off.", status.settings().paused());
        state();
        gauge(
                "patroni_failover_priority",
                "Rank among candidates; 0 for none.",
                status.tags().failoverPriority());
    }

    private void failsafe() {
        ClusterView view = status.view();
        gauge(
                "patroni_failsafe_mode_is_active",
                "1 if this member goes on without the store.",
                status.failsafeActive());
        gauge(
                "patroni_failsafe_mode_enabled",
                "1 if failsafe mode is on.",
                status.settings().failsafe() != FailsafeMode.OFF);
        gauge(
                "patroni_failsafe_member",
                "1 if this member's consent counts.",
                view != null && view.failsafe().containsKey(status.member().name()));
    }

    private void state() {
        head("patroni_postgres_state", "State of PostgreSQL as a number.", STATES, "gauge");
        boolean known = !(status.postgres() instanceof LocalPostgres.Unresponsive) || !isRunning();
        sample(
                "patroni_postgres_state",
                "",
                Integer.toString(known ? STATE_ORDER.indexOf(status.state()) : -1));
    }

    private boolean isRunning() {
        return status.state() == PostgresState.RUNNING;
    }

    private void own() {
        gauge(
                "tamada_store_reachable",
                "1 if the last read of the store was answered.",
                status.storeReachable());
        gauge(
                "tamada_store_age_seconds",
                "Time since the store was last read; -1 before the first time.",
                status.view() == null ? "-1" : seconds(now - status.viewAtNanos()));
        Long edge = status.leaseEdgeNanos();
        gauge(
                "tamada_lease_remaining_seconds",
                "What is left of the leader lease; 0 when this member doesn't hold it.",
                edge == null ? "0" : seconds(Math.max(0, edge - now)));
        gauge(
                "tamada_lease_age_seconds",
                "Time since the leader lease was last renewed; 0 when this member doesn't hold it.",
                edge == null ? "0" : seconds(Math.max(0, now - (edge - ttlNanos()))));
        gauge(
                "tamada_turn_age_seconds",
                "Time since the engine's last turn ended.",
                seconds(now - status.turnAtNanos()));
        gauge(
                "tamada_task_running",
                "1 while long work on PostgreSQL runs.",
                status.task() != null);
        counter(
                "tamada_journal_entries_total",
                "Entries of the journal; turns in a row that end alike are one.",
                journalEntries);
        walGaps();
        head("tamada_decisions_total", "Decisions since the start, by rule.", "", "counter");
        for (Map.Entry<String, Long> e : new TreeMap<>(status.decisionsByRule()).entrySet()) {
            sample(
                    "tamada_decisions_total",
                    ",rule=\"" + escaped(e.getKey()) + "\"",
                    Long.toString(e.getValue()));
        }
    }

    private long ttlNanos() {
        return status.settings().timings().ttl().toNanos();
    }

    /// Nothing while the store is silent: what the members had then says little of now.
    private void walGaps() {
        ClusterView view = status.view();
        if (view == null || !status.isViewFreshAt(now)) {
            return;
        }
        Lsn end = StatusFacts.clusterPosition(status, now);
        head(
                "tamada_member_wal_gap_bytes",
                "WAL of the cluster that a member doesn't have yet, by what it published last.",
                "",
                "gauge");
        view.members()
                .forEach((name, member) -> {
                    Lsn position = member.position();
                    if (position != null) {
                        sample(
                                "tamada_member_wal_gap_bytes",
                                ",member=\"" + escaped(name.value()) + "\"",
                                Long.toString(Math.max(0, end.minus(position))));
                    }
                });
    }

    private static String padded() {
        return ProductVersion.padded(ProductVersion.COMPATIBLE);
    }

    private boolean hasRole(MemberRole role) {
        return StatusFacts.hasRole(status, role);
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.3f", Duration.ofNanos(nanos).toMillis() / 1000.0);
    }

    private void gauge(String name, String help, boolean value) {
        gauge(name, help, value ? "1" : "0");
    }

    private void gauge(String name, String help, long value) {
        gauge(name, help, Long.toString(value));
    }

    private void gauge(String name, String help, String value) {
        head(name, help, "", "gauge");
        sample(name, "", value);
    }

    private void counter(String name, String help, long value) {
        head(name, help, "", "counter");
        sample(name, "", Long.toString(value));
    }

    private void head(String name, String help, String comment, String type) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        if (!comment.isEmpty()) {
            out.append(comment).append('\n');
        }
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void sample(String name, String moreLabels, String value) {
        out.append(name)
                .append('{')
                .append(labels)
                .append(moreLabels)
                .append("} ")
                .append(value)
                .append('\n');
    }
}
