package io.tamada.ha.policy;

import static io.tamada.ha.policy.Answers.standbyAt;
import static io.tamada.ha.policy.Given.control;
import static io.tamada.ha.policy.Given.given;
import static io.tamada.ha.policy.Given.upstreamOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.StandbyCluster;
import io.tamada.ha.model.Timeline;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.Divergence;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.PostgresTask.StartPrimary;
import io.tamada.ha.port.PostgresTask.StartStandby;
import io.tamada.ha.port.TaskResult;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// There is data, and no server runs on it.
class RecoveryRulesTest {

    private static final Duration START = Duration.ofMinutes(5);

    // ---- with the lease
    // ------------------------------------------------------------------------------------------

    private static Given crashedLeader() {
        return given().iLead().down(ControlData.State.IN_PRODUCTION);
    }

    @Test
    void a_crashed_primary_with_the_lease_starts_again_on_its_timeline() {
        Turn turn = crashedLeader().turn();
        turn.begins(Rule.START_CRASHED_PRIMARY, new StartPrimary(START));
        assertThat(turn.memory().recovering()).isTrue();
    }

    @Test
    void a_primary_that_was_shut_down_by_others_starts_again() {
        given().iLead().down(Given.shutDown()).turn().ends(Rule.START_CRASHED_PRIMARY);
    }

    @Test
    void data_marked_as_a_standbys_is_started_as_one_and_promoted_later() {
        given().iLead()
                .postgres(
                        new LocalPostgres.Stopped(
                                control(ControlData.State.IN_PRODUCTION, 1),
                                true,
                                true,
                                false,
                                null))
                .turn()
                .begins(Rule.START_TO_PROMOTE, new StartStandby(Upstream.none(), false, START));
    }

    @Test
    void a_standby_that_won_the_lease_and_crashed_is_started_as_one() {
        given().iLead().standbyDown().turn().ends(Rule.START_TO_PROMOTE);
    }

    @Test
    void a_primary_on_an_old_timeline_is_not_started_as_one() {
        crashedLeader().history(900).turn().ends(Rule.START_TO_PROMOTE);
    }

    @Test
    void with_a_start_timeout_of_0_whoever_is_well_takes_over_at_once() {
        Turn turn =
                crashedLeader()
                        .config("primary_start_timeout", 0)
                        .peer("b", standbyAt(1000))
                        .turn();
        turn.goes(Rule.ASK_SUCCESSORS, Rule.RELEASE_CRASHED, Rule.WAIT_FOR_SUCCESSOR);
        assertThat(turn.memory().steppingDown()).isNotNull();
    }

    @Test
    void with_a_start_timeout_of_0_and_nobody_else_it_is_started_and_promoted() {
        crashedLeader()
                .config("primary_start_timeout", 0)
                .turn()
                .begins(
                        Rule.START_TO_PROMOTE,
                        new StartStandby(Upstream.none(), false, Duration.ofMinutes(5)))
                .because("no immediate failover");
    }

    @Test
    void a_start_that_failed_gives_the_lease_away() {
        Turn turn =
                crashedLeader()
                        .ended(new StartPrimary(START), new TaskResult.Failed("no space", true))
                        .turn();
        turn.goes(Rule.RELEASE_CANNOT_START, Rule.RECOVER_IN_SINGLE_USER_MODE);
        assertThat(turn.memory().rewind()).isEqualTo(new RewindState.Check());
    }

    @Test
    void a_server_that_is_gone_right_after_its_start_gives_the_lease_away() {
        crashedLeader()
                .postgres(
                        new LocalPostgres.Stopped(
                                control(ControlData.State.IN_PRODUCTION, 1),
                                true,
                                false,
                                false,
                                "bad parameter"))
                .remember(m -> m.recovering = true)
                .turn()
                .passes(Rule.RELEASE_CANNOT_START);
    }

    // ---- after stepping down
    // -------------------------------------------------------------------------------------

    @Test
    void who_stepped_down_gives_the_lease_back_with_its_last_position() {
        Turn turn =
                given().iLead()
                        .steppingDown(
                                SteppingDown.Why.SWITCHOVER, "b", Duration.ofSeconds(1), false)
                        .down(Given.shutDown())
                        .turn();
        turn.goes(Rule.RELEASE_STEPPING_DOWN, Rule.WAIT_FOR_SUCCESSOR);
        assertThat(turn.coordinated(Rule.RELEASE_STEPPING_DOWN))
                .isEqualTo(new CoordinationStep.Release(Lsn.of(990)));
    }

    @Test
    void who_stepped_down_waits_for_a_successor_for_a_moment_only() {
        Turn turn =
                given().leader(null)
                        .steppingDown(SteppingDown.Why.SWITCHOVER, "b", Duration.ofSeconds(3), true)
                        .down(Given.shutDown())
                        .turn();
        turn.begins(Rule.START_STANDBY, new StartStandby(Upstream.none(), false, START));
        assertThat(turn.memory().steppingDown()).isNull();
    }

    @Test
    void who_stepped_down_follows_its_successor_at_once() {
        given().steppingDown(SteppingDown.Why.SWITCHOVER, "b", Duration.ofSeconds(1), true)
                .down(Given.shutDown())
                .turn()
                .goes(Rule.COMPARE_WITH_LEADER, Rule.START_STANDBY)
                .begins(Rule.START_STANDBY, new StartStandby(upstreamOf("b"), false, START));
    }

    // ---- without the lease
    // ---------------------------------------------------------------------------------------

    @Test
    void a_stopped_standby_starts_once_it_is_known_not_to_have_diverged() {
        given().standbyDown()
                .turn()
                .goes(Rule.COMPARE_WITH_LEADER, Rule.START_STANDBY)
                .begins(Rule.START_STANDBY, new StartStandby(upstreamOf("b"), false, START));
    }

    @Test
    void a_fresh_copy_is_not_compared() {
        given().rewind(new RewindState.Unsuspected())
                .postgres(
                        new LocalPostgres.Stopped(
                                control(ControlData.State.IN_PRODUCTION, 1),
                                false,
                                true,
                                true,
                                null))
                .turn()
                .goes(Rule.START_STANDBY);
    }

    @Test
    void with_nobody_to_follow_a_server_starts_as_a_standby_of_nobody() {
        given().leader(null)
                .standbyDown()
                .turn()
                .begins(Rule.START_STANDBY, new StartStandby(Upstream.none(), false, START));
    }

    @Test
    void a_crashed_primary_that_does_not_lead_recovers_by_itself_first() {
        Turn turn = given().down(ControlData.State.IN_PRODUCTION).turn();
        turn.begins(Rule.RECOVER_IN_SINGLE_USER_MODE, new PostgresTask.CrashRecovery());
        assertThat(turn.memory().crashRecoveryTried()).isTrue();
        given().down(ControlData.State.SHUTTING_DOWN).turn().ends(Rule.RECOVER_IN_SINGLE_USER_MODE);
        given().down(ControlData.State.IN_CRASH_RECOVERY)
                .turn()
                .ends(Rule.RECOVER_IN_SINGLE_USER_MODE);
    }

    @Test
    void crash_recovery_is_tried_once_only() {
        given().down(ControlData.State.IN_PRODUCTION)
                .remember(m -> m.crashRecoveryTried = true)
                .turn()
                .ends(Rule.START_STANDBY);
    }

    @Test
    void crash_recovery_is_of_use_only_where_rewind_is_or_nobody_leads() {
        Given noRewind = withoutRewind(given());
        noRewind.down(ControlData.State.IN_PRODUCTION).turn().ends(Rule.START_STANDBY);
        Given leaderless = withoutRewind(given()).leader(null);
        leaderless
                .down(ControlData.State.IN_PRODUCTION)
                .turn()
                .ends(Rule.RECOVER_IN_SINGLE_USER_MODE);
    }

    private static Given withoutRewind(Given given) {
        return given.settings(s ->
                new io.tamada.ha.model.MemberSettings(
                        s.name(),
                        s.apiUrl(),
                        s.connUrl(),
                        s.tags(),
                        true,
                        false,
                        false,
                        false,
                        false));
    }

    private static Given removing(Given given, boolean onFailure, boolean onDivergence) {
        return given.settings(s ->
                new io.tamada.ha.model.MemberSettings(
                        s.name(),
                        s.apiUrl(),
                        s.connUrl(),
                        s.tags(),
                        true,
                        s.useRewind(),
                        onFailure,
                        onDivergence,
                        false));
    }

    @Test
    void after_crash_recovery_the_data_is_compared() {
        given().down(Given.shutDown())
                .remember(m -> m.crashRecoveryTried = true)
                .ended(new PostgresTask.CrashRecovery(), TaskResult.success())
                .turn()
                .passes(Rule.COMPARE_WITH_LEADER);
    }

    @Test
    void a_start_that_failed_is_tried_again_after_a_while() {
        given().standbyDown()
                .ended(
                        new StartStandby(upstreamOf("b"), false, START),
                        new TaskResult.Failed("no space", true))
                .turn()
                .goes(Rule.START_FAILED)
                .holdsFor(Duration.ofSeconds(2));
    }

    // ---- divergence
    // ----------------------------------------------------------------------------------------------

    private static Given diverged() {
        return given().down(Given.shutDown()).compared(new Divergence.Diverged("beyond the fork"));
    }

    @Test
    void diverged_data_is_rewound_before_it_starts() {
        diverged()
                .turn()
                .goes(Rule.COMPARE_WITH_LEADER, Rule.REWIND)
                .begins(Rule.REWIND, new PostgresTask.Rewind(upstreamOf("b")));
    }

    @Test
    void rewinding_waits_for_the_leaders_first_checkpoint() {
        diverged()
                .member("b", m -> m.checkpointAfterPromote(false))
                .turn()
                .goes(Rule.COMPARE_WITH_LEADER, Rule.WAIT_FOR_LEADER_CHECKPOINT);
    }

    @Test
    void nothing_is_compared_with_a_leader_that_is_no_primary_yet() {
        diverged()
                .member("b", m -> m.role(MemberRole.REPLICA))
                .turn()
                .goes(Rule.DIVERGENCE_UNKNOWN);
    }

    @Test
    void a_stopped_server_that_can_not_be_compared_yet_starts_and_follows_nobody() {
        Turn turn =
                given().down(Given.shutDown())
                        .compared(new Divergence.Undecided("no route"))
                        .turn();
        turn.goes(Rule.COMPARE_WITH_LEADER, Rule.START_STANDBY).because("no route");
        assertThat(((PostgresTask.StartStandby) turn.begun(Rule.START_STANDBY)).upstream())
                .isEqualTo(Upstream.none());
    }

    @Test
    void diverged_data_that_can_not_be_rewound_is_copied_anew_where_that_is_allowed() {
        Given g = withoutRewind(given());
        removing(g, false, true)
                .down(Given.shutDown())
                .compared(new Divergence.Diverged("beyond the fork"))
                .turn()
                .begins(Rule.CLONE_DIVERGED, new PostgresTask.Reinitialize(upstreamOf("b"), false));
    }

    @Test
    void diverged_data_that_can_neither_be_rewound_nor_removed_is_an_alarm() {
        Given g = withoutRewind(given());
        g.down(Given.shutDown())
                .compared(new Divergence.Diverged("beyond the fork"))
                .turn()
                .ends(Rule.START_STANDBY)
                .because("ALARM");
    }

    @Test
    void an_alarm_lasts_as_long_as_its_cause_and_says_what_to_do() {
        RewindState diverged = new RewindState.Needed("beyond the fork", true);
        assertThat(alarm(withoutRewind(given()), diverged))
                .contains("beyond the fork", "use_pg_rewind is off", "tamadactl reinit CLUSTER a");
        assertThat(alarm(given(), diverged)).isNull();
        assertThat(alarm(removing(withoutRewind(given()), false, true), diverged)).isNull();
        assertThat(alarm(given(), new RewindState.Needed("two branches", false)))
                .contains("two branches", "can't tell the two apart");
        assertThat(alarm(given(), new RewindState.Failed("no space")))
                .contains("pg_rewind failed (no space)");
        assertThat(alarm(removing(given(), true, false), new RewindState.Failed("no space")))
                .isNull();
        assertThat(alarm(given().iLead(), new RewindState.Failed("no space"))).isNull();
        assertThat(alarm(given(), new RewindState.Unsuspected())).isNull();
    }

    private static @Nullable String alarm(Given given, RewindState state) {
        Observation seen = given.rewind(state).observation();
        return Alarm.of(seen, seen.memory());
    }

    @Test
    void a_rewind_that_may_work_yet_is_tried_again() {
        Turn turn =
                diverged()
                        .rewind(new RewindState.Needed("beyond the fork", true))
                        .ended(
                                new PostgresTask.Rewind(upstreamOf("b")),
                                new TaskResult.Failed("leader gone", true))
                        .turn();
        turn.goes(Rule.START_FAILED);
        turn.after().turn().ends(Rule.REWIND);
    }

    @Test
    void after_a_rewind_the_server_starts_without_another_comparison() {
        given().down(Given.shutDown())
                .rewind(new RewindState.Needed("beyond the fork", true))
                .ended(new PostgresTask.Rewind(upstreamOf("b")), TaskResult.success())
                .turn()
                .goes(Rule.START_STANDBY);
    }

    @Test
    void a_rewind_that_failed_for_good_is_followed_by_a_copy_where_that_is_allowed() {
        Given failed = given().down(Given.shutDown()).rewind(new RewindState.Failed("no space"));
        removing(failed, true, false)
                .turn()
                .begins(
                        Rule.CLONE_AFTER_REWIND_FAILED,
                        new PostgresTask.Reinitialize(upstreamOf("b"), false));
    }

    @Test
    void a_rewind_that_failed_for_good_is_an_alarm_otherwise() {
        given().down(Given.shutDown())
                .rewind(new RewindState.Failed("no space"))
                .turn()
                .goes(Rule.START_STANDBY)
                .because("ALARM");
    }

    @Test
    void a_stream_that_comes_ends_the_story_of_a_rewind() {
        Turn turn = given().rewind(new RewindState.Rewound()).turn();
        assertThat(turn.memory().rewind()).isEqualTo(new RewindState.Unsuspected());
    }

    @Test
    void data_that_no_rewind_mends_is_neither_started_nor_rewound() {
        given().down(Given.shutDown())
                .compared(new Divergence.Diverged("two branches", false))
                .turn()
                .goes(Rule.COMPARE_WITH_LEADER, Rule.DIVERGED_FOR_GOOD)
                .because("ALARM");
    }

    @Test
    void data_that_no_rewind_mends_is_copied_anew_where_that_is_allowed() {
        removing(given(), true, false)
                .down(Given.shutDown())
                .compared(new Divergence.Diverged("two branches", false))
                .turn()
                .ends(Rule.CLONE_DIVERGED);
    }

    @Test
    void data_that_no_rewind_mends_can_be_made_anew_on_request() {
        given().rewind(new RewindState.Needed("two branches", false))
                .request(new io.tamada.ha.OperatorRequest.Reinitialize(false, false))
                .turn()
                .ends(Rule.REINITIALIZE);
    }

    // ---- a standby cluster
    // ---------------------------------------------------------------------------------------

    private static final Upstream REMOTE =
            new Upstream.Remote(new StandbyCluster("far", 5432, null, List.of(), null, null, null));

    @Test
    void the_leader_of_a_standby_cluster_starts_as_a_standby_of_the_remote_source() {
        given().standbyCluster()
                .iLead()
                .down(ControlData.State.IN_PRODUCTION)
                .turn()
                .begins(Rule.START_STANDBY_LEADER, new StartStandby(REMOTE, true, START));
    }

    @Test
    void without_a_leader_members_of_a_standby_cluster_start_as_standbys_of_the_remote_source() {
        given().standbyCluster()
                .leader(null)
                .standbyDown()
                .turn()
                .begins(Rule.START_STANDBY, new StartStandby(REMOTE, false, START));
    }

    @Test
    void in_a_standby_cluster_data_is_compared_with_the_remote_source_and_never_removed() {
        Given g = withoutRewind(given());
        removing(g, false, true)
                .standbyCluster()
                .down(Given.shutDown())
                .compared(new Divergence.Diverged("beyond the fork"))
                .turn()
                .ends(Rule.START_STANDBY)
                .because("ALARM");
    }

    // ---- pause
    // ---------------------------------------------------------------------------------------------------

    @Test
    void in_pause_a_server_that_is_down_stays_down() {
        given().paused().standbyDown().turn().goes(Rule.DOWN_IN_PAUSE);
    }

    @Test
    void in_pause_a_leader_that_is_down_gives_the_lease_back() {
        given().paused()
                .iLead()
                .down(Given.shutDown())
                .turn()
                .goes(Rule.RELEASE_DOWN_IN_PAUSE, Rule.DOWN_IN_PAUSE);
    }

    @Test
    void in_pause_a_member_that_handed_over_comes_back() {
        Given demoted =
                given().paused()
                        .iLead()
                        .steppingDown(SteppingDown.Why.SWITCHOVER, "b", Duration.ZERO, false)
                        .rewind(new RewindState.Check())
                        .down(Given.shutDown());
        Turn released = demoted.turn();
        released.goes(Rule.RELEASE_DOWN_IN_PAUSE, Rule.DOWN_IN_PAUSE);
        released.after().leader("b").turn().ends(Rule.START_STANDBY);
    }

    @Test
    void in_pause_a_server_whose_rewind_failed_stays_down() {
        given().paused()
                .standbyDown()
                .rewind(new RewindState.Failed("no space"))
                .turn()
                .goes(Rule.DOWN_IN_PAUSE);
    }

    @Test
    void the_end_of_a_pause_forgets_what_was_known_of_divergence() {
        Turn turn =
                given().remember(
                                m -> {
                                    m.wasPaused = true;
                                    m.rewind = new RewindState.Failed("no space");
                                })
                        .turn();
        assertThat(turn.memory().rewind()).isEqualTo(new RewindState.Unsuspected());
        assertThat(turn.memory().wasPaused()).isFalse();
    }

    @Test
    void a_position_is_remembered_from_turn_to_turn() {
        Turn turn = given().remember(m -> m.lastPosition = Lsn.of(900)).turn();
        assertThat(turn.memory().previousPosition()).isEqualTo(Lsn.of(900));
        assertThat(turn.memory().lastPosition()).isEqualTo(Lsn.of(1000));
        assertThat(turn.memory().lastTimeline()).isEqualTo(Timeline.FIRST);
    }
}
