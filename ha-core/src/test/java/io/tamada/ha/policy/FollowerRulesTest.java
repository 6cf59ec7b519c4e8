package io.tamada.ha.policy;

import static io.tamada.ha.policy.Given.given;
import static io.tamada.ha.policy.Given.standby;
import static io.tamada.ha.policy.Given.streaming;
import static io.tamada.ha.policy.Given.upstreamOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.OperatorRequest;
import io.tamada.ha.model.ClusterStatus;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.SlotFacts;
import io.tamada.ha.model.Timeline;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.Divergence;
import io.tamada.ha.port.OrderResult;
import io.tamada.ha.port.PostgresOrder;
import io.tamada.ha.port.PostgresTask;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Somebody else leads.
class FollowerRulesTest {

    // ---- nothing to do
    // -------------------------------------------------------------------------------------------

    @Test
    void a_standby_that_streams_from_the_leader_has_nothing_to_do() {
        given().turn().goes(Rule.FOLLOWS).holdsFor(Duration.ofSeconds(10));
    }

    @Test
    void a_standby_that_does_not_stream_yet_looks_again_soon() {
        given().postgres(standby(1, 1000, upstreamOf("b"), null))
                .turn()
                .holds(Rule.FOLLOWS)
                .holdsFor(Duration.ofSeconds(1));
    }

    // ---- logical slots
    // ----------------------------------------------------------------------------------------------

    private static Given logicalSlot() {
        return given().config(
                        "slots",
                        Map.of(
                                "cdc",
                                Map.of(
                                        "type", "logical",
                                        "database", "app",
                                        "plugin", "pgoutput")))
                .config("postgresql", Map.of())
                .store(v ->
                        v.status(
                                new ClusterStatus(
                                        Lsn.of(1000), Map.of("cdc", Lsn.of(900)), Set.of())));
    }

    @Test
    void a_logical_slot_that_the_leader_has_is_copied() {
        Turn turn = logicalSlot().turn();
        turn.goes(Rule.SYNC_SLOTS, Rule.COPY_LOGICAL_SLOTS)
                .begins(
                        Rule.COPY_LOGICAL_SLOTS,
                        new PostgresTask.CopyLogicalSlots(upstreamOf("b"), Set.of("cdc")));
        turn.after().turn().goes(Rule.SYNC_SLOTS, Rule.FOLLOWS).because("copied a while ago");
        turn.after().later(Duration.ofMinutes(5)).turn().ends(Rule.COPY_LOGICAL_SLOTS);
    }

    @Test
    void a_logical_slot_that_is_here_is_not_copied() {
        logicalSlot()
                .postgres(
                        new LocalPostgres.Standby(
                                Given.server(
                                        1,
                                        List.of(),
                                        Map.of(
                                                "cdc",
                                                new SlotFacts(
                                                        true,
                                                        false,
                                                        Lsn.of(900),
                                                        "app",
                                                        "pgoutput",
                                                        false,
                                                        false,
                                                        false,
                                                        false))),
                                Lsn.of(1000),
                                Lsn.of(1000),
                                null,
                                false,
                                "streaming",
                                upstreamOf("b"),
                                null))
                .turn()
                .ends(Rule.FOLLOWS);
    }

    @Test
    void a_logical_slot_that_the_leader_does_not_have_yet_is_waited_for() {
        logicalSlot()
                .store(v -> v.status(new ClusterStatus(Lsn.of(1000), Map.of(), Set.of())))
                .turn()
                .ends(Rule.FOLLOWS);
    }

    @Test
    void nothing_is_copied_from_a_leader_that_is_no_primary_yet() {
        logicalSlot().member("b", m -> m.role(MemberRole.REPLICA)).turn().ends(Rule.FOLLOWS);
    }

    // ---- starting
    // ----------------------------------------------------------------------------------------------

    @Test
    void a_standby_that_starts_and_waits_for_wal_of_a_former_leader_is_pointed_at_the_new_one() {
        Turn turn = given().startingFrom(upstreamOf("c")).turn();
        turn.goes(Rule.FOLLOW, Rule.NOT_READY_TO_FOLLOW);
        assertThat(turn.memory().rewind()).isEqualTo(new RewindState.Check());
    }

    @Test
    void a_standby_that_starts_is_restarted_where_a_signal_does_not_change_its_source() {
        given().startingFrom(upstreamOf("c"))
                .orderEnds(Rule.FOLLOW, new OrderResult.NeedsRestart("old version"))
                .turn()
                .ends(Rule.FOLLOW_BY_RESTART);
    }

    @Test
    void a_standby_that_starts_from_the_leader_is_left_alone() {
        given().startingFrom(upstreamOf("b")).turn().goes(Rule.NOT_READY_TO_FOLLOW);
    }

    @Test
    void in_a_standby_cluster_the_leader_that_is_followed_is_called_a_standby_leader() {
        given().standbyCluster().turn().holds(Rule.FOLLOWS_STANDBY_LEADER);
    }

    @Test
    void a_new_configuration_is_applied_first() {
        given().notConfigured().turn().goes(Rule.CONFIGURE, Rule.FOLLOWS);
    }

    @Test
    void a_configuration_that_could_not_be_applied_is_tried_again_in_the_next_turn() {
        Turn turn =
                given().notConfigured()
                        .orderEnds(Rule.CONFIGURE, new OrderResult.Failed("disk full"))
                        .turn();
        turn.goes(Rule.CONFIGURE, Rule.FOLLOWS).because("disk full");
        assertThat(turn.memory().configured()).isNull();
    }

    @Test
    void slots_are_brought_in_line_when_they_are_not() {
        given().config("postgresql", Map.of()).turn().goes(Rule.SYNC_SLOTS, Rule.FOLLOWS);
    }

    @Test
    void a_replay_that_waits_for_parameters_goes_on() {
        given().postgres(replayPaused()).turn().goes(Rule.RESUME_REPLAY, Rule.FOLLOWS);
    }

    @Test
    void a_replay_that_was_paused_by_hand_stays_so_while_the_cluster_is_paused() {
        given().paused().postgres(replayPaused()).turn().goes(Rule.FOLLOWS);
    }

    private static LocalPostgres replayPaused() {
        LocalPostgres.Standby s = streaming(1, 1000, upstreamOf("b"));
        return new LocalPostgres.Standby(
                s.server(),
                s.received(),
                s.replayed(),
                null,
                true,
                "streaming",
                s.upstream(),
                null);
    }

    // ---- whom to follow
    // ------------------------------------------------------------------------------------------

    @Test
    void a_new_leader_is_followed() {
        Turn turn = given().leader("c").turn();
        turn.passes(Rule.FOLLOW);
        assertThat(turn.ordered(Rule.FOLLOW))
                .isEqualTo(new PostgresOrder.Follow(upstreamOf("c"), false));
        assertThat(turn.memory().rewind().isPending()).isTrue();
    }

    @Test
    void a_new_leader_is_followed_in_pause_too() {
        given().paused().leader("c").turn().passes(Rule.FOLLOW);
    }

    @Test
    void where_a_reload_is_not_enough_the_server_is_restarted() {
        given().leader("c")
                .orderEnds(Rule.FOLLOW, new OrderResult.NeedsRestart("version 11"))
                .turn()
                .begins(
                        Rule.FOLLOW_BY_RESTART,
                        new PostgresTask.Restart(upstreamOf("c"), Duration.ofMinutes(5)))
                .because("version 11");
    }

    @Test
    void an_order_to_follow_that_failed_is_given_again_in_the_next_turn() {
        given().leader("c")
                .orderEnds(Rule.FOLLOW, new OrderResult.Failed("disk full"))
                .turn()
                .goes(Rule.FOLLOW, Rule.FOLLOWS);
    }

    @Test
    void replicatefrom_names_the_member_to_follow() {
        Turn turn = given().tag("replicatefrom", "c").turn();
        assertThat(turn.ordered(Rule.FOLLOW))
                .isEqualTo(new PostgresOrder.Follow(upstreamOf("c"), false));
    }

    @Test
    void replicatefrom_a_member_that_is_gone_means_the_leader() {
        given().tag("replicatefrom", "gone").turn().goes(Rule.FOLLOWS);
    }

    @Test
    void replicatefrom_myself_means_the_leader() {
        given().tag("replicatefrom", "a").turn().goes(Rule.FOLLOWS);
    }

    @Test
    void nostream_follows_nobody() {
        Turn turn = given().tag("nostream", true).turn();
        assertThat(turn.ordered(Rule.FOLLOW))
                .isEqualTo(new PostgresOrder.Follow(Upstream.none(), false));
    }

    @Test
    void a_leader_that_publishes_nothing_can_not_be_followed_yet() {
        Turn turn = given().without("b").turn();
        assertThat(turn.ordered(Rule.FOLLOW))
                .isEqualTo(new PostgresOrder.Follow(Upstream.none(), false));
    }

    @Test
    void in_pause_a_leader_that_publishes_nothing_changes_nothing() {
        given().paused().without("b").turn().goes(Rule.FOLLOWS);
    }

    // ---- divergence
    // ------------------------------------------------------------------------------------------------

    @Test
    void a_stream_that_does_not_come_is_a_reason_to_compare() {
        given().rewind(new RewindState.Unsuspected())
                .postgres(standby(1, 1000, upstreamOf("b"), null))
                .turn()
                .goes(Rule.COMPARE_WITH_LEADER, Rule.FOLLOWS);
    }

    @Test
    void a_leader_on_a_newer_timeline_whose_stream_does_not_come_is_compared_with() {
        given().member("b", m -> m.timeline(Timeline.of(2)))
                .postgres(standby(1, 1000, upstreamOf("b"), null))
                .turn()
                .goes(Rule.COMPARE_WITH_LEADER, Rule.FOLLOWS);
    }

    @Test
    void diverged_data_is_rewound() {
        given().rewind(new RewindState.Check())
                .compared(new Divergence.Diverged("beyond the fork"))
                .turn()
                .begins(Rule.REWIND, new PostgresTask.Rewind(upstreamOf("b")))
                .because("beyond the fork");
    }

    @Test
    void what_can_not_be_compared_yet_does_not_keep_a_running_standby_from_going_on() {
        Turn turn =
                given().rewind(new RewindState.Check())
                        .compared(new Divergence.Undecided("no route"))
                        .turn();
        turn.goes(Rule.COMPARE_WITH_LEADER, Rule.FOLLOWS);
        assertThat(turn.memory().rewind()).isEqualTo(new RewindState.Check());
    }

    @Test
    void what_has_not_been_compared_yet_does_not_stream() {
        given().rewind(new RewindState.Check())
                .postgres(standby(1, 1000, Upstream.none(), null))
                .compared(new Divergence.Undecided("no route"))
                .turn()
                .goes(Rule.COMPARE_WITH_LEADER, Rule.DIVERGENCE_UNKNOWN);
    }

    @Test
    void what_was_compared_streams() {
        given().rewind(new RewindState.Check())
                .postgres(standby(1, 1000, Upstream.none(), null))
                .turn()
                .goes(Rule.COMPARE_WITH_LEADER, Rule.FOLLOW, Rule.FOLLOWS);
    }

    // ---- two primaries
    // -------------------------------------------------------------------------------------------

    @Test
    void a_primary_that_does_not_lead_is_stopped() {
        Turn turn = given().primary().turn();
        turn.fences(Rule.FENCE_STALE_PRIMARY).because("b leads");
        assertThat(turn.memory().rewind()).isEqualTo(new RewindState.Check());
    }

    @Test
    void a_primary_that_can_not_be_asked_and_does_not_lead_is_stopped() {
        given().unresponsive(true, Duration.ZERO).turn().fences(Rule.FENCE_STALE_PRIMARY);
    }

    @Test
    void a_primary_that_is_starting_and_does_not_lead_is_stopped() {
        given().starting(false, Duration.ZERO).turn().fences(Rule.FENCE_STALE_PRIMARY);
    }

    @Test
    void a_primary_that_waits_for_its_clients_to_leave_and_does_not_lead_is_stopped() {
        given().stoppingPrimary(null).turn().fences(Rule.FENCE_STALE_PRIMARY);
    }

    @Test
    void a_primary_that_was_told_of_another_leader_is_stopped() {
        given().leader(null)
                .primary()
                .promised("b", Duration.ofSeconds(10))
                .turn()
                .fences(Rule.FENCE_STALE_PRIMARY);
    }

    @Test
    void in_pause_a_primary_that_does_not_lead_runs_on() {
        given().paused().primary().turn().goes(Rule.PRIMARY_WITHOUT_LEASE_IN_PAUSE);
    }

    @Test
    void in_pause_a_primary_that_does_not_lead_is_restarted_on_request() {
        given().paused()
                .primary()
                .request(new OperatorRequest.Restart(io.tamada.ha.model.RestartFilter.NONE))
                .turn()
                .begins(Rule.RESTART, PostgresTask.Restart.class);
    }

    // ---- not ready
    // -----------------------------------------------------------------------------------------------

    @Test
    void a_standby_that_starts_is_waited_for() {
        given().starting(true, Duration.ofHours(1)).turn().goes(Rule.NOT_READY_TO_FOLLOW);
    }

    @Test
    void a_standby_that_can_not_be_asked_is_waited_for() {
        given().unresponsive(false, Duration.ofHours(1)).turn().goes(Rule.NOT_READY_TO_FOLLOW);
    }

    @Test
    void a_standby_that_never_ends_starting_can_be_made_anew() {
        given().starting(true, Duration.ofHours(1))
                .request(new OperatorRequest.Reinitialize(false, false))
                .turn()
                .begins(Rule.REINITIALIZE, PostgresTask.Reinitialize.class);
    }

    // ---- a promise
    // ------------------------------------------------------------------------------------------------

    @Test
    void a_primary_that_goes_on_without_the_store_leads_as_long_as_the_promise_runs() {
        given().leader(null).promised("b", Duration.ofSeconds(29)).turn().goes(Rule.FOLLOWS);
    }

    @Test
    void a_promise_ends_with_the_ttl() {
        given().nobodyLeads()
                .promised("b", Duration.ofSeconds(30))
                .peer("b", Answers.standbyAt(1000))
                .peer("c", Answers.standbyAt(1000))
                .turn()
                .passes(Rule.WIN_RACE);
    }
}
