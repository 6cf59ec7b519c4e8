package io.tamada.ha.policy;

import static io.tamada.ha.policy.Answers.standbyAt;
import static io.tamada.ha.policy.Given.given;
import static io.tamada.ha.policy.Given.server;
import static io.tamada.ha.policy.Given.standby;
import static io.tamada.ha.policy.Given.upstreamOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.HeldLease;
import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.SlotFacts;
import io.tamada.ha.model.StandbyCluster;
import io.tamada.ha.model.Timeline;
import io.tamada.ha.model.TimelineHistory;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.Divergence;
import io.tamada.ha.port.OrderResult;
import io.tamada.ha.port.PostgresOrder;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.PostgresTask.Stop;
import io.tamada.ha.port.TaskResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// I hold the lease, and a server runs.
class LeaderRulesTest {

    private static final Stop AT_ONCE =
            new Stop(Stop.Mode.IMMEDIATE, false, Duration.ofSeconds(5), Stop.Reason.DEMOTION);

    private static Given leader() {
        return given().iLead().primary();
    }

    private static Given newLeader() {
        return given().iLead().postgres(standby(1, 1000, Upstream.none(), null));
    }

    // ---- a primary
    // -----------------------------------------------------------------------------------------------

    @Test
    void a_primary_with_the_lease_arms_the_watchdog_and_tells_positions() {
        Turn turn = leader().turn();
        turn.goes(Rule.GUARD, Rule.PUBLISH_STATUS, Rule.LEADS).holdsFor(Duration.ofSeconds(10));
    }

    @Test
    void a_primary_without_the_required_watchdog_is_stopped() {
        Turn turn = leader().watchdogFails().turn();
        turn.begins(Rule.DEMOTE_WITHOUT_WATCHDOG, AT_ONCE);
        assertThat(turn.memory().steppingDown()).isNotNull();
    }

    @Test
    void in_pause_the_watchdog_is_off() {
        leader().paused().watchdogFails().turn().goes(Rule.GUARD_OFF_IN_PAUSE, Rule.LEADS);
    }

    @Test
    void a_hold_ends_before_the_lease_does() {
        given().iLeadFor(Duration.ofSeconds(8))
                .primary()
                .turn()
                .holds(Rule.LEADS)
                .holdsFor(Duration.ofSeconds(3));
        given().iLeadFor(Duration.ofSeconds(2)).primary().turn().holdsFor(Duration.ofMillis(50));
    }

    @Test
    void a_missing_configuration_is_written_again() {
        Turn turn = leader().configMissing().turn();
        assertThat(turn.wrote(Rule.RESTORE_CONFIG)).isInstanceOf(DcsEntry.Config.class);
        turn.ends(Rule.LEADS);
    }

    @Test
    void the_first_checkpoint_after_a_promotion_is_begun_and_waited_for() {
        LocalPostgres.Primary p =
                new LocalPostgres.Primary(
                        server(2, List.of(), Map.of()), Lsn.of(1000), "", "on", null, false);
        given().iLead()
                .postgres(p)
                .turn()
                .goes(Rule.CHECKPOINT_AFTER_PROMOTE, Rule.LEADS)
                .holdsFor(Duration.ofSeconds(1));
    }

    // ---- what it tells
    // -------------------------------------------------------------------------------------------

    private static LocalPostgres primaryWith(
            int timeline, @Nullable TimelineHistory history, Map<String, SlotFacts> slots) {
        return new LocalPostgres.Primary(
                server(timeline, List.of(), slots), Lsn.of(1000), "", "on", history, true);
    }

    private static TimelineHistory.Switch ended(int timeline, long at, @Nullable String leader) {
        return new TimelineHistory.Switch(
                Timeline.of(timeline), Lsn.of(at), "why", "2040-01-01T00:00:00Z", leader);
    }

    @Test
    void the_first_timeline_has_no_history() {
        leader().turn().never(Rule.PUBLISH_HISTORY);
    }

    @Test
    void a_history_left_by_another_cluster_is_emptied() {
        assertThat(leader().history(500).turn().wrote(Rule.PUBLISH_HISTORY))
                .isEqualTo(new DcsEntry.History(TimelineHistory.EMPTY));
    }

    @Test
    void a_new_timeline_is_told_with_the_name_of_who_was_promoted() {
        TimelineHistory local =
                new TimelineHistory(List.of(ended(1, 500, null), ended(2, 900, null)));
        Turn turn =
                given().iLead()
                        .postgres(primaryWith(3, local, Map.of()))
                        .store(v -> v.history(new TimelineHistory(List.of(ended(1, 500, "b")))))
                        .turn();
        assertThat(turn.wrote(Rule.PUBLISH_HISTORY))
                .isEqualTo(
                        new DcsEntry.History(
                                new TimelineHistory(
                                        List.of(ended(1, 500, "b"), ended(2, 900, "a")))));
    }

    @Test
    void a_history_that_is_complete_is_left_alone() {
        TimelineHistory local = new TimelineHistory(List.of(ended(1, 500, null)));
        given().iLead()
                .postgres(primaryWith(2, local, Map.of()))
                .store(v -> v.history(new TimelineHistory(List.of(ended(1, 500, "b")))))
                .turn()
                .never(Rule.PUBLISH_HISTORY);
    }

    @Test
    void only_so_many_timelines_are_kept() {
        TimelineHistory local =
                new TimelineHistory(List.of(ended(1, 500, null), ended(2, 900, null)));
        Turn turn =
                given().config("max_timelines_history", 1)
                        .iLead()
                        .postgres(primaryWith(3, local, Map.of()))
                        .turn();
        assertThat(turn.wrote(Rule.PUBLISH_HISTORY))
                .isEqualTo(new DcsEntry.History(new TimelineHistory(List.of(ended(2, 900, "a")))));
    }

    @Test
    void the_status_carries_slots_my_own_among_them_and_members_to_keep_slots_for() {
        Turn turn =
                given().iLead()
                        .postgres(
                                primaryWith(
                                        1,
                                        null,
                                        Map.of("b", SlotFacts.physical(true, Lsn.of(800)))))
                        .turn();
        var status = ((DcsEntry.Status) turn.wrote(Rule.PUBLISH_STATUS)).status();
        assertThat(status.optime()).isEqualTo(Lsn.of(1000));
        assertThat(status.slots())
                .containsExactlyInAnyOrderEntriesOf(Map.of("a", Lsn.of(1000), "b", Lsn.of(800)));
        assertThat(status.retainSlots()).containsExactly("a", "b", "c");
    }

    @Test
    void slots_of_members_that_left_are_kept_for_their_time() {
        Given soon =
                leader().without("c")
                        .remember(m -> m.slotsSeen = Map.of("c", given().now))
                        .later(Duration.ofMinutes(29));
        assertThat(retained(soon)).contains("c");
        Given late =
                leader().without("c")
                        .remember(m -> m.slotsSeen = Map.of("c", given().now))
                        .later(Duration.ofMinutes(31));
        late.iLead();
        assertThat(retained(late)).doesNotContain("c");
        assertThat(retained(leader().config("member_slots_ttl", 0))).isEmpty();
    }

    private static java.util.Set<String> retained(Given given) {
        given.iLead();
        return ((DcsEntry.Status) given.turn().wrote(Rule.PUBLISH_STATUS)).status().retainSlots();
    }

    @Test
    void the_failsafe_list_is_kept_while_the_mode_is_on() {
        Turn turn = leader().config("failsafe_mode", true).turn();
        assertThat(turn.wrote(Rule.PUBLISH_FAILSAFE))
                .isEqualTo(
                        new DcsEntry.Failsafe(
                                Map.of(
                                        Given.A, Given.api("a"),
                                        Given.B, Given.api("b"),
                                        Given.C, Given.api("c"))));
        leader().turn().never(Rule.PUBLISH_FAILSAFE);
    }

    // ---- a standby that is to lead
    // -------------------------------------------------------------------------------

    @Test
    void a_standby_with_the_lease_is_promoted() {
        Turn turn = newLeader().turn();
        turn.goes(Rule.GUARD, Rule.SYNC_NAMES_BEFORE_PROMOTION, Rule.PROMOTE);
        assertThat(turn.memory().rewind()).isEqualTo(new RewindState.Unsuspected());
    }

    @Test
    void a_lease_that_is_about_to_end_is_renewed_before_anybody_is_promoted() {
        newLeader()
                .iLeadFor(Duration.ofSeconds(9))
                .turn()
                .goes(Rule.LEASE_TOO_SHORT_TO_PROMOTE)
                .after()
                .iLeadFor(Duration.ofSeconds(30))
                .turn()
                .passes(Rule.PROMOTE);
    }

    @Test
    void a_standby_without_the_required_watchdog_gives_the_lease_back() {
        newLeader()
                .watchdogFails()
                .turn()
                .passes(Rule.NO_PROMOTION_WITHOUT_WATCHDOG)
                .never(Rule.PROMOTE);
    }

    private static Given promotionEnded(TaskResult result) {
        Given g = newLeader();
        HeldLease lease = Objects.requireNonNull(g.observation().lease());
        return g.ended(new PostgresTask.Promote(lease, Duration.ofMinutes(1)), result);
    }

    @Test
    void a_promotion_that_may_work_yet_is_tried_again() {
        promotionEnded(new TaskResult.Failed("no answer", true)).turn().goes(Rule.PROMOTE_FAILED);
    }

    @Test
    void a_promotion_that_keeps_failing_leaves_the_lease_to_another() {
        Turn turn =
                promotionEnded(new TaskResult.Failed("no answer", true))
                        .remember(m -> m.failedPromotions = 2)
                        .turn();
        turn.goes(Rule.CANNOT_PROMOTE);
        assertThat(turn.memory().noRaceUntilNanos()).isEqualTo(given().now + Given.TTL.toNanos());
        Turn stopped = turn.after().down(ControlData.State.IN_ARCHIVE_RECOVERY).turn();
        stopped.goes(Rule.RELEASE_STEPPING_DOWN, Rule.WAIT_FOR_SUCCESSOR);
        assertThat(stopped.memory().failedPromotions()).isEqualTo(3);
        assertThat(stopped.after().turn().memory().failedPromotions()).isZero();
    }

    @Test
    void a_promotion_that_succeeded_forgets_the_attempts_before() {
        Turn turn = given().iLead().primary().remember(m -> m.failedPromotions = 2).turn();
        assertThat(turn.memory().failedPromotions()).isZero();
    }

    @Test
    void a_refused_promotion_gives_the_lease_back_and_keeps_out_of_races_for_one_ttl() {
        Turn turn = promotionEnded(new TaskResult.Failed("pre_promote", false)).turn();
        turn.goes(Rule.PRE_PROMOTE_FAILED, Rule.RACE_AFTER_FAILED_PROMOTE);
        assertThat(turn.memory().noRaceUntilNanos()).isEqualTo(given().now + Given.TTL.toNanos());
    }

    @Test
    void a_lease_that_comes_while_promotion_is_out_of_the_question_is_given_back() {
        newLeader()
                .remember(m -> m.noRaceUntilNanos = given().now + 1)
                .turn()
                .passes(Rule.PRE_PROMOTE_FAILED);
    }

    @Test
    void in_pause_a_standby_with_the_lease_gives_it_back() {
        newLeader().paused().turn().goes(Rule.RELEASE_NOT_PRIMARY_IN_PAUSE, Rule.NO_RACE_IN_PAUSE);
    }

    @Test
    void in_pause_a_standby_that_was_asked_to_lead_is_promoted() {
        newLeader().paused().failoverTo("a").watchdogFails().turn().ends(Rule.PROMOTE);
    }

    // ---- not there yet
    // -------------------------------------------------------------------------------------------

    @Test
    void a_leader_that_starts_is_given_its_time() {
        given().iLead()
                .starting(false, Duration.ofSeconds(299))
                .turn()
                .goes(Rule.STILL_STARTING)
                .because("1 seconds");
    }

    @Test
    void a_leader_that_starts_too_slowly_is_stopped_where_somebody_can_take_over() {
        given().iLead()
                .starting(false, Duration.ofMinutes(5))
                .peer("b", standbyAt(1000))
                .turn()
                .begins(Rule.START_TOO_SLOW, AT_ONCE);
    }

    @Test
    void a_leader_that_starts_too_slowly_goes_on_where_nobody_can_take_over() {
        given().iLead()
                .starting(false, Duration.ofMinutes(5))
                .turn()
                .goes(Rule.ASK_SUCCESSORS, Rule.NO_SUCCESSOR);
    }

    @Test
    void a_requested_restart_has_its_own_limit() {
        given().iLead()
                .starting(false, Duration.ofSeconds(20))
                .remember(m -> m.startTimeout = Duration.ofSeconds(10))
                .peer("b", standbyAt(1000))
                .turn()
                .ends(Rule.START_TOO_SLOW);
    }

    @Test
    void a_leader_that_starts_hands_over_on_request() {
        given().iLead()
                .starting(false, Duration.ZERO)
                .switchover("a", "b")
                .peer("b", standbyAt(1000))
                .turn()
                .ends(Rule.HAND_OVER);
    }

    @Test
    void in_pause_a_leader_starts_for_as_long_as_it_takes() {
        given().iLead()
                .paused()
                .starting(false, Duration.ofHours(9))
                .peer("b", standbyAt(1000))
                .turn()
                .goes(Rule.STILL_STARTING);
    }

    @Test
    void a_leader_that_does_not_answer_is_given_time_and_then_stopped() {
        given().iLead().unresponsive(true, Duration.ofSeconds(299)).turn().goes(Rule.UNRESPONSIVE);
        given().iLead()
                .unresponsive(true, Duration.ofMinutes(5))
                .peer("b", standbyAt(1000))
                .turn()
                .begins(Rule.HUNG, AT_ONCE);
    }

    @Test
    void one_slow_answer_is_no_crash_even_where_crashes_fail_over_at_once() {
        given().iLead()
                .config("primary_start_timeout", 0)
                .unresponsive(true, Duration.ofSeconds(29))
                .peer("b", standbyAt(1000))
                .turn()
                .goes(Rule.UNRESPONSIVE);
    }

    @Test
    void a_leader_that_stops_is_waited_for() {
        given().iLead().stoppingPrimary(null).turn().goes(Rule.LEADER_STOPS);
    }

    // ---- a standby cluster
    // ---------------------------------------------------------------------------------------

    private static final Upstream REMOTE =
            new Upstream.Remote(new StandbyCluster("far", 5432, null, List.of(), null, null, null));

    private static Given standbyLeader() {
        return given().standbyCluster().iLead().postgres(standby(1, 1000, REMOTE, "streaming"));
    }

    @Test
    void a_standby_leader_follows_the_remote_source() {
        standbyLeader().turn().goes(Rule.LEADS_STANDBY_CLUSTER);
        Turn turn = standbyLeader().postgres(standby(1, 1000, upstreamOf("b"), null)).turn();
        assertThat(turn.ordered(Rule.FOLLOW_REMOTE))
                .isEqualTo(new PostgresOrder.Follow(REMOTE, true));
    }

    @Test
    void a_standby_leader_restarts_where_a_reload_is_not_enough() {
        standbyLeader()
                .postgres(standby(1, 1000, upstreamOf("b"), null))
                .orderEnds(Rule.FOLLOW_REMOTE, new OrderResult.NeedsRestart("version 11"))
                .turn()
                .begins(
                        Rule.FOLLOW_REMOTE_BY_RESTART,
                        new PostgresTask.Restart(REMOTE, Duration.ofMinutes(5)));
    }

    @Test
    void a_standby_leader_is_rewound_from_the_remote_source() {
        standbyLeader()
                .rewind(new RewindState.Check())
                .compared(new Divergence.Diverged("beyond the fork"))
                .turn()
                .begins(Rule.REWIND, new PostgresTask.Rewind(REMOTE));
    }

    @Test
    void a_standby_leader_hands_over_on_request() {
        standbyLeader().switchover("a", "b").peer("b", standbyAt(1000)).turn().ends(Rule.HAND_OVER);
    }

    @Test
    void a_primary_becomes_standby_leader_when_the_cluster_is_told_to_follow_another() {
        given().standbyCluster()
                .iLead()
                .primary()
                .turn()
                .begins(
                        Rule.DEMOTE_CLUSTER,
                        new Stop(Stop.Mode.FAST, true, null, Stop.Reason.DEMOTE_CLUSTER));
    }

    @Test
    void in_pause_a_primary_stays_one_when_the_cluster_is_told_to_follow_another() {
        given().standbyCluster().paused().iLead().primary().turn().ends(Rule.LEADS);
    }

    @Test
    void a_standby_leader_is_promoted_when_the_cluster_stops_following_another() {
        given().iLead().postgres(standby(1, 1000, REMOTE, "streaming")).turn().ends(Rule.PROMOTE);
    }

    // ---- the lease
    // -----------------------------------------------------------------------------------------------

    @Test
    void a_lease_that_the_store_shows_with_another_is_not_believed() {
        leader().leader("b")
                .turn()
                .goes(Rule.LEASE_GONE, Rule.FENCE_STALE_PRIMARY)
                .fences(Rule.FENCE_STALE_PRIMARY);
    }

    @Test
    void a_lease_that_is_gone_from_the_store_is_taken_again() {
        leader().leader(null).turn().passes(Rule.LEASE_GONE).passes(Rule.RETAKE_LEASE);
    }

    @Test
    void a_key_that_carries_my_name_from_before_is_taken_over() {
        given().leader("a").primary().turn().goes(Rule.LEASE_REGAINED, Rule.LEADS);
    }

    @Test
    void a_key_with_my_name_that_is_not_mine_any_more_stops_the_primary() {
        given().leader("a")
                .primary()
                .deniesLease(Rule.LEASE_REGAINED)
                .turn()
                .fences(Rule.FENCE_STALE_PRIMARY);
    }

    @Test
    void a_key_that_is_being_given_away_is_left_to_expire() {
        given().leader("a")
                .steppingDown(SteppingDown.Why.SWITCHOVER, "b", Duration.ZERO, true)
                .down(Given.shutDown())
                .turn()
                .goes(Rule.WAIT_FOR_SUCCESSOR);
    }
}
