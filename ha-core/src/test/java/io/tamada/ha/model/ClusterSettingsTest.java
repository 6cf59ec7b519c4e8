package io.tamada.ha.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterSettingsTest {

    private static ClusterSettings with(String key, @Nullable Object value) {
        Map<String, @Nullable Object> map = new HashMap<>();
        map.put(key, value);
        return ClusterSettings.of(ConfigDocument.of(map));
    }

    @Test
    void an_empty_document_means_the_defaults() {
        ClusterSettings s = ClusterSettings.DEFAULT;
        assertThat(s.timings()).isEqualTo(HaTimings.DEFAULT);
        assertThat(s.maximumLagOnFailover()).isEqualTo(1_048_576);
        assertThat(s.maximumLagOnSyncnode()).isEqualTo(-1);
        assertThat(s.maxTimelinesHistory()).isZero();
        assertThat(s.primaryStartTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(s.primaryStopTimeout()).isZero();
        assertThat(s.primaryRaceBackoff()).isZero();
        assertThat(s.replication()).isEqualTo(ReplicationMode.asynchronous());
        assertThat(s.failsafe()).isEqualTo(FailsafeMode.OFF);
        assertThat(s.checkTimeline()).isFalse();
        assertThat(s.paused()).isFalse();
        assertThat(s.standbyCluster()).isNull();
        assertThat(s.memberSlotsTtl()).isEqualTo(Duration.ofMinutes(30));
        assertThat(s.useSlots()).isTrue();
        assertThat(s.permanentSlots()).isEmpty();
        assertThat(s.ignoreSlots()).isEmpty();
        assertThat(s.problems()).isEmpty();
    }

    @Test
    void a_profile_gives_the_timings_that_are_not_given_themselves() {
        assertThat(with("profile", "fast").timings()).isEqualTo(timings(5, 1, 2));
        assertThat(with("profile", "WAN").timings()).isEqualTo(timings(60, 10, 20));
        assertThat(with("profile", "default").timings()).isEqualTo(HaTimings.DEFAULT);
        ClusterSettings mixed =
                ClusterSettings.of(ConfigDocument.of(Map.of("profile", "fast", "ttl", 8)));
        assertThat(mixed.timings()).isEqualTo(timings(8, 1, 2));
        assertThat(mixed.problems()).isEmpty();
        ClusterSettings unknown = with("profile", "slow");
        assertThat(unknown.timings()).isEqualTo(HaTimings.DEFAULT);
        assertThat(unknown.problems())
                .containsExactly("profile: slow is none of default, fast, wan: using default");
    }

    @Test
    void every_profile_holds_without_a_change() {
        for (TimingProfile profile : TimingProfile.values()) {
            assertThat(with("profile", profile.word()).problems()).isEmpty();
        }
    }

    private static HaTimings timings(int ttl, int loopWait, int retryTimeout) {
        return new HaTimings(
                Duration.ofSeconds(ttl),
                Duration.ofSeconds(loopWait),
                Duration.ofSeconds(retryTimeout));
    }

    @Test
    void values_are_read_in_every_form_they_are_written_in() {
        assertThat(with("maximum_lag_on_failover", "2MB").maximumLagOnFailover())
                .isEqualTo(2 << 20);
        assertThat(with("maximum_lag_on_failover", 0).maximumLagOnFailover()).isZero();
        assertThat(with("member_slots_ttl", "1h").memberSlotsTtl()).isEqualTo(Duration.ofHours(1));
        assertThat(with("member_slots_ttl", 0).memberSlotsTtl()).isZero();
        assertThat(with("pause", "Yes").paused()).isTrue();
        assertThat(with("pause", 1).paused()).isTrue();
        assertThat(with("check_timeline", "on").checkTimeline()).isTrue();
        assertThat(with("postgresql", Map.of("use_slots", "off")).useSlots()).isFalse();
    }

    @Test
    void old_names_count_where_the_new_ones_are_absent() {
        assertThat(with("master_start_timeout", 7).primaryStartTimeout())
                .isEqualTo(Duration.ofSeconds(7));
        ClusterSettings both =
                ClusterSettings.of(
                        ConfigDocument.of(
                                Map.of("master_stop_timeout", 7, "primary_stop_timeout", 8)));
        assertThat(both.primaryStopTimeout()).isEqualTo(Duration.ofSeconds(8));
    }

    @ParameterizedTest
    @CsvSource({
        "ttl, soon",
        "ttl, -1",
        "loop_wait, 99999999999",
        "maximum_lag_on_failover, -1",
        "maximum_lag_on_failover, 1XB",
        "maximum_lag_on_syncnode, -2",
        "max_timelines_history, 4294967297",
        "primary_start_timeout, -1",
        "member_slots_ttl, 1000000000000",
        "primary_race_backoff, 3 weeks",
        "pause, maybe",
        "synchronous_mode, perhaps",
        "failsafe_mode, sometimes",
        "check_timeline, 2"
    })
    void what_can_not_be_understood_is_named_and_the_default_used(String key, String value) {
        ClusterSettings s = with(key, value);
        assertThat(s.problems()).hasSize(1).first().asString().contains(key, value);
        assertThat(s.timings()).isEqualTo(HaTimings.DEFAULT);
        assertThat(s.maximumLagOnFailover()).isEqualTo(1_048_576);
        assertThat(s.paused()).isFalse();
        assertThat(s.replication()).isEqualTo(ReplicationMode.asynchronous());
    }

    @Test
    void timings_that_can_not_hold_are_adjusted_and_told() {
        ClusterSettings s =
                ClusterSettings.of(
                        ConfigDocument.of(Map.of("ttl", 20, "loop_wait", 10, "retry_timeout", 10)));
        assertThat(s.timings())
                .isEqualTo(
                        new HaTimings(
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(9)));
        assertThat(s.problems()).hasSize(1);
    }

    @Test
    void synchronous_modes_are_told_apart() {
        assertThat(with("synchronous_mode", true).replication())
                .isEqualTo(new ReplicationMode.Priority(1, false));
        assertThat(with("synchronous_mode", "QUORUM").replication())
                .isEqualTo(new ReplicationMode.Quorum(1, false));
        assertThat(with("synchronous_mode", "off").replication().isSynchronous()).isFalse();
        assertThat(
                        ClusterSettings.of(
                                        ConfigDocument.of(
                                                Map.of(
                                                        "synchronous_mode", "on",
                                                        "synchronous_mode_strict", "yes",
                                                        "synchronous_node_count", 2)))
                                .replication())
                .isEqualTo(new ReplicationMode.Priority(2, true));
    }

    @Test
    void no_number_of_synchronous_nodes_is_less_than_one() {
        ClusterSettings s =
                ClusterSettings.of(
                        ConfigDocument.of(
                                Map.of("synchronous_mode", "on", "synchronous_node_count", 0)));
        assertThat(s.replication()).isEqualTo(new ReplicationMode.Priority(1, false));
        assertThat(s.problems()).hasSize(1);
    }

    @Test
    void a_standby_cluster_has_no_synchronous_replication() {
        ClusterSettings s =
                ClusterSettings.of(
                        ConfigDocument.of(
                                Map.of(
                                        "synchronous_mode",
                                        "quorum",
                                        "standby_cluster",
                                        Map.of("host", "far"))));
        assertThat(s.isStandbyCluster()).isTrue();
        assertThat(s.replication()).isEqualTo(ReplicationMode.asynchronous());
    }

    @Test
    void a_standby_cluster_needs_a_host_a_port_or_a_restore_command() {
        assertThat(with("standby_cluster", Map.of("primary_slot_name", "s")).isStandbyCluster())
                .isFalse();
        assertThat(with("standby_cluster", Map.of("host", "")).isStandbyCluster()).isFalse();
        assertThat(with("standby_cluster", null).isStandbyCluster()).isFalse();
        assertThat(with("standby_cluster", Map.of("restore_command", "cp")).standbyCluster())
                .isEqualTo(new StandbyCluster(null, null, null, List.of(), "cp", null, null));
        assertThat(with("standby_cluster", Map.of("port", 5433)).standbyCluster())
                .isEqualTo(new StandbyCluster(null, 5433, null, List.of(), null, null, null));
    }

    @Test
    void failsafe_modes_are_told_apart() {
        assertThat(with("failsafe_mode", true).failsafe()).isEqualTo(FailsafeMode.ALL);
        assertThat(with("failsafe_mode", "Quorum").failsafe()).isEqualTo(FailsafeMode.QUORUM);
        assertThat(with("failsafe_mode", "quorum").problems())
                .singleElement()
                .asString()
                .contains("not in force", "every other member");
        assertThat(with("failsafe_mode", true).problems()).isEmpty();
    }

    @Test
    void permanent_slots_are_read_under_the_first_of_their_names_that_is_not_empty() {
        ClusterSettings s =
                ClusterSettings.of(
                        ConfigDocument.of(
                                Map.of(
                                        "permanent_replication_slots",
                                        Map.of(),
                                        "permanent_slots",
                                        Map.of("x", Map.of("type", "physical")),
                                        "slots",
                                        Map.of("y", Map.of("type", "physical")))));
        assertThat(s.permanentSlots()).isEqualTo(Map.of("x", new SlotDefinition.Physical(null)));
    }

    @Test
    void slots_have_a_kind_by_type_or_by_what_they_name() {
        Map<String, @Nullable Object> slots = new HashMap<>();
        slots.put("nothing", null);
        slots.put("no", false);
        slots.put("empty", Map.of());
        slots.put("logical", Map.of("database", "d", "plugin", "p", "cluster_type", "primary"));
        assertThat(with("slots", slots).permanentSlots())
                .isEqualTo(
                        Map.of(
                                "nothing", new SlotDefinition.Physical(null),
                                "no", new SlotDefinition.Physical(null),
                                "empty", new SlotDefinition.Physical(null),
                                "logical", new SlotDefinition.Logical("d", "p", "primary")));
    }

    @Test
    void slots_that_can_not_be_understood_are_named_and_left_out() {
        ClusterSettings s =
                with(
                        "slots",
                        Map.of(
                                "Upper",
                                Map.of("type", "physical"),
                                "half",
                                Map.of("type", "logical", "database", "d"),
                                "odd",
                                List.of(1)));
        assertThat(s.permanentSlots()).isEmpty();
        assertThat(s.problems()).hasSize(3);
    }

    @Test
    void slots_to_ignore_are_patterns() {
        ClusterSettings s = with("ignore_slots", List.of(Map.of("name", "x"), "y"));
        assertThat(s.ignoreSlots())
                .containsExactly(new SlotDefinition.Matcher("x", null, null, null));
        assertThat(s.problems()).hasSize(1);
        SlotFacts facts = SlotFacts.physical(true, null);
        assertThat(s.ignoreSlots().getFirst().matches("x", facts)).isTrue();
        assertThat(s.ignoreSlots().getFirst().matches("z", facts)).isFalse();
        assertThat(new SlotDefinition.Matcher(null, null, null, null).matches("z", facts)).isTrue();
        assertThat(new SlotDefinition.Matcher(null, "logical", null, null).matches("z", facts))
                .isFalse();
    }

    @Test
    void what_is_not_known_is_kept() {
        assertThat(with("theirs", List.of("x")).document().at("theirs")).isEqualTo(List.of("x"));
    }
}
