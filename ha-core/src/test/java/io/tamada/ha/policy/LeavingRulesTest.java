package io.tamada.ha.policy;

import static io.tamada.ha.policy.Answers.standbyAt;
import static io.tamada.ha.policy.Given.given;
import static io.tamada.ha.policy.Given.upstreamOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.Lsn;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.PostgresTask.Stop;
import io.tamada.ha.port.TaskResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The agent was asked to end.
class LeavingRulesTest {

    private static Stop stop(boolean checkpoint) {
        return new Stop(Stop.Mode.FAST, checkpoint, null, Stop.Reason.SHUTDOWN);
    }

    @Test
    void a_standby_is_stopped_and_the_agent_ends() {
        given().leaving().turn().begins(Rule.LEAVE_STOPS, stop(false));
        given().leaving().standbyDown().turn().exits(Rule.LEAVE, 0);
    }

    @Test
    void a_leader_is_stopped_and_gives_the_lease_back() {
        given().leaving().iLead().primary().turn().begins(Rule.LEAVE_STOPS, stop(true));
        Turn turn = given().leaving().iLead().down(Given.shutDown()).turn();
        turn.goes(Rule.LEAVE_RELEASES, Rule.LEAVE);
        assertThat(turn.coordinated(Rule.LEAVE_RELEASES))
                .isEqualTo(new CoordinationStep.Release(Lsn.of(990)));
    }

    @Test
    void the_lease_is_given_back_as_soon_as_a_standby_has_the_shutdown_checkpoint() {
        given().leaving()
                .iLead()
                .steppingDown(SteppingDown.Why.SHUTDOWN, null, Duration.ofSeconds(1), false)
                .stoppingPrimary(Given.shutDown())
                .running(stop(true))
                .peer("c", standbyAt(1000))
                .turn()
                .goes(Rule.ASK_SUCCESSORS, Rule.RELEASE_EARLY, Rule.LEAVE_WAITS_FOR_TASK);
    }

    @Test
    void a_leader_stops_without_the_store_too() {
        given().leaving().iLead().primary().storeSilent().turn().ends(Rule.LEAVE_STOPS);
        given().leaving()
                .iLead()
                .storeSilent()
                .stoppingPrimary(Given.shutDown())
                .running(stop(true))
                .turn()
                .goes(Rule.LEAVE_WAITS_FOR_TASK);
    }

    @Test
    void a_server_that_does_not_stop_is_stopped_by_force() {
        given().leaving()
                .primary()
                .ended(stop(true), new TaskResult.Failed("hangs", true))
                .turn()
                .fences(Rule.FENCE_LEAVING);
    }

    @Test
    void a_server_that_was_looked_at_before_it_stopped_is_not_called_hanging() {
        given().leaving()
                .primary()
                .ended(stop(true), TaskResult.success())
                .turn()
                .ends(Rule.LEAVE_STOPS);
    }

    @Test
    void a_task_that_runs_is_cut_short() {
        PostgresTask clone = new PostgresTask.Clone(upstreamOf("b"), false);
        given().leaving().running(clone).turn().cancels(Rule.LEAVE_CANCELS_TASK);
        given().leaving()
                .running(clone, Duration.ofSeconds(1), true)
                .turn()
                .goes(Rule.LEAVE_WAITS_FOR_TASK);
    }

    @Test
    void a_synchronous_standby_gives_its_duty_back_first() {
        given().leaving()
                .config("synchronous_mode", true)
                .sync("b", "a", 0)
                .turn()
                .goes(Rule.GIVES_BACK_SYNC_DUTY);
    }

    @Test
    void in_pause_the_server_runs_on_and_the_lease_is_left_to_time() {
        given().leaving()
                .paused()
                .iLead()
                .primary()
                .turn()
                .goes(Rule.LEAVE_RUNNING)
                .exits(Rule.LEAVE_RUNNING, 0);
    }
}
