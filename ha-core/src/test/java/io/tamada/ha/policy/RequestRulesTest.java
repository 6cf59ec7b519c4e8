package io.tamada.ha.policy;

import static io.tamada.ha.policy.Given.POSTMASTER_START;
import static io.tamada.ha.policy.Given.WALL;
import static io.tamada.ha.policy.Given.given;
import static io.tamada.ha.policy.Given.upstreamOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.OperatorRequest;
import io.tamada.ha.OperatorRequest.Reason;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.RestartFilter;
import io.tamada.ha.model.ScheduledRestart;
import io.tamada.ha.model.Tags;
import io.tamada.ha.port.PostgresTask;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What operators ask of this member.
class RequestRulesTest {

    private static OperatorRequest restart(
            @Nullable MemberRole role, @Nullable String below, boolean pending) {
        return new OperatorRequest.Restart(new RestartFilter(role, below, pending, null));
    }

    private static final OperatorRequest RESTART = new OperatorRequest.Restart(RestartFilter.NONE);

    private static void isRefused(Turn turn, Reason reason) {
        turn.answers(Rule.REFUSE_REQUEST);
        var answer = ((Decision.Answer) turn.last().decision()).outcome();
        assertThat(answer).isInstanceOf(OperatorRequest.Outcome.Refused.class);
        assertThat(((OperatorRequest.Outcome.Refused) answer).reason()).isEqualTo(reason);
    }

    // ---- restart
    // -------------------------------------------------------------------------------------------------

    @Test
    void a_standby_is_restarted_on_request() {
        Turn turn = given().request(RESTART).turn();
        turn.begins(Rule.RESTART, new PostgresTask.Restart(null, Duration.ofMinutes(5)));
        assertThat(((Decision.Begin) turn.last().decision()).request()).isEqualTo(1L);
    }

    @Test
    void a_leader_is_restarted_on_request_and_in_pause_too() {
        given().iLead().primary().request(RESTART).turn().ends(Rule.RESTART);
        given().paused().iLead().primary().request(RESTART).turn().ends(Rule.RESTART);
    }

    @Test
    void a_restart_may_have_its_own_limit() {
        Turn turn =
                given().request(
                                new OperatorRequest.Restart(
                                        new RestartFilter(
                                                null, null, false, Duration.ofSeconds(7))))
                        .turn();
        turn.begins(Rule.RESTART, new PostgresTask.Restart(null, Duration.ofSeconds(7)));
        assertThat(turn.memory().startTimeout()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void a_restart_whose_conditions_do_not_hold_is_refused() {
        isRefused(
                given().request(restart(MemberRole.PRIMARY, null, false)).turn(),
                Reason.CONDITIONS_NOT_MET);
        isRefused(given().request(restart(null, "15.4", false)).turn(), Reason.CONDITIONS_NOT_MET);
        isRefused(given().request(restart(null, null, true)).turn(), Reason.CONDITIONS_NOT_MET);
        isRefused(given().standbyDown().request(RESTART).turn(), Reason.CONDITIONS_NOT_MET);
    }

    @Test
    void a_restart_whose_conditions_hold_is_done() {
        given().request(restart(MemberRole.REPLICA, "15.5", false)).turn().ends(Rule.RESTART);
        given().iLead()
                .primary()
                .request(restart(MemberRole.PRIMARY, "16", false))
                .turn()
                .ends(Rule.RESTART);
        given().standbyCluster()
                .iLead()
                .request(restart(MemberRole.STANDBY_LEADER, null, false))
                .postgres(
                        Given.standby(
                                1,
                                1000,
                                new io.tamada.ha.model.Upstream.Remote(
                                        new io.tamada.ha.model.StandbyCluster(
                                                "far",
                                                5432,
                                                null,
                                                java.util.List.of(),
                                                null,
                                                null,
                                                null)),
                                "streaming"))
                .turn()
                .ends(Rule.RESTART);
    }

    @Test
    void what_is_no_version_is_refused_and_breaks_nothing() {
        isRefused(
                given().request(restart(null, "fifteen", false)).turn(), Reason.CONDITIONS_NOT_MET);
        isRefused(
                given().request(restart(null, "99999999999", false)).turn(),
                Reason.CONDITIONS_NOT_MET);
    }

    @Test
    void versions_are_numbers_as_the_server_counts_them() {
        assertThat(RequestRules.versionNumber("15.4")).isEqualTo(150_004);
        assertThat(RequestRules.versionNumber("16")).isEqualTo(160_000);
        assertThat(RequestRules.versionNumber("9.6.24")).isEqualTo(90_624);
        assertThat(RequestRules.versionNumber("9.6.24.1")).isEqualTo(-1);
        assertThat(RequestRules.versionNumber("")).isEqualTo(-1);
        assertThat(RequestRules.versionNumber("-1")).isEqualTo(-1);
    }

    @Test
    void a_synchronous_standby_gives_its_duty_back_before_it_restarts() {
        Given onDuty = given().config("synchronous_mode", true).sync("b", "a", 0).request(RESTART);
        Turn turn = onDuty.turn();
        turn.goes(Rule.GIVES_BACK_SYNC_DUTY);
        turn.after().sync("b", "c", 0).turn().ends(Rule.RESTART);
    }

    @Test
    void a_synchronous_standby_that_nobody_relieves_restarts_all_the_same() {
        given().config("synchronous_mode", true)
                .sync("b", "a", 0)
                .request(RESTART)
                .remember(m ->
                        m.syncDutyReleasedAtNanos = given().now - Duration.ofSeconds(20).toNanos())
                .turn()
                .ends(Rule.RESTART)
                .because("still a synchronous standby");
    }

    // ---- scheduled
    // -----------------------------------------------------------------------------------------------

    private static Given scheduled(Instant at) {
        return given().remember(m ->
                m.scheduledRestart =
                        new ScheduledRestart(RestartFilter.NONE, at, POSTMASTER_START));
    }

    private static final OperatorRequest TOMORROW =
            new OperatorRequest.ScheduleRestart(RestartFilter.NONE, WALL.plusSeconds(86_400));

    @Test
    void a_restart_is_scheduled() {
        Turn turn = given().request(TOMORROW).turn();
        turn.answers(Rule.ACCEPT_REQUEST);
        assertThat(turn.memory().scheduledRestart())
                .isEqualTo(
                        new ScheduledRestart(
                                RestartFilter.NONE, WALL.plusSeconds(86_400), POSTMASTER_START));
    }

    @Test
    void one_restart_can_be_scheduled_and_none_in_pause() {
        isRefused(
                scheduled(WALL.plusSeconds(60)).request(TOMORROW).turn(), Reason.ALREADY_SCHEDULED);
        isRefused(given().paused().request(TOMORROW).turn(), Reason.PAUSED);
    }

    @Test
    void a_scheduled_restart_can_be_cancelled() {
        Turn turn =
                scheduled(WALL.plusSeconds(60))
                        .request(new OperatorRequest.CancelScheduledRestart())
                        .turn();
        turn.answers(Rule.ACCEPT_REQUEST);
        assertThat(turn.memory().scheduledRestart()).isNull();
        isRefused(
                given().request(new OperatorRequest.CancelScheduledRestart()).turn(),
                Reason.NOTHING_SCHEDULED);
    }

    @Test
    void a_scheduled_restart_waits_for_its_time_to_the_moment() {
        scheduled(WALL.plusSeconds(4)).turn().goes(Rule.FOLLOWS).holdsFor(Duration.ofSeconds(4));
    }

    @Test
    void a_scheduled_restart_is_done_when_it_is_due_and_then_forgotten() {
        Turn turn = scheduled(WALL).turn();
        turn.ends(Rule.RESTART);
        assertThat(turn.memory().scheduledRestart()).isNull();
    }

    @Test
    void a_scheduled_restart_whose_time_is_long_over_is_dropped() {
        Turn turn = scheduled(WALL.minusSeconds(16)).turn();
        turn.goes(Rule.FOLLOWS).because("long over");
        assertThat(turn.memory().scheduledRestart()).isNull();
    }

    @Test
    void a_scheduled_restart_is_dropped_when_the_server_was_restarted_meanwhile() {
        Turn turn =
                given().remember(m ->
                                m.scheduledRestart =
                                        new ScheduledRestart(
                                                RestartFilter.NONE, WALL, Instant.EPOCH))
                        .turn();
        turn.goes(Rule.FOLLOWS).because("restarted meanwhile");
        assertThat(turn.memory().scheduledRestart()).isNull();
    }

    @Test
    void a_scheduled_restart_whose_conditions_do_not_hold_any_more_is_dropped() {
        Turn turn =
                given().remember(m ->
                                m.scheduledRestart =
                                        new ScheduledRestart(
                                                new RestartFilter(
                                                        MemberRole.PRIMARY, null, false, null),
                                                WALL,
                                                POSTMASTER_START))
                        .turn();
        turn.goes(Rule.FOLLOWS);
        assertThat(turn.memory().scheduledRestart()).isNull();
    }

    @Test
    void in_pause_a_scheduled_restart_is_kept() {
        Turn turn = scheduled(WALL.minusSeconds(60)).paused().turn();
        turn.goes(Rule.FOLLOWS);
        assertThat(turn.memory().scheduledRestart()).isNotNull();
    }

    // ---- reinitialize
    // --------------------------------------------------------------------------------------------

    private static OperatorRequest reinitialize(boolean fromLeader) {
        return new OperatorRequest.Reinitialize(false, fromLeader);
    }

    @Test
    void a_member_is_made_anew_on_request_and_in_pause_too() {
        given().request(reinitialize(false))
                .turn()
                .begins(Rule.REINITIALIZE, new PostgresTask.Reinitialize(upstreamOf("b"), false));
        given().paused().request(reinitialize(false)).turn().ends(Rule.REINITIALIZE);
        given().standbyDown().request(reinitialize(false)).turn().ends(Rule.REINITIALIZE);
    }

    @Test
    void a_member_is_made_anew_from_the_leader_where_that_is_asked_for() {
        Given tagged = given().member("c", m -> m.tags(new Tags(Map.of("clonefrom", true))));
        tagged.request(reinitialize(true))
                .turn()
                .begins(Rule.REINITIALIZE, new PostgresTask.Reinitialize(upstreamOf("b"), true));
        given().member("c", m -> m.tags(new Tags(Map.of("clonefrom", true))))
                .request(reinitialize(false))
                .turn()
                .begins(Rule.REINITIALIZE, new PostgresTask.Reinitialize(upstreamOf("c"), false));
    }

    @Test
    void a_synchronous_standby_gives_its_duty_back_before_it_is_made_anew() {
        Given onDuty =
                given().config("synchronous_mode", true)
                        .sync("b", "a", 0)
                        .request(reinitialize(false));
        onDuty.turn().goes(Rule.GIVES_BACK_SYNC_DUTY);
        given().config("synchronous_mode", true)
                .sync("b", "c", 0)
                .request(reinitialize(false))
                .turn()
                .ends(Rule.REINITIALIZE);
    }

    @Test
    void a_leader_is_not_made_anew() {
        isRefused(given().iLead().primary().request(reinitialize(false)).turn(), Reason.IS_LEADER);
        isRefused(
                given().leader("a")
                        .deniesLease(Rule.LEASE_REGAINED)
                        .request(reinitialize(false))
                        .turn(),
                Reason.IS_LEADER);
    }

    @Test
    void without_a_leader_nothing_is_made_anew() {
        isRefused(given().leader(null).request(reinitialize(false)).turn(), Reason.NO_LEADER);
        isRefused(given().without("b").request(reinitialize(false)).turn(), Reason.NO_LEADER);
    }
}
