package io.tamada.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.PendingRestart;
import io.tamada.ha.model.RestartFilter;
import io.tamada.ha.model.Revision;
import io.tamada.ha.model.ScheduledRestart;
import io.tamada.ha.model.Tags;
import io.tamada.ha.model.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemberCodecTest {

    private static final MemberName NAME = MemberName.of("pg1");
    private static final String PRIMARY =
            "{\"conn_url\":\"postgres://127.0.0.1:15430/postgres\","
                    + "\"api_url\":\"http://127.0.0.1:18000/patroni\",\"state\":\"running\",\"role\":\"primary\","
                    + "\"version\":\"4.1.4\",\"tags\":{\"clonefrom\":true},\"xlog_location\":50331744,\"timeline\":1}";
    private static final String REPLICA =
            "{\"conn_url\":\"postgres://127.0.0.1:15431/postgres\","
                    + "\"api_url\":\"http://127.0.0.1:18001/patroni\",\"state\":\"running\",\"role\":\"replica\","
                    + "\"version\":\"4.1.4\",\"xlog_location\":50331744,\"replay_lsn\":50331744,\"receive_lsn\":50331744,"
                    + "\"replication_state\":\"streaming\",\"timeline\":1}";

    private static ClusterView view(String text) {
        return ClusterCodec.decode(
                List.of(new KeyValueStore.Entry("members/pg1", text, Revision.of(1), "session")));
    }

    private static MemberStatus understood(String text) {
        ClusterView view = view(text);
        assertThat(view.problems()).isEmpty();
        return Objects.requireNonNull(view.member(NAME));
    }

    private static String encode(MemberStatus status) {
        return ClusterCodec.encode(new DcsEntry.Member(status));
    }

    private static MemberStatus.Builder running() {
        return MemberStatus.builder(NAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {PRIMARY, REPLICA})
    void measured_members_read_and_write_the_same(String text) {
        assertThat(encode(understood(text))).isEqualTo(text);
    }

    @Test
    void a_primary_is_understood() {
        MemberStatus member = understood(PRIMARY);
        assertThat(member)
                .isEqualTo(
                        running()
                                .connUrl("postgres://127.0.0.1:15430/postgres")
                                .apiUrl("http://127.0.0.1:18000/patroni")
                                .role(MemberRole.PRIMARY)
                                .version("4.1.4")
                                .tags(new Tags(Map.of("clonefrom", true)))
                                .position(Lsn.of(50331744))
                                .timeline(Timeline.FIRST)
                                .build());
    }

    @Test
    void every_field_reads_and_writes_the_same() {
        MemberStatus member =
                running()
                        .connUrl("postgres://h:1/d")
                        .apiUrl("https://h:2/patroni")
                        .role(MemberRole.STANDBY_LEADER)
                        .version("4.1.4")
                        .proxyUrl("postgres://p:3/d")
                        .checkpointAfterPromote(false)
                        .tags(new Tags(Map.of("failover_priority", 3L)))
                        .pendingRestart(
                                new PendingRestart(
                                        Map.of(
                                                "max_connections",
                                                new PendingRestart.Change("100", "200"))))
                        .position(Lsn.of(10))
                        .replayed(Lsn.of(9))
                        .received(Lsn.of(10))
                        .replicationState("in archive recovery")
                        .timeline(Timeline.of(4))
                        .scheduledRestart(
                                new ScheduledRestart(
                                        new RestartFilter(
                                                MemberRole.REPLICA,
                                                "15.4",
                                                true,
                                                Duration.ofSeconds(30)),
                                        Instant.parse("2050-01-01T10:00:00Z"),
                                        Instant.parse("2026-11-23T18:01:43.384040Z")))
                        .paused(true)
                        .extra(ConfigDocument.of(Map.of("software", "tamada 0.1.0")))
                        .build();
        String text = encode(member);
        assertThat(text)
                .isEqualTo(
                        "{\"conn_url\":\"postgres://h:1/d\",\"api_url\":\"https://h:2/patroni\",\"state\":\"running\","
                                + "\"role\":\"standby_leader\",\"version\":\"4.1.4\",\"proxy_url\":\"postgres://p:3/d\","
                                + "\"checkpoint_after_promote\":false,\"tags\":{\"failover_priority\":3},"
                                + "\"pending_restart\":true,\"pending_restart_reason\":{\"max_connections\":"
                                + "{\"old_value\":\"100\",\"new_value\":\"200\"}},\"xlog_location\":10,\"replay_lsn\":9,"
                                + "\"receive_lsn\":10,\"replication_state\":\"in archive recovery\",\"timeline\":4,"
                                + "\"scheduled_restart\":{\"role\":\"replica\",\"postgres_version\":\"15.4\",\"timeout\":30,"
                                + "\"restart_pending\":true,\"schedule\":\"2050-01-01T10:00:00+00:00\","
                                + "\"postmaster_start_time\":\"2026-11-23 18:01:43.384040+00:00\"},\"pause\":true,"
                                + "\"software\":\"tamada 0.1.0\"}");
        assertThat(understood(text)).isEqualTo(member);
    }

    @Test
    void fields_that_are_not_known_are_written_back() {
        String text =
                "{\"state\":\"running\",\"role\":\"replica\",\"new\":{\"a\":[1,2]},\"more\":true}";
        MemberStatus member = understood(text);
        assertThat(member.extra().root()).containsOnlyKeys("new", "more");
        assertThat(encode(member)).isEqualTo(text);
    }

    @Test
    void a_pending_restart_without_reasons_is_kept() {
        String text = "{\"state\":\"running\",\"role\":\"replica\",\"pending_restart\":true}";
        assertThat(encode(understood(text))).isEqualTo(text);
        assertThat(understood(text).isRestartPending()).isTrue();
    }

    @Test
    void the_old_word_for_a_primary_is_understood() {
        assertThat(understood("{\"state\":\"running\",\"role\":\"master\"}").isPrimary()).isTrue();
    }

    @Test
    void a_connection_may_come_in_parts() {
        assertThat(understood("{\"conn_kwargs\":{\"host\":\"10.0.0.1\",\"port\":5433}}").connUrl())
                .isEqualTo("postgres://10.0.0.1:5433/postgres");
        assertThat(understood("{\"conn_kwargs\":{\"host\":\"::1\"}}").connUrl())
                .isEqualTo("postgres://[::1]:5432/postgres");
    }

    @ParameterizedTest
    @CsvSource({
        "postgres://h:5432/postgres?application_name=http://h:8008/patroni, postgres://h:5432/postgres",
        "postgres://u:p@h:5432/postgres?application_name=http%3A%2F%2Fh%3A8008%2Fpatroni, postgres://h:5432/postgres",
        "postgres://u:p@ss/w@h:5432/postgres?x=y&application_name=http://h:8008/patroni, postgres://h:5432/postgres"
    })
    void the_oldest_form_is_a_url_and_loses_its_password(String text, String connUrl) {
        MemberStatus member = understood(text);
        assertThat(member.connUrl()).isEqualTo(connUrl);
        assertThat(member.apiUrl()).isEqualTo("http://h:8008/patroni");
        assertThat(member.isRunning()).isFalse();
    }

    @Test
    void a_version_that_is_no_text_does_no_harm() {
        assertThat(understood("{\"version\":4.1}").version()).isEqualTo("4.1");
        assertThat(understood("{\"xlog_location\":\"50331744\"}").position())
                .isEqualTo(Lsn.of(50331744));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "\"x\"", "1"})
    void what_can_not_be_understood_is_a_member_of_unknown_state(String text) {
        ClusterView view = view(text);
        assertThat(view.problems()).singleElement().asString().startsWith("members/pg1:");
        MemberStatus member = Objects.requireNonNull(view.member(NAME));
        assertThat(member.isRunning()).isFalse();
        assertThat(member.isPrimary()).isFalse();
        assertThat(member.apiUrl()).isNull();
    }

    @Test
    void one_bad_field_does_not_spoil_the_others() {
        ClusterView view =
                view(
                        "{\"state\":\"running\",\"xlog_location\":\"far\",\"tags\":1,\"timeline\":3,"
                                + "\"scheduled_restart\":{\"schedule\":\"soon\"}}");
        assertThat(view.problems()).hasSize(3);
        MemberStatus member = Objects.requireNonNull(view.member(NAME));
        assertThat(member.isRunning()).isTrue();
        assertThat(member.position()).isNull();
        assertThat(member.timeline()).isEqualTo(Timeline.of(3));
        assertThat(member.scheduledRestart()).isNull();
    }
}
