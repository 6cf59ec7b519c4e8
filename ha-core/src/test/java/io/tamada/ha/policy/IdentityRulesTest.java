package io.tamada.ha.policy;

import static io.tamada.ha.policy.Given.FOREIGN;
import static io.tamada.ha.policy.Given.SYSTEM;
import static io.tamada.ha.policy.Given.given;
import static io.tamada.ha.policy.Given.standby;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.OperatorRequest;
import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.Initialization;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Does the data belong to this cluster?
class IdentityRulesTest {

    private static Given foreign() {
        return given().initialization(new Initialization.Done(FOREIGN));
    }

    private static final PostgresTask.Stop STOP =
            new PostgresTask.Stop(
                    PostgresTask.Stop.Mode.FAST,
                    false,
                    Duration.ofMinutes(1),
                    PostgresTask.Stop.Reason.SHUTDOWN);

    @Test
    void a_server_of_another_cluster_is_stopped_and_the_agent_ends() {
        foreign().primary().turn().begins(Rule.STOP_FOREIGN, STOP);
        foreign().down(Given.shutDown()).turn().exits(Rule.FOREIGN_DATA, 1);
    }

    @Test
    void a_server_of_another_cluster_that_can_not_be_stopped_keeps_nobody_up() {
        foreign()
                .primary()
                .ended(STOP, new TaskResult.Failed("hangs", true))
                .turn()
                .exits(Rule.FOREIGN_DATA, 1);
    }

    @Test
    void a_leader_of_another_cluster_stops_and_gives_the_lease_back() {
        foreign().iLead().primary().turn().ends(Rule.STOP_FOREIGN);
        foreign()
                .iLead()
                .down(Given.shutDown())
                .turn()
                .goes(Rule.FOREIGN_LEADER, Rule.FOREIGN_DATA);
    }

    @Test
    void in_pause_a_leader_of_another_cluster_only_gives_the_lease_back() {
        foreign()
                .paused()
                .iLead()
                .primary()
                .turn()
                .goes(Rule.FOREIGN_LEADER, Rule.PRIMARY_WITHOUT_LEASE_IN_PAUSE);
    }

    @Test
    void in_pause_a_follower_of_another_cluster_is_only_told_of() {
        foreign().paused().turn().goes(Rule.FOLLOWS).because("is not the cluster's");
    }

    @Test
    void broken_data_waits_for_an_operator() {
        given().down((ControlData) null).turn().goes(Rule.DATA_BROKEN);
    }

    @Test
    void a_leader_with_broken_data_gives_the_lease_back() {
        given().iLead()
                .down((ControlData) null)
                .turn()
                .goes(Rule.RELEASE_BROKEN_DATA, Rule.DATA_BROKEN);
    }

    @Test
    void broken_data_can_be_replaced_on_request() {
        given().down((ControlData) null)
                .request(new OperatorRequest.Reinitialize(false, false))
                .turn()
                .ends(Rule.REINITIALIZE);
    }

    @Test
    void a_primary_tells_an_empty_store_which_cluster_it_is() {
        Turn turn =
                given().initialization(new Initialization.Absent()).leader(null).primary().turn();
        assertThat(turn.coordinated(Rule.CLAIM_CLUSTER))
                .isEqualTo(
                        new CoordinationStep.Write(
                                new DcsEntry.Initialize(SYSTEM), Precondition.absent()));
        turn.passes(Rule.RETAKE_LEASE);
    }

    @Test
    void a_leader_repairs_a_key_that_can_not_be_read() {
        Turn turn =
                given().initialization(new Initialization.Unreadable("?")).iLead().primary().turn();
        assertThat(turn.coordinated(Rule.CLAIM_CLUSTER))
                .isEqualTo(
                        new CoordinationStep.Write(
                                new DcsEntry.Initialize(SYSTEM), Precondition.whatever()));
    }

    @Test
    void a_stopped_server_claims_an_unclaimed_cluster() {
        given().initialization(new Initialization.Absent())
                .leader(null)
                .down(Given.shutDown())
                .turn()
                .passes(Rule.CLAIM_CLUSTER);
    }

    @Test
    void a_standby_whose_agent_comes_before_the_primarys_ends_and_leaves_it_running() {
        given().initialization(new Initialization.Absent())
                .leader(null)
                .postgres(standby(1, 1000, Upstream.none(), null))
                .remember(m -> m.lastHealthy = null)
                .turn()
                .exits(Rule.PRIMARY_FIRST, 1);
    }

    @Test
    void a_standby_that_has_seen_a_leader_claims_the_cluster() {
        given().nobodyLeads()
                .initialization(new Initialization.Absent())
                .turn()
                .passes(Rule.CLAIM_CLUSTER);
    }

    @Test
    void a_follower_leaves_the_claim_to_the_leader() {
        given().initialization(new Initialization.Absent()).turn().goes(Rule.FOLLOWS);
    }
}
