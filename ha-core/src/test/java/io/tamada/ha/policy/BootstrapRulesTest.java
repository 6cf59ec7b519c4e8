package io.tamada.ha.policy;

import static io.tamada.ha.policy.Given.given;
import static io.tamada.ha.policy.Given.standby;
import static io.tamada.ha.policy.Given.upstreamOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.LeaseRequest;
import io.tamada.ha.dcs.LeaseResult;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.Initialization;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.MemberSettings;
import io.tamada.ha.model.PostgresState;
import io.tamada.ha.model.StandbyCluster;
import io.tamada.ha.model.Tags;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.PostgresOrder;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// No cluster yet, or no data yet.
class BootstrapRulesTest {

    private static Given unborn() {
        return given().noData()
                .leader(null)
                .initialization(new Initialization.Absent())
                .remember(m -> m.lastHealthy = null);
    }

    private static final StandbyCluster SOURCE =
            new StandbyCluster("far", 5432, null, List.of(), null, null, null);

    // ---- the race
    // ------------------------------------------------------------------------------------------------

    @Test
    void the_first_member_wins_the_right_to_make_the_cluster() {
        Turn turn = unborn().turn();
        turn.goes(Rule.WIN_BOOTSTRAP, Rule.BOOTSTRAP)
                .begins(Rule.BOOTSTRAP, new PostgresTask.Initialize());
        assertThat(turn.coordinated(Rule.WIN_BOOTSTRAP))
                .isEqualTo(
                        new CoordinationStep.Write(
                                new DcsEntry.Initialize(null), Precondition.absent()));
        assertThat(turn.memory().bootstrap()).isEqualTo(Memory.Bootstrap.CREATING);
    }

    @Test
    void whoever_loses_that_race_waits() {
        unborn().refuses(Rule.WIN_BOOTSTRAP)
                .turn()
                .goes(Rule.WIN_BOOTSTRAP, Rule.WAIT_FOR_BOOTSTRAP);
    }

    @Test
    void the_leader_of_a_standby_cluster_is_copied_from_the_remote_source() {
        unborn().standbyCluster()
                .turn()
                .begins(
                        Rule.BOOTSTRAP_STANDBY_LEADER,
                        new PostgresTask.Clone(new Upstream.Remote(SOURCE), false));
    }

    @Test
    void who_may_not_make_a_cluster_waits() {
        unborn().tag("nofailover", true).turn().goes(Rule.WAIT_FOR_BOOTSTRAP);
        Given noSection = unborn();
        noSection
                .settings(s ->
                        new MemberSettings(
                                s.name(),
                                s.apiUrl(),
                                s.connUrl(),
                                s.tags(),
                                false,
                                true,
                                false,
                                false,
                                false))
                .turn()
                .goes(Rule.WAIT_FOR_BOOTSTRAP);
    }

    @Test
    void while_somebody_makes_the_cluster_the_others_wait() {
        unborn().initialization(new Initialization.InProgress())
                .turn()
                .goes(Rule.WAIT_FOR_BOOTSTRAP);
    }

    // ---- a copy
    // --------------------------------------------------------------------------------------------------

    @Test
    void an_empty_member_is_copied_from_the_leader() {
        given().noData().turn().begins(Rule.CLONE, new PostgresTask.Clone(upstreamOf("b"), false));
    }

    @Test
    void a_member_tagged_clonefrom_is_preferred_as_source() {
        given().noData()
                .member("c", m -> m.tags(new Tags(Map.of("clonefrom", true))))
                .turn()
                .begins(Rule.CLONE, new PostgresTask.Clone(upstreamOf("c"), false));
        given().noData()
                .member(
                        "c",
                        m ->
                                m.tags(new Tags(Map.of("clonefrom", true)))
                                        .state(PostgresState.STARTING))
                .turn()
                .begins(Rule.CLONE, new PostgresTask.Clone(upstreamOf("b"), false));
    }

    @Test
    void a_leader_that_does_not_run_or_publish_yet_is_no_source() {
        given().noData().without("b").turn().goes(Rule.WAIT_FOR_BOOTSTRAP);
        given().noData()
                .member("b", m -> m.state(PostgresState.STARTING))
                .turn()
                .goes(Rule.WAIT_FOR_BOOTSTRAP);
    }

    @Test
    void a_member_is_never_copied_from_itself() {
        given().noData()
                .leader("a")
                .deniesLease(Rule.LEASE_REGAINED)
                .turn()
                .goes(Rule.LEASE_REGAINED, Rule.WAIT_FOR_BOOTSTRAP);
    }

    @Test
    void a_copy_that_failed_is_tried_again_a_cycle_later() {
        given().noData()
                .ended(
                        new PostgresTask.Clone(upstreamOf("b"), false),
                        new TaskResult.Failed("no space", true))
                .turn()
                .goes(Rule.CLONE_FAILED)
                .because("no space");
    }

    @Test
    void some_methods_need_no_leader() {
        Given g = given().noData().leader(null);
        g.settings(s ->
                        new MemberSettings(
                                s.name(),
                                s.apiUrl(),
                                s.connUrl(),
                                s.tags(),
                                true,
                                true,
                                false,
                                false,
                                true))
                .turn()
                .begins(Rule.CLONE_WITHOUT_LEADER, new PostgresTask.Clone(Upstream.none(), false));
    }

    @Test
    void no_method_may_be_used_while_the_cluster_is_being_made() {
        Given g = unborn().initialization(new Initialization.InProgress());
        g.settings(s ->
                        new MemberSettings(
                                s.name(),
                                s.apiUrl(),
                                s.connUrl(),
                                s.tags(),
                                true,
                                true,
                                false,
                                false,
                                true))
                .turn()
                .goes(Rule.WAIT_FOR_BOOTSTRAP);
    }

    // ---- no data, and yet
    // ----------------------------------------------------------------------------------------

    @Test
    void a_leader_whose_data_is_gone_gives_the_lease_back() {
        given().iLead().noData().turn().passes(Rule.RELEASE_WITHOUT_DATA);
    }

    @Test
    void data_that_can_not_be_read_is_left_alone() {
        given().postgres(new LocalPostgres.NoData("permission denied"))
                .turn()
                .goes(Rule.DATA_UNREADABLE)
                .because("permission denied");
    }

    @Test
    void in_pause_an_empty_member_stays_empty() {
        unborn().paused().turn().goes(Rule.EMPTY_IN_PAUSE);
    }

    // ---- the winner's way
    // ----------------------------------------------------------------------------------------

    private static Given making(Memory.Bootstrap phase) {
        return unborn().initialization(new Initialization.InProgress())
                .store(v -> v.config(null))
                .configMissing()
                .remember(m -> m.bootstrap = phase);
    }

    @Test
    void a_new_server_gets_its_users_next() {
        making(Memory.Bootstrap.CREATING)
                .primary()
                .ended(new PostgresTask.Initialize(), TaskResult.success())
                .turn()
                .begins(Rule.POST_BOOTSTRAP, new PostgresTask.FinishBootstrap());
    }

    @Test
    void the_end_of_a_point_in_time_recovery_is_waited_for() {
        making(Memory.Bootstrap.STARTED)
                .postgres(standby(1, 1000, Upstream.none(), null))
                .turn()
                .goes(Rule.WAIT_FOR_RECOVERY_END);
        making(Memory.Bootstrap.STARTED)
                .starting(false, Duration.ZERO)
                .turn()
                .goes(Rule.WAIT_FOR_RECOVERY_END);
    }

    @Test
    void a_new_server_that_does_not_answer_is_waited_for_and_given_up_at_last() {
        making(Memory.Bootstrap.STARTED)
                .unresponsive(true, Duration.ofSeconds(299))
                .turn()
                .goes(Rule.UNRESPONSIVE);
        making(Memory.Bootstrap.STARTED)
                .unresponsive(true, Duration.ofMinutes(5))
                .turn()
                .passes(Rule.BOOTSTRAP_CANCEL)
                .begins(Rule.BOOTSTRAP_DISCARD, new PostgresTask.DiscardBootstrap());
    }

    @Test
    void a_new_cluster_is_announced_identity_first_then_configuration_then_leader() {
        Turn turn =
                making(Memory.Bootstrap.CREATING)
                        .primary()
                        .remember(m -> m.bootstrap = Memory.Bootstrap.STARTED)
                        .ended(new PostgresTask.FinishBootstrap(), TaskResult.success())
                        .turn();
        turn.goes(
                Rule.BOOTSTRAP_GUARD,
                Rule.BOOTSTRAP_IDENTITY,
                Rule.BOOTSTRAP_CONFIG,
                Rule.BOOTSTRAP_LEAD,
                Rule.BOOTSTRAPPED,
                Rule.LEADS);
        assertThat(turn.coordinated(Rule.BOOTSTRAP_LEAD))
                .isEqualTo(new CoordinationStep.Acquire(LeaseRequest.Mode.TAKE));
        assertThat(turn.ordered(Rule.BOOTSTRAPPED))
                .isEqualTo(new PostgresOrder.AssumeRole(MemberRole.PRIMARY));
        assertThat(turn.memory().bootstrap()).isEqualTo(Memory.Bootstrap.NONE);
    }

    @Test
    void what_could_not_be_announced_is_announced_again() {
        Given g = making(Memory.Bootstrap.FINISHED).primary();
        g.refuses(Rule.BOOTSTRAP_CONFIG)
                .turn()
                .goes(
                        Rule.BOOTSTRAP_GUARD,
                        Rule.BOOTSTRAP_IDENTITY,
                        Rule.BOOTSTRAP_CONFIG,
                        Rule.BOOTSTRAP_TELL_AGAIN);
        making(Memory.Bootstrap.FINISHED)
                .primary()
                .leaseSays(Rule.BOOTSTRAP_LEAD, new LeaseResult.Unknown("timeout"))
                .turn()
                .ends(Rule.BOOTSTRAP_TELL_AGAIN);
    }

    @Test
    void a_new_standby_leader_is_started_and_announced() {
        Turn turn =
                making(Memory.Bootstrap.CREATING)
                        .standbyCluster()
                        .standbyDown()
                        .ended(
                                new PostgresTask.Clone(new Upstream.Remote(SOURCE), false),
                                TaskResult.success())
                        .turn();
        turn.begins(
                Rule.START_STANDBY_LEADER,
                new PostgresTask.StartStandby(
                        new Upstream.Remote(SOURCE), true, Duration.ofMinutes(5)));
        Turn announced =
                turn.after()
                        .postgres(standby(1, 1000, new Upstream.Remote(SOURCE), "streaming"))
                        .turn();
        announced.passes(Rule.BOOTSTRAP_LEAD).ends(Rule.LEADS_STANDBY_CLUSTER);
        assertThat(announced.ordered(Rule.BOOTSTRAPPED))
                .isEqualTo(new PostgresOrder.AssumeRole(MemberRole.STANDBY_LEADER));
    }

    @Test
    void a_bootstrap_that_failed_frees_the_key_and_moves_the_data_aside() {
        Turn turn =
                making(Memory.Bootstrap.CREATING)
                        .ended(
                                new PostgresTask.Initialize(),
                                new TaskResult.Failed("no space", false))
                        .turn();
        turn.goes(Rule.BOOTSTRAP_CANCEL, Rule.BOOTSTRAP_DISCARD);
        assertThat(turn.after().view.initialization()).isEqualTo(new Initialization.Absent());
        turn.after()
                .ended(new PostgresTask.DiscardBootstrap(), TaskResult.success())
                .turn()
                .exits(Rule.BOOTSTRAP_FAILED, 1);
    }

    @Test
    void a_server_that_is_gone_before_the_end_is_a_bootstrap_that_failed() {
        making(Memory.Bootstrap.STARTED)
                .down(Given.shutDown())
                .turn()
                .passes(Rule.BOOTSTRAP_CANCEL);
        making(Memory.Bootstrap.FINISHED)
                .down(Given.shutDown())
                .turn()
                .passes(Rule.BOOTSTRAP_CANCEL);
        making(Memory.Bootstrap.CREATING).turn().passes(Rule.BOOTSTRAP_CANCEL);
    }

    @Test
    void without_the_required_watchdog_no_cluster_is_announced() {
        making(Memory.Bootstrap.FINISHED)
                .primary()
                .watchdogFails()
                .turn()
                .goes(Rule.BOOTSTRAP_GUARD, Rule.BOOTSTRAP_CANCEL, Rule.BOOTSTRAP_DISCARD);
    }

    @Test
    void a_cluster_that_came_to_be_in_another_way_is_neither_overwritten_nor_deleted() {
        Turn claimed =
                making(Memory.Bootstrap.FINISHED)
                        .primary()
                        .initialization(new Initialization.Done(Given.FOREIGN))
                        .turn();
        claimed.goes(Rule.BOOTSTRAP_DISCARD);
        making(Memory.Bootstrap.FINISHED).primary().leader("b").turn().goes(Rule.BOOTSTRAP_DISCARD);
    }

    @Test
    void a_view_without_any_key_is_that_of_an_unborn_cluster() {
        assertThat(ClusterView.EMPTY.isLeaderless()).isTrue();
        assertThat(ClusterView.EMPTY.initialization()).isEqualTo(new Initialization.Absent());
    }
}
