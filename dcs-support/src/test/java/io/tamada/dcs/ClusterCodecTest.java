package io.tamada.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.model.ClusterStatus;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.Initialization;
import io.tamada.ha.model.LeaderKey;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Revision;
import io.tamada.ha.model.SyncState;
import io.tamada.ha.model.SystemId;
import io.tamada.ha.model.Timeline;
import io.tamada.ha.model.TimelineHistory;
import io.tamada.ha.model.TimelineHistory.Switch;
import io.tamada.ha.model.Versioned;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterCodecTest {

    private static final Revision REVISION = Revision.of(7);
    private static final MemberName PG0 = MemberName.of("pg0");
    private static final MemberName PG1 = MemberName.of("pg1");
    private static final MemberName PG2 = MemberName.of("pg2");

    private static ClusterView decode(String key, String text) {
        return ClusterCodec.decode(List.of(new KeyValueStore.Entry(key, text, REVISION, null)));
    }

    private static ClusterView understood(String key, String text) {
        ClusterView view = decode(key, text);
        assertThat(view.problems()).isEmpty();
        return view;
    }

    private static ClusterView complained(String key, String text) {
        ClusterView view = decode(key, text);
        assertThat(view.problems()).isNotEmpty().allMatch(p -> p.startsWith(key + ":"));
        return view;
    }

    @Nested
    class Initialize {

        @Test
        void is_empty_while_somebody_bootstraps() {
            assertThat(ClusterCodec.encode(new DcsEntry.Initialize(null))).isEmpty();
            assertThat(understood("initialize", "").initialization())
                    .isEqualTo(new Initialization.InProgress());
        }

        @Test
        void is_the_system_identifier_afterwards() {
            SystemId id = new SystemId("7366891110011223344");
            assertThat(ClusterCodec.encode(new DcsEntry.Initialize(id))).isEqualTo(id.value());
            assertThat(understood("initialize", id.value()).systemId()).isEqualTo(id);
        }

        @Test
        void may_be_something_else() {
            assertThat(complained("initialize", "pg0").initialization())
                    .isEqualTo(new Initialization.Unreadable("pg0"));
        }
    }

    @Nested
    class Config {

        @Test
        void keeps_order_and_types() {
            String text =
                    "{\"ttl\":30,\"loop_wait\":10,\"postgresql\":{\"use_pg_rewind\":true,\"x\":1.5,\"n\":null}}";
            Versioned<ConfigDocument> config =
                    Objects.requireNonNull(understood("config", text).config());
            assertThat(config.revision()).isEqualTo(REVISION);
            assertThat(ClusterCodec.encode(new DcsEntry.Config(config.value()))).isEqualTo(text);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "x", "[]", "1", "null", "{\"a\":"})
        void is_unknown_when_it_is_no_object(String text) {
            assertThat(complained("config", text).config()).isNull();
        }
    }

    @Nested
    class Leader {

        @Test
        void is_a_bare_name() {
            List<KeyValueStore.Entry> entries =
                    List.of(new KeyValueStore.Entry("leader", "pg0", REVISION, "s"));
            assertThat(ClusterCodec.decode(entries).leader())
                    .isEqualTo(new LeaderKey.HeldBy(PG0, REVISION, "s"));
            assertThat(understood("leader", "pg0").leader())
                    .isEqualTo(new LeaderKey.HeldBy(PG0, REVISION, ""));
        }

        @Test
        void that_names_nobody_is_reported() {
            assertThat(complained("leader", "").leader().isFree()).isTrue();
        }
    }

    @Nested
    class Status {

        private static final String MEASURED =
                "{\"optime\":50331744,\"slots\":{\"pg0\":50331744,\"pg1\":50331744,"
                        + "\"pg2\":50331744},\"retain_slots\":[\"pg0\",\"pg1\",\"pg2\"]}";

        @Test
        void is_written_as_patroni_does() {
            ClusterStatus status = understood("status", MEASURED).status();
            assertThat(status.optime()).isEqualTo(Lsn.of(50331744));
            assertThat(status.slots()).containsOnlyKeys("pg0", "pg1", "pg2");
            assertThat(status.retainSlots()).containsExactly("pg0", "pg1", "pg2");
            assertThat(ClusterCodec.encode(new DcsEntry.Status(status))).isEqualTo(MEASURED);
        }

        @Test
        void leaves_out_what_is_empty() {
            ClusterStatus status = ClusterStatus.UNKNOWN.withOptime(Lsn.of(5));
            assertThat(ClusterCodec.encode(new DcsEntry.Status(status)))
                    .isEqualTo("{\"optime\":5}");
        }

        @Test
        void may_be_a_bare_number() {
            assertThat(understood("status", "50331744").status())
                    .isEqualTo(ClusterStatus.UNKNOWN.withOptime(Lsn.of(50331744)));
        }

        @Test
        void may_hold_its_parts_as_text() {
            ClusterStatus status =
                    understood(
                                    "status",
                                    "{\"optime\":\"50616688\",\"slots\":\"{\\\"demo_1\\\":50616688}\","
                                            + "\"retain_slots\":\"[\\\"demo_0\\\", \\\"demo_1\\\"]\"}")
                            .status();
            assertThat(status)
                    .isEqualTo(
                            new ClusterStatus(
                                    Lsn.of(50616688),
                                    Map.of("demo_1", Lsn.of(50616688)),
                                    Set.of("demo_0", "demo_1")));
        }

        @Test
        void falls_back_to_the_old_position_key() {
            assertThat(understood("optime/leader", "1234").status().optime())
                    .isEqualTo(Lsn.of(1234));
            ClusterView both =
                    ClusterCodec.decode(
                            List.of(
                                    new KeyValueStore.Entry("optime/leader", "1", REVISION, null),
                                    new KeyValueStore.Entry(
                                            "status", "{\"optime\":2}", REVISION, null)));
            assertThat(both.status().optime()).isEqualTo(Lsn.of(2));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "x",
                    "[]",
                    "{\"optime\":-1}",
                    "{\"optime\":\"x\"}",
                    "{\"slots\":[]}",
                    "{\"retain_slots\":{}}",
                    "{\"slots\":{\"a\":\"x\"}}",
                    "{\"retain_slots\":[1]}",
                    "-5"
                })
        void is_unknown_where_it_can_not_be_understood(String text) {
            assertThat(complained("status", text).status()).isEqualTo(ClusterStatus.UNKNOWN);
        }
    }

    @Nested
    class Sync {

        @Test
        void is_written_as_patroni_does() {
            SyncState state = SyncState.of(PG1, List.of(PG2, PG0), 1);
            String text = "{\"leader\":\"pg1\",\"quorum\":1,\"sync_standby\":\"pg0,pg2\"}";
            assertThat(ClusterCodec.encode(new DcsEntry.Sync(state))).isEqualTo(text);
            assertThat(understood("sync", text).sync()).isEqualTo(new Versioned<>(state, REVISION));
        }

        @Test
        void without_standbys_has_null() {
            String text = "{\"leader\":\"pg1\",\"quorum\":0,\"sync_standby\":null}";
            assertThat(ClusterCodec.encode(new DcsEntry.Sync(SyncState.of(PG1, List.of(), 0))))
                    .isEqualTo(text);
            assertThat(understood("sync", text).sync().value())
                    .isEqualTo(SyncState.of(PG1, List.of(), 0));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "{}",
                    "{\"leader\":null,\"sync_standby\":null}",
                    "{\"sync_standby\":\"a\"}"
                })
        void without_leader_is_empty_and_keeps_its_revision(String text) {
            assertThat(understood("sync", text).sync())
                    .isEqualTo(new Versioned<>(SyncState.EMPTY, REVISION));
        }

        @Test
        void may_lack_the_quorum() {
            String text = "{\"leader\":\"pg1\",\"sync_standby\":\" pg0 , pg2 \",\"quorum\":null}";
            assertThat(understood("sync", text).sync().value())
                    .isEqualTo(SyncState.of(PG1, List.of(PG0, PG2), 0));
        }

        @ParameterizedTest
        @CsvSource({"2, 1", "-1, 1", "99, 1"})
        void with_an_impossible_quorum_is_read_as_the_strictest(int written, int read) {
            String text =
                    "{\"leader\":\"pg1\",\"quorum\":" + written + ",\"sync_standby\":\"pg0,pg2\"}";
            assertThat(complained("sync", text).sync().value().quorum()).isEqualTo(read);
        }

        @ParameterizedTest
        @ValueSource(strings = {"x", "[]", "7"})
        void that_can_not_be_understood_is_empty(String text) {
            assertThat(complained("sync", text).sync().value()).isEqualTo(SyncState.EMPTY);
        }
    }

    @Nested
    class Failover {

        private static FailoverRequest request(String text) {
            return Objects.requireNonNull(understood("failover", text).failover()).value();
        }

        @Test
        void a_scheduled_switchover_keeps_its_text() {
            String text =
                    "{\"leader\":\"pg0\",\"member\":\"pg1\",\"scheduled_at\":\"2050-01-01T12:00:00+02:00\"}";
            FailoverRequest request = request(text);
            assertThat(request)
                    .isEqualTo(
                            new FailoverRequest.Switchover(
                                    PG0,
                                    PG1,
                                    new FailoverRequest.Schedule(
                                            "2050-01-01T12:00:00+02:00",
                                            Instant.parse("2050-01-01T10:00:00Z"))));
            assertThat(ClusterCodec.encode(new DcsEntry.Failover(request))).isEqualTo(text);
        }

        @Test
        void a_candidate_alone_is_a_failover() {
            assertThat(request("{\"member\":\"pg1\"}"))
                    .isEqualTo(new FailoverRequest.Failover(PG1));
            assertThat(
                            ClusterCodec.encode(
                                    new DcsEntry.Failover(new FailoverRequest.Failover(PG1))))
                    .isEqualTo("{\"member\":\"pg1\"}");
        }

        @Test
        void nothing_is_an_empty_object() {
            assertThat(ClusterCodec.encode(new DcsEntry.Failover(null))).isEqualTo("{}");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"", "{}", "{\"leader\":null,\"member\":null}", "{\"leader\":\"\"}", ":"})
        void without_names_is_no_request(String text) {
            assertThat(understood("failover", text).failover()).isNull();
        }

        @Test
        void the_old_form_has_a_colon() {
            assertThat(request("pg0:pg1"))
                    .isEqualTo(new FailoverRequest.Switchover(PG0, PG1, null));
            assertThat(request("pg0:")).isEqualTo(new FailoverRequest.Switchover(PG0, null, null));
            assertThat(request("pg0")).isEqualTo(new FailoverRequest.Switchover(PG0, null, null));
            assertThat(request(":pg1")).isEqualTo(new FailoverRequest.Failover(PG1));
        }

        @Test
        void a_moment_that_can_not_be_understood_is_not_now() {
            ClusterView view =
                    complained("failover", "{\"leader\":\"pg0\",\"scheduled_at\":\"soon\"}");
            assertThat(Objects.requireNonNull(view.failover()).value())
                    .isEqualTo(
                            new FailoverRequest.Switchover(
                                    PG0, null, new FailoverRequest.Schedule("soon", null)));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"leader\":",
                    "[1]",
                    "1",
                    "{\"member\":[]}",
                    "a:b:c",
                    "{\"member\":\"pg1\",\"scheduled_at\":\"2050-01-01T12:00:00Z\"}"
                })
        void what_can_not_be_understood_is_no_request(String text) {
            assertThat(complained("failover", text).failover()).isNull();
        }
    }

    @Nested
    class History {

        @Test
        void is_written_as_patroni_does() {
            String text =
                    "[[1,50616136,\"no recovery target specified\",\"2026-11-23T18:03:47.198008+00:00\",\"pg1\"]]";
            TimelineHistory history = Objects.requireNonNull(understood("history", text).history());
            assertThat(history.current()).isEqualTo(Timeline.of(2));
            assertThat(ClusterCodec.encode(new DcsEntry.History(history))).isEqualTo(text);
        }

        @Test
        void may_be_empty_and_may_have_short_lines() {
            assertThat(understood("history", "[]").history()).isEqualTo(TimelineHistory.EMPTY);
            String text =
                    "[[1,50616136,\"why\"],[2,50616200,\"why\",\"2026-11-23T18:03:47+00:00\"]]";
            TimelineHistory history = Objects.requireNonNull(understood("history", text).history());
            assertThat(history.switches().getFirst())
                    .isEqualTo(new Switch(Timeline.FIRST, Lsn.of(50616136), "why", null, null));
            assertThat(ClusterCodec.encode(new DcsEntry.History(history))).isEqualTo(text);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "x",
                    "{}",
                    "[1]",
                    "[[1]]",
                    "[[0,1,\"x\"]]",
                    "[[1,-1,\"x\"]]",
                    "[[1,\"x\",\"y\"]]"
                })
        void that_can_not_be_understood_is_missing(String text) {
            ClusterView view = complained("history", text);
            assertThat(view.history()).isNull();
            assertThat(view.timeline()).isZero();
        }
    }

    @Nested
    class Failsafe {

        @Test
        void names_everybody_with_address() {
            Map<MemberName, String> members =
                    Map.of(PG1, "http://b:8008/patroni", PG0, "http://a:8008/patroni");
            String text = "{\"pg0\":\"http://a:8008/patroni\",\"pg1\":\"http://b:8008/patroni\"}";
            assertThat(ClusterCodec.encode(new DcsEntry.Failsafe(members))).isEqualTo(text);
            assertThat(understood("failsafe", text).failsafe()).isEqualTo(members);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "x", "[]", "{\"pg0\":1}", "{\" \":\"x\"}"})
        void that_can_not_be_understood_is_empty(String text) {
            assertThat(complained("failsafe", text).failsafe()).isEmpty();
        }
    }

    @Test
    void keys_that_are_not_known_are_passed_over() {
        assertThat(understood("other", "{")).isEqualTo(ClusterView.EMPTY);
        assertThat(understood("members/a/b", "{")).isEqualTo(ClusterView.EMPTY);
    }

    @Test
    void nothing_that_others_write_throws() {
        String[] keys = {
            "initialize",
            "config",
            "leader",
            "members/a",
            "status",
            "sync",
            "failover",
            "history",
            "failsafe",
            "optime/leader"
        };
        String alphabet =
                "{}[]\",:0123456789.-eE \\untruefalsenull/pg_leader;'\u0000äoptimequorumtags";
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(25); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String key = keys[random.nextInt(keys.length)];
            assertThat(decode(key, text.toString())).isNotNull();
        }
    }

    @Test
    void no_field_of_a_wrong_type_throws() {
        List<String> values =
                Arrays.asList(
                        "null",
                        "1",
                        "-1",
                        "1.5",
                        "1e300",
                        "true",
                        "\"\"",
                        "\"x\"",
                        "[]",
                        "[1]",
                        "{}",
                        "{\"a\":1}",
                        "99999999999999999999");
        List<String> fields =
                Arrays.asList(
                        "conn_url",
                        "conn_kwargs",
                        "api_url",
                        "state",
                        "role",
                        "version",
                        "tags",
                        "checkpoint_after_promote",
                        "pending_restart",
                        "pending_restart_reason",
                        "xlog_location",
                        "timeline",
                        "replay_lsn",
                        "scheduled_restart",
                        "pause",
                        "replication_state",
                        "optime",
                        "slots",
                        "retain_slots",
                        "leader",
                        "quorum",
                        "sync_standby",
                        "member",
                        "scheduled_at",
                        "other");
        for (String field : fields) {
            for (String value : values) {
                for (String key :
                        List.of("members/a", "status", "sync", "failover", "config", "failsafe")) {
                    assertThat(decode(key, "{\"leader\":\"a\",\"" + field + "\":" + value + "}"))
                            .isNotNull();
                }
            }
        }
    }
}
