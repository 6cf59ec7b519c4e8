package io.tamada.ha.policy;

import static io.tamada.ha.policy.Answers.primaryAt;
import static io.tamada.ha.policy.Answers.standbyAt;
import static io.tamada.ha.policy.Given.given;
import static io.tamada.ha.policy.Given.standby;
import static io.tamada.ha.policy.Given.streaming;
import static io.tamada.ha.policy.Given.upstreamOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.dcs.LeaseResult;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.Initialization;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.PostgresOrder;
import io.tamada.ha.port.PostgresTask;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Nobody leads.
class ElectionRulesTest {

    /// A race with `b`, which led, and `c`.
    private static Given race() {
        return given().nobodyLeads().peer("b", standbyAt(1000)).peer("c", standbyAt(1000));
    }

    private static Given raceAt(long position) {
        return race().postgres(standby(1, position, Upstream.none(), null));
    }

    // ---- a running primary
    // ---------------------------------------------------------------------------------------

    @Test
    void a_primary_takes_the_free_lease_again() {
        given().leader(null).primary().turn().passes(Rule.RETAKE_LEASE).ends(Rule.LEADS);
    }

    @Test
    void a_primary_that_does_not_get_the_lease_is_stopped() {
        given().leader(null)
                .primary()
                .deniesLease(Rule.RETAKE_LEASE)
                .turn()
                .fences(Rule.FENCE_WITHOUT_LEASE);
    }

    @Test
    void a_primary_that_can_not_know_whether_it_got_the_lease_is_stopped() {
        given().leader(null)
                .primary()
                .leaseSays(Rule.RETAKE_LEASE, new LeaseResult.Unknown("timeout"))
                .turn()
                .fences(Rule.FENCE_WITHOUT_LEASE);
    }

    @Test
    void a_primary_on_an_old_timeline_must_not_take_the_lease() {
        Turn turn = given().leader(null).history(900).primary(1, 5000).turn();
        turn.fences(Rule.FENCE_OLD_TIMELINE);
        assertThat(turn.memory().rewind()).isEqualTo(new RewindState.Check());
    }

    @Test
    void a_primary_on_the_clusters_timeline_takes_the_lease() {
        given().leader(null).history(900).primary(2, 1000).turn().passes(Rule.RETAKE_LEASE);
    }

    @Test
    void a_primary_that_may_not_fail_over_takes_its_lease_again() {
        given().tag("nofailover", true).leader(null).primary().turn().passes(Rule.RETAKE_LEASE);
    }

    @Test
    void in_pause_a_primary_that_does_not_get_the_lease_runs_on() {
        given().paused()
                .leader(null)
                .primary()
                .deniesLease(Rule.RETAKE_LEASE)
                .turn()
                .goes(Rule.RETAKE_LEASE, Rule.PRIMARY_WITHOUT_LEASE_IN_PAUSE);
    }

    @Test
    void in_pause_a_primary_takes_the_lease_whatever_its_timeline() {
        given().paused().leader(null).history(900).primary().turn().passes(Rule.RETAKE_LEASE);
    }

    @Test
    void in_pause_a_primary_of_another_cluster_takes_no_lease() {
        given().paused()
                .initialization(new Initialization.Done(Given.FOREIGN))
                .leader(null)
                .primary()
                .turn()
                .goes(Rule.PRIMARY_WITHOUT_LEASE_IN_PAUSE);
    }

    @Test
    void a_primary_that_can_not_be_asked_is_stopped() {
        given().leader(null)
                .unresponsive(true, Duration.ZERO)
                .turn()
                .fences(Rule.FENCE_WITHOUT_LEASE);
    }

    @Test
    void a_primary_that_is_starting_is_stopped() {
        given().leader(null).starting(false, Duration.ZERO).turn().fences(Rule.FENCE_WITHOUT_LEASE);
    }

    @Test
    void a_primary_that_waits_for_its_clients_to_leave_is_stopped() {
        given().leader(null).stoppingPrimary(null).turn().fences(Rule.FENCE_WITHOUT_LEASE);
    }

    @Test
    void a_standby_that_starts_can_not_race() {
        given().leader(null).starting(true, Duration.ZERO).turn().goes(Rule.NOT_READY_FOR_RACE);
    }

    @Test
    void in_pause_a_primary_that_can_not_be_asked_is_left_alone() {
        given().paused()
                .leader(null)
                .unresponsive(true, Duration.ZERO)
                .turn()
                .goes(Rule.NOT_READY_FOR_RACE);
    }

    // ---- who stays out
    // -------------------------------------------------------------------------------------------

    @Test
    void after_a_failed_promotion_a_member_stays_out() {
        race().remember(m -> m.noRaceUntilNanos = Duration.ofHours(1).toNanos() + 1)
                .turn()
                .goes(Rule.RACE_AFTER_FAILED_PROMOTE);
    }

    @Test
    void there_is_no_race_in_pause() {
        race().paused().turn().goes(Rule.NO_RACE_IN_PAUSE);
    }

    @Test
    void a_member_tagged_nofailover_stays_out() {
        race().tag("nofailover", true).turn().goes(Rule.NOT_ALLOWED_TO_PROMOTE);
    }

    @Test
    void a_member_of_failover_priority_0_stays_out() {
        race().tag("failover_priority", 0).turn().goes(Rule.NOT_ALLOWED_TO_PROMOTE);
    }

    @Test
    void a_member_without_the_required_watchdog_stays_out() {
        race().watchdogUnhealthy().turn().goes(Rule.NO_RACE_WITHOUT_WATCHDOG);
    }

    @Test
    void a_member_that_is_not_in_the_failsafe_list_stays_out() {
        race().config("failsafe_mode", true)
                .store(v -> v.failsafe(Map.of(Given.B, Given.api("b"))))
                .turn()
                .goes(Rule.NOT_IN_FAILSAFE);
    }

    private static Given raceWithoutCInTheList() {
        return race().config("failsafe_mode", true)
                .store(v ->
                        v.failsafe(
                                Map.of(
                                        Given.A, Given.api("a"),
                                        Given.B, Given.api("b"))));
    }

    @Test
    void a_member_that_is_not_in_the_failsafe_list_keeps_nobody_back() {
        raceWithoutCInTheList()
                .peer("c", standbyAt(1000).tag("failover_priority", 2))
                .turn()
                .passes(Rule.WIN_RACE);
        raceWithoutCInTheList().peer("c", standbyAt(1001)).turn().passes(Rule.WIN_RACE);
    }

    private static Given justStarted() {
        Given g =
                given().nobodyLeads()
                        .peer("c", standbyAt(1000))
                        .config("failsafe_mode", true)
                        .store(v ->
                                v.failsafe(
                                        Map.of(Given.A, Given.api("a"), Given.B, Given.api("b"))));
        return g.remember(m -> m.firstTurnNanos = g.now - Given.TTL.toNanos() + 1);
    }

    @Test
    void a_member_that_may_have_forgotten_a_promise_stays_out() {
        justStarted().turn().holds(Rule.PROMISE_MAY_RUN);
    }

    @Test
    void a_member_that_may_have_forgotten_a_promise_stays_out_whoever_asks_for_it() {
        justStarted()
                .store(v -> v.failover(new FailoverRequest.Failover(Given.A)))
                .turn()
                .holds(Rule.PROMISE_MAY_RUN);
    }

    @Test
    void a_member_that_may_have_forgotten_a_promise_stays_out_while_another_is_primary() {
        justStarted().peer("b", Answers.primaryAt(1000)).turn().holds(Rule.PROMISE_MAY_RUN);
    }

    @Test
    void no_promise_can_run_where_all_are_standbys() {
        justStarted().peer("b", Answers.standbyAt(1000)).turn().passes(Rule.WIN_RACE);
    }

    @Test
    void a_promise_given_before_the_start_has_run_out_after_a_ttl() {
        Given g = justStarted();
        g.remember(m -> m.firstTurnNanos = g.now - Given.TTL.toNanos())
                .turn()
                .passes(Rule.WIN_RACE);
    }

    @Test
    void an_empty_failsafe_list_keeps_nobody_out() {
        race().config("failsafe_mode", true).turn().passes(Rule.WIN_RACE);
    }

    @Test
    void a_stale_failsafe_list_counts_for_nothing_while_the_mode_is_off() {
        race().store(v -> v.failsafe(Map.of(Given.B, Given.api("b")))).turn().passes(Rule.WIN_RACE);
    }

    // ---- backoff
    // -------------------------------------------------------------------------------------------------

    private static Given backoff(long before, long now) {
        return given().config("primary_race_backoff", 20)
                .nobodyLeads()
                .postgres(streaming(1, now, upstreamOf("b")))
                .remember(m -> {
                    m.lastPosition = Lsn.of(before);
                    m.previousPosition = Lsn.of(before);
                });
    }

    @Test
    void wal_that_still_arrives_postpones_the_race() {
        backoff(900, 1000).turn().goes(Rule.RACE_BACKOFF);
    }

    @Test
    void wal_that_does_not_move_postpones_nothing() {
        backoff(1000, 1000).turn().never(Rule.RACE_BACKOFF);
    }

    @Test
    void the_race_is_postponed_for_as_long_as_configured_and_no_longer() {
        backoff(900, 1000).later(Duration.ofSeconds(20)).turn().never(Rule.RACE_BACKOFF);
    }

    @Test
    void a_request_is_not_postponed() {
        backoff(900, 1000).failoverTo("a").turn().passes(Rule.WIN_RACE);
    }

    // ---- revoke, then count
    // --------------------------------------------------------------------------------------

    @Test
    void the_receiver_is_stopped_before_positions_are_compared() {
        Turn turn = race().postgres(streaming(1, 1000, upstreamOf("b"))).turn();
        turn.goes(Rule.STOP_RECEIVER, Rule.RECEIVER_STOPS);
        assertThat(turn.ordered(Rule.STOP_RECEIVER))
                .isEqualTo(new PostgresOrder.Follow(Upstream.none(), false));
    }

    @Test
    void a_receiver_that_does_not_stop_holds_the_race_up_for_a_second_only() {
        Turn turn =
                race().postgres(streaming(1, 1000, upstreamOf("b")))
                        .remember(m -> m.generation = null)
                        .later(Duration.ofSeconds(1))
                        .turn();
        turn.goes(Rule.STOP_RECEIVER, Rule.POSITION_IS_FINAL);
        turn.after().turn().goes(Rule.ASK_PEERS, Rule.WIN_RACE, Rule.PROMOTE);
    }

    @Test
    void a_position_is_told_as_final_before_others_are_asked_for_theirs() {
        Turn turn = race().remember(m -> m.generation = null).turn();
        turn.goes(Rule.POSITION_IS_FINAL);
        assertThat(turn.memory().generation()).isEqualTo("b@b");
        turn.after().turn().passes(Rule.WIN_RACE);
    }

    @Test
    void positions_of_the_same_lease_are_final() {
        race().peer("c", standbyAt(1000).generation("b@b"))
                .turn()
                .goes(Rule.ASK_PEERS, Rule.WIN_RACE, Rule.PROMOTE);
    }

    @Test
    void a_peer_that_still_receives_is_waited_for() {
        race().peer("c", standbyAt(1000).generation("x@old"))
                .turn()
                .goes(Rule.ASK_PEERS, Rule.POSITIONS_NOT_FINAL);
    }

    @Test
    void a_peer_that_goes_on_receiving_holds_the_race_up_for_a_second_only() {
        race().peer("c", standbyAt(1000).generation("x@old"))
                .later(Duration.ofSeconds(1))
                .turn()
                .passes(Rule.WIN_RACE);
    }

    // ---- the comparison
    // ------------------------------------------------------------------------------------------

    @Test
    void the_healthiest_takes_the_lease_and_is_promoted() {
        race().turn()
                .goes(Rule.ASK_PEERS, Rule.WIN_RACE, Rule.PROMOTE)
                .begins(Rule.PROMOTE, PostgresTask.Promote.class);
    }

    @Test
    void whoever_loses_the_lease_to_another_looks_who_did() {
        race().deniesLease(Rule.WIN_RACE)
                .turn()
                .goes(Rule.ASK_PEERS, Rule.WIN_RACE, Rule.LOST_RACE);
    }

    @Test
    void nobody_is_promoted_on_an_unknown_answer() {
        race().leaseSays(Rule.WIN_RACE, new LeaseResult.Unknown("timeout"))
                .turn()
                .ends(Rule.LOST_RACE);
    }

    @Test
    void a_peer_that_is_ahead_goes_first() {
        raceAt(999).turn().ends(Rule.NOT_THE_HEALTHIEST).because("ahead of my wal position");
    }

    @Test
    void peers_that_are_behind_or_silent_do_not_matter() {
        given().nobodyLeads().peer("c", standbyAt(10)).turn().passes(Rule.WIN_RACE);
    }

    @Test
    void every_candidate_is_named_with_its_reason() {
        Turn turn =
                raceAt(999)
                        .peer("b", standbyAt(1000))
                        .peer("c", standbyAt(500))
                        .member("d", m -> m)
                        .peer("d", standbyAt(2000).tag("nofailover", true))
                        .member("e", m -> m)
                        .turn();
        turn.ends(Rule.NOT_THE_HEALTHIEST)
                .because("Wal position of b is ahead of my wal position: 0/3E8 against 0/3E7")
                .because("c is behind: 0/1F4, mine is 0/3E7")
                .because("d is ahead at 0/7D0 but may not lead")
                .because("e does not answer");
    }

    @Test
    void the_winner_names_those_that_were_not_asked() {
        Turn turn =
                given().nobodyLeads()
                        .config("synchronous_mode", true)
                        .sync("b", "a", 0)
                        .peer("c", standbyAt(5000))
                        .turn()
                        .passes(Rule.WIN_RACE);
        assertThat(turn.decided(Rule.WIN_RACE).because())
                .anyMatch(line -> line.startsWith("c may not take over"));
    }

    @Test
    void a_peer_that_accepts_writes_ends_the_race() {
        race().peer("c", primaryAt(5)).turn().ends(Rule.NOT_THE_HEALTHIEST).because("writes");
    }

    @Test
    void even_one_that_may_not_fail_over_and_accepts_writes_ends_the_race() {
        race().peer("c", primaryAt(5).tag("nofailover", true)).turn().ends(Rule.NOT_THE_HEALTHIEST);
    }

    @Test
    void a_peer_ahead_that_may_not_lead_is_passed() {
        raceAt(999)
                .peer("b", standbyAt(1000).tag("nofailover", true))
                .peer("c", standbyAt(1000).watchdogFailed())
                .turn()
                .passes(Rule.WIN_RACE);
    }

    @Test
    void a_member_that_left_the_store_is_still_asked() {
        given().nobodyLeads()
                .store(v -> v.withoutMember(Given.C))
                .peer("c", standbyAt(2000))
                .turn()
                .ends(Rule.NOT_THE_HEALTHIEST);
    }

    // ---- priority
    // ------------------------------------------------------------------------------------------------

    @Test
    void at_an_equal_position_the_higher_priority_goes_first() {
        race().peer("c", standbyAt(1000).tag("failover_priority", 2))
                .turn()
                .ends(Rule.NOT_THE_HEALTHIEST)
                .because("priority 2");
    }

    @Test
    void an_equal_priority_keeps_nobody_back() {
        race().tag("failover_priority", 2)
                .peer("c", standbyAt(1000).tag("failover_priority", 2))
                .turn()
                .passes(Rule.WIN_RACE);
    }

    @Test
    void priority_counts_for_nothing_where_positions_differ() {
        race().peer("c", standbyAt(999).tag("failover_priority", 9)).turn().passes(Rule.WIN_RACE);
    }

    @Test
    void the_priority_of_the_former_leader_does_not_count() {
        race().peer("b", standbyAt(1000).tag("failover_priority", 9)).turn().passes(Rule.WIN_RACE);
    }

    // ---- lag and timeline
    // ----------------------------------------------------------------------------------------

    @Test
    void whoever_is_at_the_lag_limit_may_lead() {
        race().optime(1000 + 1_048_576).turn().passes(Rule.WIN_RACE);
    }

    @Test
    void whoever_is_beyond_the_lag_limit_may_not() {
        race().optime(1001 + 1_048_576)
                .turn()
                .goes(Rule.NOT_THE_HEALTHIEST)
                .because("maximum_lag_on_failover");
    }

    @Test
    void the_lag_limit_is_a_setting() {
        race().config("maximum_lag_on_failover", 10)
                .optime(1011)
                .turn()
                .goes(Rule.NOT_THE_HEALTHIEST);
    }

    @Test
    void whoever_is_on_an_old_timeline_may_not_lead() {
        race().history(2000).turn().goes(Rule.NOT_THE_HEALTHIEST).because("timeline 1");
    }

    @Test
    void an_unknown_timeline_keeps_out_only_where_timelines_are_checked() {
        Given unknown = race().history(900).postgres(standby(0, 1000, Upstream.none(), null));
        unknown.peer("b", standbyAt(900)).peer("c", standbyAt(900));
        unknown.turn().passes(Rule.WIN_RACE);
        race().history(900)
                .config("check_timeline", true)
                .postgres(standby(0, 1000, Upstream.none(), null))
                .turn()
                .goes(Rule.NOT_THE_HEALTHIEST);
    }

    @Test
    void a_peer_on_a_newer_timeline_goes_first() {
        race().peer("c", standbyAt(10).timeline(2))
                .turn()
                .ends(Rule.NOT_THE_HEALTHIEST)
                .because("timeline 2");
    }

    @Test
    void a_diverged_peer_that_is_ahead_is_passed() {
        race().history(900)
                .postgres(standby(2, 1000, Upstream.none(), null))
                .peer("b", standbyAt(5000))
                .peer("c", standbyAt(1000).timeline(2))
                .turn()
                .passes(Rule.WIN_RACE);
    }

    @Test
    void wal_beyond_the_end_of_its_timeline_has_diverged() {
        var history = given().history(900, 2000).view.history();
        assertThat(Candidates.hasDiverged(history, 1, Lsn.of(900))).isFalse();
        assertThat(Candidates.hasDiverged(history, 1, Lsn.of(901))).isTrue();
        assertThat(Candidates.hasDiverged(history, 2, Lsn.of(2000))).isFalse();
        assertThat(Candidates.hasDiverged(history, 2, Lsn.of(2001))).isTrue();
        assertThat(Candidates.hasDiverged(history, 3, Lsn.of(9000))).isFalse();
        assertThat(Candidates.hasDiverged(history, 0, Lsn.of(9000))).isFalse();
        assertThat(Candidates.hasDiverged(null, 1, Lsn.of(9000))).isFalse();
    }

    // ---- synchronous
    // ---------------------------------------------------------------------------------------------

    @Test
    void only_synchronous_members_race() {
        race().config("synchronous_mode", true).sync("b", "c", 0).turn().goes(Rule.NOT_SYNCHRONOUS);
    }

    @Test
    void a_synchronous_standby_races_with_synchronous_members_only() {
        given().nobodyLeads()
                .config("synchronous_mode", true)
                .sync("b", "a", 0)
                .peer("c", standbyAt(5000))
                .turn()
                .passes(Rule.WIN_RACE);
    }

    @Test
    void a_former_leader_that_is_ahead_is_passed_by_a_synchronous_standby() {
        race().config("synchronous_mode", true)
                .sync("b", "a", 0)
                .peer("b", standbyAt(5000))
                .turn()
                .passes(Rule.WIN_RACE);
    }

    @Test
    void before_synchronous_replication_is_active_everybody_races() {
        race().config("synchronous_mode", true).turn().passes(Rule.WIN_RACE);
    }

    @Test
    void the_key_counts_for_nothing_while_the_mode_is_off() {
        race().sync("b", "c", 0).turn().passes(Rule.WIN_RACE);
    }

    // ---- quorum votes
    // --------------------------------------------------------------------------------------------

    /// Five members; the key names `b` as leader.
    private static Given quorum(String voters, int quorum) {
        return race().config("synchronous_mode", "quorum")
                .member("d", m -> m)
                .member("e", m -> m)
                .sync("b", voters, quorum);
    }

    @Test
    void a_voter_wins_with_exactly_the_votes_it_takes() {
        quorum("acde", 2)
                .peer("b", new0())
                .peer("c", standbyAt(1000))
                .peer("d", standbyAt(900))
                .turn()
                .passes(Rule.WIN_RACE);
    }

    /// It has no position, so that it can't vote.
    private static Answers new0() {
        return standbyAt(0);
    }

    @Test
    void one_vote_too_few_is_not_enough() {
        quorum("acde", 2).peer("b", new0()).turn().ends(Rule.NOT_THE_HEALTHIEST).because("1 of 2");
    }

    @Test
    void a_voter_that_is_ahead_goes_first() {
        quorum("acde", 1).peer("d", standbyAt(1001)).turn().ends(Rule.NOT_THE_HEALTHIEST);
    }

    @Test
    void a_voter_that_may_not_lead_and_is_ahead_gives_no_vote() {
        quorum("acde", 1)
                .peer("b", new0())
                .peer("c", standbyAt(1001).tag("nofailover", true))
                .turn()
                .ends(Rule.NOT_THE_HEALTHIEST)
                .because("0 of 1");
    }

    @Test
    void a_voter_that_may_not_lead_votes() {
        quorum("acde", 1)
                .peer("b", new0())
                .peer("c", standbyAt(1000).tag("nofailover", true))
                .turn()
                .passes(Rule.WIN_RACE);
    }

    @Test
    void the_former_leader_votes_when_it_is_not_ahead() {
        quorum("ac", 1).peer("c", new0()).turn().passes(Rule.WIN_RACE);
    }

    @Test
    void a_former_leader_that_is_ahead_does_not_vote() {
        quorum("ac", 1)
                .peer("c", new0())
                .peer("b", standbyAt(1001))
                .turn()
                .ends(Rule.NOT_THE_HEALTHIEST);
    }

    @Test
    void who_is_no_voter_needs_one_vote_more() {
        quorum("cde", 1).peer("b", new0()).turn().ends(Rule.NOT_THE_HEALTHIEST);
        quorum("cde", 1).peer("b", new0()).peer("d", standbyAt(1000)).turn().passes(Rule.WIN_RACE);
    }

    @Test
    void who_led_itself_needs_no_vote_while_nobody_is_ahead() {
        quorum("cd", 1)
                .sync("a", "cd", 1)
                .remember(m -> {
                    m.lastHealthy = given().iLead().view;
                    m.generation = "a@a";
                })
                .peer("b", new0())
                .peer("c", new0())
                .turn()
                .passes(Rule.WIN_RACE);
    }

    @Test
    void who_led_before_somebody_else_needs_votes() {
        quorum("cd", 1).sync("a", "cd", 1).peer("c", new0()).turn().ends(Rule.NOT_THE_HEALTHIEST);
    }

    @Test
    void only_the_priority_of_voters_counts_in_quorum_mode() {
        quorum("ac", 1)
                .peer("d", standbyAt(1000).tag("failover_priority", 9))
                .turn()
                .passes(Rule.WIN_RACE);
        quorum("ac", 1)
                .peer("c", standbyAt(1000).tag("failover_priority", 9))
                .turn()
                .ends(Rule.NOT_THE_HEALTHIEST);
    }

    // ---- in a standby cluster
    // ------------------------------------------------------------------------------------

    @Test
    void in_a_standby_cluster_timelines_and_receivers_are_left_alone() {
        given().standbyCluster()
                .nobodyLeads()
                .history(2000)
                .postgres(streaming(1, 1000, upstreamOf("b")))
                .turn()
                .passes(Rule.WIN_RACE)
                .never(Rule.STOP_RECEIVER)
                .never(Rule.PROMOTE);
    }
}
