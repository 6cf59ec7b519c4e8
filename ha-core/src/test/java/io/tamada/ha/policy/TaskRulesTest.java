package io.tamada.ha.policy;

import static io.tamada.ha.policy.Answers.standbyAt;
import static io.tamada.ha.policy.Given.given;
import static io.tamada.ha.policy.Given.standby;
import static io.tamada.ha.policy.Given.upstreamOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.OperatorRequest;
import io.tamada.ha.dcs.HeldLease;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.RestartFilter;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.PostgresTask.Stop;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// A long task runs.
class TaskRulesTest {

    private static final Stop SWITCHOVER =
            new Stop(Stop.Mode.FAST, true, null, Stop.Reason.SWITCHOVER);
    private static final PostgresTask CLONE = new PostgresTask.Clone(upstreamOf("b"), false);

    private static PostgresTask promote() {
        HeldLease lease = Objects.requireNonNull(given().iLead().observation().lease());
        return new PostgresTask.Promote(lease, Duration.ofMinutes(1));
    }

    // ---- with the lease
    // ------------------------------------------------------------------------------------------

    @Test
    void the_lease_is_kept_while_a_task_runs() {
        given().iLead()
                .primary()
                .running(new PostgresTask.Restart(null, Duration.ofMinutes(5)))
                .turn()
                .goes(Rule.KEEPS_LEASE_DURING_TASK);
    }

    @Test
    void crash_recovery_that_takes_too_long_is_cut_short() {
        Given g =
                given().iLead()
                        .down(Given.shutDown())
                        .running(new PostgresTask.CrashRecovery(), Duration.ofSeconds(301), false);
        g.turn().cancels(Rule.CRASH_RECOVERY_TOO_SLOW);
        g.running(new PostgresTask.CrashRecovery(), Duration.ofSeconds(301), true)
                .turn()
                .goes(Rule.KEEPS_LEASE_DURING_TASK);
    }

    // ---- handing over
    // --------------------------------------------------------------------------------------------

    private static Given handingOver() {
        return given().iLead()
                .steppingDown(SteppingDown.Why.SWITCHOVER, "b", Duration.ofSeconds(1), false)
                .running(SWITCHOVER);
    }

    @Test
    void the_lease_is_kept_until_the_shutdown_checkpoint_is_written() {
        handingOver().primary().turn().goes(Rule.STOPS_TO_HAND_OVER);
        handingOver()
                .stoppingPrimary(
                        Given.control(io.tamada.ha.model.ControlData.State.SHUTTING_DOWN, 1))
                .turn()
                .goes(Rule.STOPS_TO_HAND_OVER);
    }

    @Test
    void the_lease_is_given_back_as_soon_as_the_candidate_has_the_shutdown_checkpoint() {
        Turn turn =
                handingOver().stoppingPrimary(Given.shutDown()).peer("b", standbyAt(1000)).turn();
        turn.goes(Rule.ASK_SUCCESSORS, Rule.RELEASE_EARLY, Rule.TASK_RUNS);
        assertThat(turn.coordinated(Rule.RELEASE_EARLY))
                .isEqualTo(new CoordinationStep.Release(Lsn.of(990)));
        assertThat(turn.memory().steppingDown())
                .extracting(SteppingDown::releasedAtNanos)
                .isNotNull();
    }

    @Test
    void the_lease_is_kept_while_the_candidate_lacks_the_shutdown_checkpoint() {
        handingOver()
                .stoppingPrimary(Given.shutDown())
                .peer("b", standbyAt(999))
                .peer("c", standbyAt(1000))
                .turn()
                .goes(Rule.ASK_SUCCESSORS, Rule.STOPS_TO_HAND_OVER);
    }

    @Test
    void a_cluster_that_is_demoted_keeps_the_lease() {
        given().iLead()
                .stoppingPrimary(Given.shutDown())
                .running(new Stop(Stop.Mode.FAST, true, null, Stop.Reason.DEMOTE_CLUSTER))
                .peer("b", standbyAt(1000))
                .turn()
                .goes(Rule.STOPS_TO_HAND_OVER);
    }

    // ---- without
    // -------------------------------------------------------------------------------------------------

    @Test
    void a_task_of_a_member_that_does_not_lead_runs_on() {
        given().noData().running(CLONE).turn().goes(Rule.TASK_RUNS);
        given().noData()
                .leader(null)
                .running(CLONE)
                .remember(m -> m.bootstrap = Memory.Bootstrap.CREATING)
                .turn()
                .goes(Rule.TASK_RUNS);
    }

    @Test
    void a_promotion_without_the_lease_is_cut_short() {
        Given g =
                given().leader("b")
                        .postgres(standby(1, 1000, Upstream.none(), null))
                        .running(promote());
        Turn turn = g.turn();
        turn.cancels(Rule.LOST_LEASE_BEFORE_PROMOTE);
        assertThat(turn.memory().rewind()).isEqualTo(new RewindState.Check());
    }

    @Test
    void a_promotion_that_could_not_be_cut_short_any_more_is_stopped_by_force() {
        given().primary()
                .running(promote(), Duration.ofSeconds(5), true)
                .turn()
                .fences(Rule.FENCE_DURING_TASK);
    }

    @Test
    void a_primary_that_starts_or_restarts_without_the_lease_is_stopped_by_force() {
        given().starting(false, Duration.ZERO)
                .running(new PostgresTask.StartPrimary(Duration.ofMinutes(5)))
                .turn()
                .fences(Rule.FENCE_DURING_TASK);
        given().primary()
                .running(new PostgresTask.Restart(null, Duration.ofMinutes(5)))
                .turn()
                .fences(Rule.FENCE_DURING_TASK);
    }

    @Test
    void a_primary_that_writes_its_checkpoint_before_the_stop_and_loses_the_lease_is_stopped() {
        given().primary().running(SWITCHOVER).turn().fences(Rule.FENCE_DURING_TASK);
        given().stoppingPrimary(Given.shutDown()).running(SWITCHOVER).turn().goes(Rule.TASK_RUNS);
    }

    @Test
    void in_pause_a_lost_lease_is_ignored() {
        given().paused()
                .primary()
                .running(new PostgresTask.Restart(null, Duration.ofMinutes(5)))
                .turn()
                .goes(Rule.TASK_RUNS);
    }

    // ---- other requests
    // ------------------------------------------------------------------------------------------

    @Test
    void other_requests_are_refused_meanwhile() {
        given().running(CLONE)
                .request(new OperatorRequest.Restart(RestartFilter.NONE))
                .turn()
                .answers(Rule.BUSY_WITH_ANOTHER);
        given().running(CLONE)
                .request(new OperatorRequest.Reinitialize(false, false))
                .turn()
                .answers(Rule.BUSY_WITH_ANOTHER);
    }

    @Test
    void a_forced_reinitialize_cuts_the_task_short() {
        Given g = given().running(CLONE).request(new OperatorRequest.Reinitialize(true, false));
        g.turn().cancels(Rule.CANCEL_FOR_REINITIALIZE);
        g.running(CLONE, Duration.ofSeconds(1), true).turn().goes(Rule.TASK_RUNS);
    }

    @Test
    void a_leaders_task_is_never_cut_short_for_a_reinitialize() {
        given().iLead()
                .postgres(standby(1, 1000, Upstream.none(), null))
                .running(promote())
                .request(new OperatorRequest.Reinitialize(true, false))
                .turn()
                .answers(Rule.BUSY_WITH_ANOTHER);
        given().leader(null)
                .running(CLONE)
                .request(new OperatorRequest.Reinitialize(true, false))
                .turn()
                .answers(Rule.BUSY_WITH_ANOTHER);
    }
}
