package io.tamada.ha.policy;

import static io.tamada.ha.policy.Answers.standbyAt;
import static io.tamada.ha.policy.Given.WALL;
import static io.tamada.ha.policy.Given.given;
import static io.tamada.ha.policy.Given.standby;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.PostgresTask.Stop;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Operators ask for another leader.
class SwitchoverRulesTest {

    private static Given leader() {
        return given().iLead().primary().peer("b", standbyAt(1000)).peer("c", standbyAt(990));
    }

    private static final Stop HAND_OVER =
            new Stop(Stop.Mode.FAST, true, null, Stop.Reason.SWITCHOVER);

    // ---- on the leader
    // -------------------------------------------------------------------------------------------

    @Test
    void a_leader_that_is_asked_to_hands_over_to_the_best() {
        Turn turn = leader().switchover("a", null).turn();
        turn.begins(Rule.HAND_OVER, HAND_OVER).because("in favour of b");
        assertThat(turn.memory().rewind()).isEqualTo(new RewindState.Check());
        assertThat(turn.memory().steppingDown())
                .isEqualTo(
                        new SteppingDown(
                                SteppingDown.Why.SWITCHOVER,
                                null,
                                Duration.ofHours(1).toNanos(),
                                null));
    }

    @Test
    void a_leader_hands_over_to_the_candidate() {
        leader().switchover("a", "c").turn().begins(Rule.HAND_OVER, HAND_OVER).because("of c");
    }

    @Test
    void a_leader_hands_over_on_a_manual_failover() {
        leader().failoverTo("c").turn().begins(Rule.HAND_OVER, HAND_OVER);
    }

    @Test
    void priority_decides_between_equally_good_successors() {
        leader().peer("c", standbyAt(1000).tag("failover_priority", 2))
                .switchover("a", null)
                .turn()
                .because("in favour of c");
    }

    @Test
    void the_stop_timeout_holds_in_synchronous_mode_only() {
        leader().config("primary_stop_timeout", 7)
                .switchover("a", null)
                .turn()
                .begins(Rule.HAND_OVER, HAND_OVER);
        leader().config("primary_stop_timeout", 7)
                .config("synchronous_mode", true)
                .sync("a", "b", 0)
                .switchover("a", "b")
                .turn()
                .begins(
                        Rule.HAND_OVER,
                        new Stop(
                                Stop.Mode.FAST,
                                true,
                                Duration.ofSeconds(7),
                                Stop.Reason.SWITCHOVER));
    }

    private static void isCleared(Turn turn, String reason) {
        turn.passes(Rule.CLEAR_REQUEST);
        Step step =
                turn.steps().stream()
                        .filter(s -> s.decision().rule() == Rule.CLEAR_REQUEST)
                        .findFirst()
                        .orElseThrow();
        assertThat(step.says()).contains(reason);
        turn.ends(Rule.LEADS);
    }

    @Test
    void a_request_that_names_another_leader_is_cleared() {
        isCleared(leader().switchover("b", "c").turn(), "names b as leader");
    }

    @Test
    void a_request_that_names_the_leader_as_candidate_is_cleared() {
        isCleared(leader().failoverTo("a").turn(), "candidate already");
    }

    @Test
    void a_request_in_pause_takes_a_candidate() {
        isCleared(leader().paused().switchover("a", null).turn(), "takes a candidate");
        leader().paused().switchover("a", "b").turn().ends(Rule.HAND_OVER);
    }

    @Test
    void a_request_that_nobody_can_meet_is_cleared() {
        isCleared(
                given().iLead().primary().switchover("a", null).turn(), "no candidate is healthy");
        isCleared(leader().switchover("a", "gone").turn(), "gone may not lead");
        isCleared(
                leader().peer("b", standbyAt(1000).watchdogFailed()).switchover("a", "b").turn(),
                "no candidate is healthy");
        isCleared(
                leader().peer("b", standbyAt(1000).tag("nofailover", true))
                        .switchover("a", "b")
                        .turn(),
                "no candidate is healthy");
        isCleared(
                leader().member(
                                "b",
                                m ->
                                        m.tags(
                                                new io.tamada.ha.model.Tags(
                                                        java.util.Map.of("nofailover", true))))
                        .switchover("a", "b")
                        .turn(),
                "b may not lead");
    }

    @Test
    void a_candidate_that_lags_too_far_is_refused() {
        isCleared(
                leader().primary(1, 2_000_000).switchover("a", "b").turn(),
                "no candidate is healthy and close enough");
    }

    @Test
    void a_candidate_on_an_old_timeline_is_refused() {
        isCleared(
                leader().history(500).primary(2, 1000).switchover("a", "b").turn(),
                "no candidate is healthy");
    }

    @Test
    void a_candidate_that_has_not_followed_to_a_new_timeline_is_refused() {
        isCleared(leader().primary(2, 1000).failoverTo("b").turn(), "no candidate is healthy");
    }

    @Test
    void in_synchronous_mode_a_switchover_goes_to_synchronous_standbys_only() {
        Given sync = leader().config("synchronous_mode", true).sync("a", "b", 0);
        sync.switchover("a", "c").turn().passes(Rule.CLEAR_REQUEST);
        leader().config("synchronous_mode", true)
                .sync("a", "b", 0)
                .switchover("a", null)
                .turn()
                .because("in favour of b");
    }

    @Test
    void in_synchronous_mode_a_manual_failover_may_go_to_an_asynchronous_standby() {
        leader().config("synchronous_mode", true)
                .sync("a", "b", 0)
                .failoverTo("c")
                .turn()
                .ends(Rule.HAND_OVER);
    }

    @Test
    void in_quorum_mode_a_switchover_goes_to_voters_only() {
        leader().config("synchronous_mode", "quorum")
                .sync("a", "b", 0)
                .switchover("a", "c")
                .turn()
                .passes(Rule.CLEAR_REQUEST);
    }

    @Test
    void in_quorum_mode_without_a_candidate_enough_voters_must_be_well() {
        Given three =
                leader().config("synchronous_mode", "quorum")
                        .member("d", m -> m)
                        .sync("a", "bcd", 2)
                        .switchover("a", null);
        three.turn().passes(Rule.CLEAR_REQUEST);
        leader().config("synchronous_mode", "quorum")
                .member("d", m -> m)
                .sync("a", "bcd", 2)
                .peer("d", standbyAt(1000))
                .switchover("a", null)
                .turn()
                .ends(Rule.HAND_OVER);
    }

    // ---- scheduled
    // -----------------------------------------------------------------------------------------------

    @Test
    void a_scheduled_switchover_waits_for_its_time_to_the_moment() {
        leader().switchover("a", "b", WALL.plusSeconds(3))
                .turn()
                .holds(Rule.LEADS)
                .holdsFor(Duration.ofSeconds(3));
    }

    @Test
    void a_scheduled_switchover_happens_when_it_is_due() {
        leader().switchover("a", "b", WALL).turn().ends(Rule.HAND_OVER);
        leader().switchover("a", "b", WALL.minusSeconds(15)).turn().ends(Rule.HAND_OVER);
    }

    @Test
    void a_scheduled_switchover_whose_time_is_long_over_is_cleared() {
        isCleared(leader().switchover("a", "b", WALL.minusSeconds(16)).turn(), "is over");
    }

    @Test
    void a_schedule_that_can_not_be_read_is_cleared() {
        Given unreadable = leader();
        unreadable.store(v ->
                v.failover(
                        new FailoverRequest.Switchover(
                                Given.A, null, new FailoverRequest.Schedule("soon", null))));
        isCleared(unreadable.turn(), "soon");
    }

    @Test
    void a_scheduled_switchover_is_kept_in_pause() {
        leader().paused()
                .switchover("a", null, WALL.minusSeconds(60))
                .turn()
                .never(Rule.CLEAR_REQUEST)
                .ends(Rule.LEADS);
    }

    // ---- on the others, once the leader has stepped down
    // ---------------------------------------------------------

    private static Given heir() {
        return given().nobodyLeads().peer("b", standbyAt(1000)).peer("c", standbyAt(1000));
    }

    @Test
    void the_candidate_takes_the_lease_without_a_comparison() {
        heir().switchover("b", "a").turn().goes(Rule.WIN_RACE, Rule.PROMOTE);
    }

    @Test
    void the_candidate_of_a_switchover_has_to_be_close_enough() {
        heir().optime(3_000_000).switchover("b", "a").turn().goes(Rule.NOT_THE_HEALTHIEST);
    }

    @Test
    void the_candidate_of_a_manual_failover_need_not_be() {
        heir().optime(3_000_000).failoverTo("a").turn().passes(Rule.WIN_RACE);
    }

    @Test
    void the_candidate_of_a_manual_failover_need_not_be_synchronous() {
        heir().config("synchronous_mode", true)
                .sync("b", "c", 0)
                .failoverTo("a")
                .turn()
                .passes(Rule.WIN_RACE);
        heir().config("synchronous_mode", true)
                .sync("b", "c", 0)
                .switchover("b", "a")
                .turn()
                .goes(Rule.NOT_SYNCHRONOUS);
    }

    @Test
    void in_quorum_mode_the_candidate_of_a_switchover_needs_votes() {
        Given voter = heir().config("synchronous_mode", "quorum").sync("b", "ac", 1);
        voter.switchover("b", "a")
                .turn()
                .goes(
                        Rule.ASK_PEERS,
                        Rule.WIN_RACE,
                        Rule.SYNC_NAMES_BEFORE_PROMOTION,
                        Rule.PROMOTE);
        given().nobodyLeads()
                .config("synchronous_mode", "quorum")
                .sync("b", "ac", 1)
                .switchover("b", "a")
                .turn()
                .goes(Rule.ASK_PEERS, Rule.NOT_THE_HEALTHIEST);
    }

    @Test
    void a_candidate_that_is_well_goes_first() {
        heir().switchover("b", "c").turn().goes(Rule.ASK_CANDIDATE, Rule.CANDIDATE_GOES_FIRST);
    }

    @Test
    void a_candidate_that_is_well_goes_first_for_one_ttl() {
        heir().switchover("b", "c")
                .later(Duration.ofSeconds(30))
                .turn()
                .goes(Rule.ASK_PEERS, Rule.WIN_RACE, Rule.PROMOTE);
    }

    @Test
    void a_candidate_that_is_silent_or_unfit_is_passed() {
        given().nobodyLeads()
                .peer("b", standbyAt(1000))
                .switchover("b", "c")
                .turn()
                .passes(Rule.WIN_RACE);
        heir().peer("c", standbyAt(1000).tag("nofailover", true))
                .switchover("b", "c")
                .turn()
                .passes(Rule.WIN_RACE);
        heir().peer("c", standbyAt(1000).watchdogFailed())
                .switchover("b", "c")
                .turn()
                .passes(Rule.WIN_RACE);
        heir().switchover("b", "gone").turn().passes(Rule.WIN_RACE);
    }

    @Test
    void the_former_leader_leaves_it_to_others_for_one_ttl() {
        Given former = heir().switchover("a", null);
        former.turn().goes(Rule.ASK_SUCCESSORS, Rule.OTHERS_GO_FIRST);
        heir().switchover("a", null).later(Duration.ofSeconds(30)).turn().passes(Rule.WIN_RACE);
    }

    @Test
    void the_former_leader_comes_back_where_nobody_else_can_lead() {
        given().nobodyLeads().switchover("a", null).turn().passes(Rule.WIN_RACE);
    }

    @Test
    void the_former_leader_is_not_compared_with() {
        heir().peer("b", standbyAt(5000)).switchover("b", null).turn().passes(Rule.WIN_RACE);
    }

    @Test
    void a_switchover_for_later_has_no_say() {
        heir().switchover("b", "c", WALL.plusSeconds(60))
                .turn()
                .goes(Rule.ASK_PEERS, Rule.WIN_RACE, Rule.PROMOTE);
    }

    @Test
    void a_clock_that_is_a_little_behind_the_leaders_does_not_miss_the_candidate() {
        heir().switchover("b", "c", WALL.plusSeconds(5))
                .turn()
                .goes(Rule.ASK_CANDIDATE, Rule.CANDIDATE_GOES_FIRST);
    }

    @Test
    void in_pause_the_candidate_alone_takes_the_lease() {
        heir().paused().failoverTo("a").turn().passes(Rule.WIN_RACE);
        heir().paused().failoverTo("c").turn().goes(Rule.NO_RACE_IN_PAUSE);
        heir().paused().tag("nofailover", true).failoverTo("a").turn().goes(Rule.NO_RACE_IN_PAUSE);
    }

    @Test
    void the_request_is_cleared_while_the_winner_is_promoted() {
        Turn won = heir().switchover("b", "a").turn();
        assertThat(won.memory().wonRace()).isTrue();
        PostgresTask promote = won.begun(Rule.PROMOTE);
        Turn busy = won.after().running(promote).turn();
        busy.goes(Rule.CLEAR_WON_REQUEST, Rule.KEEPS_LEASE_DURING_TASK);
        assertThat(busy.memory().wonRace()).isFalse();
    }

    @Test
    void the_request_is_cleared_after_the_promotion_otherwise() {
        given().iLead()
                .primary()
                .switchover("b", "a")
                .remember(m -> m.wonRace = true)
                .turn()
                .passes(Rule.CLEAR_WON_REQUEST)
                .never(Rule.CLEAR_REQUEST);
    }

    @Test
    void a_member_without_an_address_is_no_successor() {
        leader().member("b", m -> m.apiUrl(null))
                .switchover("a", "b")
                .turn()
                .passes(Rule.CLEAR_REQUEST);
        assertThat(Candidates.members(new Deliberation(given().observation()), given().view))
                .doesNotContainKey(MemberName.of("a"));
        assertThat(standby(1, 1000, Upstream.none(), null).isStreaming()).isFalse();
    }
}
