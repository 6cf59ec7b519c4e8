package io.tamada.rest;

import static io.tamada.rest.Statuses.NOW;
import static io.tamada.rest.Statuses.PG0;
import static io.tamada.rest.Statuses.PG1;
import static io.tamada.rest.Statuses.primary;
import static io.tamada.rest.Statuses.primaryServer;
import static io.tamada.rest.Statuses.replica;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.dcs.Json;
import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ClusterStatus;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.model.PendingRestart;
import io.tamada.ha.model.RestartFilter;
import io.tamada.ha.model.ScheduledRestart;
import io.tamada.ha.model.SyncState;
import io.tamada.ha.model.Tags;
import io.tamada.ha.model.Timeline;
import io.tamada.ha.model.TimelineHistory;
import io.tamada.ha.model.WalSender;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DocumentsTest {

    private static final HostProgram QUIET = () -> {};

    private static String withoutOwnPart(String document) {
        int own = document.indexOf(", \"tamada\": ");
        return document.substring(0, own) + "}";
    }

    @Test
    void primaryTellsItsPositionAndItsStandbys() {
        WalSender sender =
                new WalSender(
                        "pg1",
                        "replicator",
                        "127.0.0.1",
                        "streaming",
                        "async",
                        0,
                        null,
                        null,
                        null);
        String document =
                Json.spaced(
                        StatusJson.of(
                                primary()
                                        .tags(Map.of("clonefrom", true))
                                        .postgres(primaryServer(List.of(sender)))
                                        .build(),
                                QUIET,
                                NOW));
        assertThat(withoutOwnPart(document))
                .isEqualTo(
                        """
                        {"state": "running", "postmaster_start_time": "2026-11-23 18:01:43.384040+00:00", "role": "primary", \
                        "server_version": 150018, "xlog": {"location": 50331744}, "timeline": 1, \
                        "replication": [{"usename": "replicator", "application_name": "pg1", "client_addr": "127.0.0.1", \
                        "state": "streaming", "sync_state": "async", "sync_priority": 0}], \
                        "dcs_last_seen": 1795456978, "tags": {"clonefrom": true}, \
                        "database_system_identifier": "7711428675501749787", \
                        "patroni": {"version": "4.1.4", "scope": "batman", "name": "pg0"}}\
                        """);
    }

    @Test
    void standbyTellsWhatItReceivedAndReplayed() {
        String document =
                Json.spaced(
                        StatusJson.of(
                                replica()
                                        .config(Map.of("synchronous_mode", true, "pause", true))
                                        .sync(PG0, List.of(PG1))
                                        .pending(
                                                new PendingRestart(
                                                        Map.of(
                                                                "max_connections",
                                                                new PendingRestart.Change(
                                                                        "100", "200"))))
                                        .scheduled(
                                                new ScheduledRestart(
                                                        new RestartFilter(
                                                                MemberRole.REPLICA,
                                                                "15.4",
                                                                true,
                                                                Duration.ofMinutes(2)),
                                                        Instant.parse("2050-01-01T10:00:00Z"),
                                                        Statuses.STARTED))
                                        .watchdogFailed()
                                        .build(),
                                QUIET,
                                NOW));
        assertThat(withoutOwnPart(document))
                .isEqualTo(
                        """
                        {"state": "running", "postmaster_start_time": "2026-11-23 18:01:43.384040+00:00", "role": "replica", \
                        "server_version": 150018, "xlog": {"received_location": 50331744, "replayed_location": 50331700, \
                        "replayed_timestamp": null, "paused": false}, "sync_standby": true, "timeline": 1, \
                        "replication_state": "streaming", "pause": true, "dcs_last_seen": 1795456978, \
                        "database_system_identifier": "7711428675501749787", "pending_restart": true, \
                        "pending_restart_reason": {"max_connections": {"old_value": "100", "new_value": "200"}}, \
                        "patroni": {"version": "4.1.4", "scope": "batman", "name": "pg1"}, \
                        "scheduled_restart": {"schedule": "2050-01-01T10:00:00+00:00", "role": "replica", \
                        "postgres_version": "15.4", "timeout": 120, "restart_pending": true}, "watchdog_failed": true}\
                        """);
    }

    @Test
    void withoutAServerOnlyTheRoleIsTold() {
        String document =
                Json.spaced(
                        StatusJson.of(
                                replica()
                                        .postgres(Statuses.stopped())
                                        .state(io.tamada.ha.model.PostgresState.STOPPED)
                                        .neverSeen()
                                        .build(),
                                QUIET,
                                NOW));
        assertThat(document)
                .startsWith(
                        "{\"state\": \"stopped\", \"role\": \"replica\", \"cluster_unlocked\": true, \"dcs_last_seen\": 0");
    }

    @Test
    void theLogIsToldOfWhenItFallsBehind() {
        HostProgram busy =
                new HostProgram() {
                    @Override
                    public void reload() {}

                    @Override
                    public int logQueueSize() {
                        return 3;
                    }

                    @Override
                    public long logRecordsLost() {
                        return 7;
                    }
                };
        assertThat(StatusJson.of(primary().build(), busy, NOW))
                .containsEntry("logger_queue_size", 3)
                .containsEntry("logger_records_lost", 7L);
        assertThat(StatusJson.of(primary().build(), QUIET, NOW))
                .doesNotContainKeys("logger_queue_size", "logger_records_lost");
    }

    @Test
    void peersReadBothKindsOfStatusDocument() {
        String ours =
                Json.spaced(
                        StatusJson.of(
                                replica()
                                        .tags(Map.of("failover_priority", 2L))
                                        .generation("12")
                                        .alarm("reinitialize me")
                                        .build(),
                                QUIET,
                                NOW));
        assertThat(PeerDocuments.answer(ours))
                .isEqualTo(
                        new PeerAnswer.Answered(
                                true,
                                Lsn.of(50_331_744),
                                Timeline.FIRST,
                                new Tags(Map.of("failover_priority", 2L)),
                                false,
                                "12"));
        String old =
                "{\"role\": \"master\", \"xlog\": {\"location\": 7}, \"timeline\": 3, \"watchdog_failed\": true}";
        assertThat(PeerDocuments.answer(old))
                .isEqualTo(
                        new PeerAnswer.Answered(
                                false, Lsn.of(7), Timeline.of(3), Tags.NONE, true, null));
        String wal =
                "{\"role\": \"replica\", \"wal\": {\"received_location\": 5, \"replayed_location\": 9},"
                        + " \"tamada\": {\"lease_generation\": \"12\"}}";
        assertThat(PeerDocuments.answer(wal))
                .isEqualTo(new PeerAnswer.Answered(true, Lsn.of(9), null, Tags.NONE, false, "12"));
        assertThat(PeerDocuments.answer("{\"state\": \"stopped\", \"role\": \"replica\"}"))
                .isInstanceOf(PeerAnswer.Silent.class);
        assertThat(PeerDocuments.answer("<html>")).isInstanceOf(PeerAnswer.Silent.class);
        assertThat(
                        PeerDocuments.answer(
                                "{\"xlog\": {\"received_location\": \"x\"}, \"timeline\": \"y\", \"tags\": 3}"))
                .isEqualTo(new PeerAnswer.Answered(true, Lsn.ZERO, null, Tags.NONE, false, null));
    }

    private static ClusterView cluster() {
        MemberStatus leader =
                MemberStatus.builder(PG0)
                        .role(MemberRole.PRIMARY)
                        .apiUrl("http://127.0.0.1:18000/patroni")
                        .connUrl("postgres://127.0.0.1:15430/postgres")
                        .timeline(Timeline.FIRST)
                        .tags(new Tags(Map.of("clonefrom", true)))
                        .build();
        MemberStatus standby =
                MemberStatus.builder(PG1)
                        .apiUrl("http://127.0.0.1:18001/patroni")
                        .connUrl("postgres://[::1]/postgres")
                        .replicationState("streaming")
                        .timeline(Timeline.FIRST)
                        .received(Lsn.of(0x3000060))
                        .replayed(Lsn.of(0x3000000))
                        .position(Lsn.of(0x3000060))
                        .build();
        return ClusterView.builder()
                .leader(PG0)
                .member(standby)
                .member(leader)
                .member(MemberStatus.builder(MemberName.of("pg2")).state("stopped").build())
                .status(new ClusterStatus(Lsn.of(0x3000060), Map.of(), Set.of()))
                .sync(SyncState.of(PG0, List.of(PG1), 0))
                .failover(
                        new FailoverRequest.Switchover(
                                PG0,
                                PG1,
                                new FailoverRequest.Schedule("2050-01-01 12:00+02", null)))
                .build();
    }

    @Test
    void clusterShowsRolesAndLag() {
        ClusterSettings settings =
                ClusterSettings.of(
                        ConfigDocument.of(Map.of("synchronous_mode", true, "pause", true)));
        assertThat(Json.spaced(ClusterJson.of("batman", cluster(), settings)))
                .isEqualTo(
                        """
                        {"members": [\
                        {"name": "pg0", "role": "leader", "state": "running", "api_url": "http://127.0.0.1:18000/patroni", \
                        "host": "127.0.0.1", "port": 15430, "timeline": 1, "tags": {"clonefrom": true}}, \
                        {"name": "pg1", "role": "sync_standby", "state": "streaming", \
                        "api_url": "http://127.0.0.1:18001/patroni", "host": "::1", "port": 5432, "timeline": 1, \
                        "receive_lag": 0, "receive_lsn": "0/3000060", "replay_lag": 96, "replay_lsn": "0/3000000", \
                        "lag": 0, "lsn": "0/3000060"}, \
                        {"name": "pg2", "role": "replica", "state": "stopped", "api_url": null, \
                        "receive_lag": "unknown", "receive_lsn": "unknown", "replay_lag": "unknown", \
                        "replay_lsn": "unknown", "lag": "unknown", "lsn": "unknown"}], \
                        "pause": true, \
                        "scheduled_switchover": {"at": "2050-01-01T12:00:00+02:00", "from": "pg0", "to": "pg1"}, \
                        "scope": "batman"}\
                        """);
    }

    @Test
    void historyKeepsShortLinesShort() {
        TimelineHistory history =
                new TimelineHistory(
                        List.of(
                                new TimelineHistory.Switch(
                                        Timeline.FIRST, Lsn.of(7), "why", null, null),
                                new TimelineHistory.Switch(
                                        Timeline.of(2),
                                        Lsn.of(9),
                                        "why",
                                        "2026-01-01T00:00:00+00:00",
                                        "pg1")));
        assertThat(Json.spaced(ClusterJson.history(history)))
                .isEqualTo(
                        "[[1, 7, \"why\"], [2, 9, \"why\", \"2026-01-01T00:00:00+00:00\", \"pg1\"]]");
        assertThat(Json.spaced(ClusterJson.history(null))).isEqualTo("[]");
    }

    @Test
    void metricsTellHowMuchWalEachMemberLacks() {
        ClusterView view =
                ClusterView.builder()
                        .leader(PG0)
                        .member(MemberStatus.builder(PG0).position(Lsn.of(500)).build())
                        .member(MemberStatus.builder(PG1).position(Lsn.of(404)).build())
                        .member(MemberStatus.builder(MemberName.of("pg2")).build())
                        .status(new ClusterStatus(Lsn.of(500), Map.of(), Set.of()))
                        .build();
        String gap = "tamada_member_wal_gap_bytes{scope=\"batman\",name=\"pg0\",member=\"";

        assertThat(MetricsText.of(primary().view(view).build(), 42, NOW))
                .contains(gap + "pg0\"} 0\n", gap + "pg1\"} 96\n")
                .doesNotContain("member=\"pg2\"");
        assertThat(MetricsText.of(primary().view(view).staleView().build(), 42, NOW))
                .doesNotContain("member=");
    }

    @Test
    void metricsHaveAHeadAndASampleEach() {
        String page = MetricsText.of(primary().tags(Map.of("nofailover", true)).build(), 42, NOW);
        assertThat(page)
                .contains("\npatroni_primary{scope=\"batman\",name=\"pg0\"} 1\n")
                .contains("patroni_version{scope=\"batman\",name=\"pg0\"} 040104\n")
                .contains(
                        "patroni_postmaster_start_time{scope=\"batman\",name=\"pg0\"} 1795456903.384040\n")
                .contains("# Values: 0=initdb")
                .contains("patroni_postgres_state{scope=\"batman\",name=\"pg0\"} 5\n")
                .contains("patroni_failover_priority{scope=\"batman\",name=\"pg0\"} 0\n")
                .contains(
                        "tamada_journal_entries_total{scope=\"batman\",name=\"pg0\"} 42\n",
                        "tamada_decisions_total{scope=\"batman\",name=\"pg0\",rule=\"LEADER_HOLDS\"} 3\n")
                .contains("tamada_lease_remaining_seconds{scope=\"batman\",name=\"pg0\"} 20.000\n")
                .contains("tamada_lease_age_seconds{scope=\"batman\",name=\"pg0\"} 10.000\n");
        for (String line : page.lines().filter(l -> !l.startsWith("#")).toList()) {
            String name = line.substring(0, line.indexOf('{'));
            assertThat(page).contains("# HELP " + name + " ").contains("# TYPE " + name + " ");
        }
    }
}
