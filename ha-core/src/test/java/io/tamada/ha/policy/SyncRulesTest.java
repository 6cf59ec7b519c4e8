package io.tamada.ha.policy;

import static io.tamada.ha.policy.Given.given;
import static io.tamada.ha.policy.Given.sender;
import static io.tamada.ha.policy.Given.standby;
import static io.tamada.ha.policy.QuorumWorld.members;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.PostgresState;
import io.tamada.ha.model.Revision;
import io.tamada.ha.model.SyncState;
import io.tamada.ha.model.Tags;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.model.WalSender;
import io.tamada.ha.port.OrderResult;
import io.tamada.ha.port.PostgresOrder;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The leader keeps the key and the setting of synchronous replication in order.
class SyncRulesTest {

    private static Given priority() {
        return given().config("synchronous_mode", true).iLead();
    }

    private static Given quorum() {
        return given().config("synchronous_mode", "quorum").iLead();
    }

    private static final WalSender B_SYNC = sender("b", "sync", 1000);

    // ---- priority mode
    // -------------------------------------------------------------------------------------------

    @Test
    void the_key_is_made_before_the_setting() {
        Turn turn = priority().primary(1, 1000, "", sender("b", "async", 1000)).turn();
        assertThat(turn.coordinated(Rule.SYNC_KEY))
                .isEqualTo(
                        new CoordinationStep.Write(
                                new DcsEntry.Sync(SyncState.of(Given.A, Set.of(), 0)),
                                Precondition.absent()));
        assertThat(turn.rules().indexOf(Rule.SYNC_KEY))
                .isLessThan(turn.rules().indexOf(Rule.SYNC_NAMES));
    }

    @Test
    void a_standby_that_has_confirmed_is_written_to_the_key_as_last_seen() {
        Turn turn =
                priority()
                        .sync("a", "", 0)
                        .primary(1, 1000, "b", B_SYNC)
                        .remember(m -> m.sync = new SyncMemory("b", Lsn.of(900), Set.of()))
                        .turn();
        turn.goes(Rule.SYNC_KEY, Rule.LEADS);
        assertThat(turn.coordinated(Rule.SYNC_KEY))
                .isEqualTo(
                        new CoordinationStep.Write(
                                new DcsEntry.Sync(SyncState.of(Given.A, members("b"), 0)),
                                Precondition.at(Revision.of(1))));
    }

    @Test
    void a_standby_that_has_not_confirmed_is_waited_for() {
        priority()
                .sync("a", "", 0)
                .primary(1, 1000, "b", sender("b", "sync", 999))
                .turn()
                .goes(Rule.LEADS)
                .holdsFor(Duration.ofSeconds(1));
    }

    @Test
    void a_key_that_somebody_else_changed_ends_the_work_of_this_turn() {
        priority()
                .primary(1, 1000, "", B_SYNC)
                .refuses(Rule.SYNC_KEY)
                .turn()
                .goes(Rule.SYNC_KEY, Rule.LEADS);
    }

    @Test
    void a_setting_that_could_not_be_written_ends_the_work_of_this_turn() {
        priority()
                .sync("a", "", 0)
                .primary(1, 1000, "", B_SYNC)
                .orderEnds(Rule.SYNC_NAMES, new OrderResult.Failed("disk full"))
                .turn()
                .goes(Rule.SYNC_NAMES, Rule.LEADS);
    }

    @Test
    void all_in_order_is_all_there_is() {
        priority()
                .sync("a", "b", 0)
                .primary(1, 1000, "b", B_SYNC)
                .turn()
                .goes(Rule.LEADS)
                .holdsFor(Duration.ofSeconds(10));
    }

    @Test
    void strict_mode_says_that_commits_wait() {
        priority()
                .config("synchronous_mode_strict", true)
                .sync("a", "b", 0)
                .primary(1, 1000, "b")
                .turn()
                .goes(Rule.LEADS)
                .because("synchronous_mode_strict");
    }

    // ---- quorum mode
    // ---------------------------------------------------------------------------------------------

    @Test
    void in_quorum_mode_standbys_that_confirm_are_voters() {
        Turn turn =
                quorum().sync("a", "", 0)
                        .primary(
                                1,
                                1000,
                                "ANY 1 (b,c)",
                                sender("b", "quorum", 1000),
                                sender("c", "quorum", 1000))
                        .turn();
        assertThat(turn.wrote(Rule.SYNC_KEY))
                .isEqualTo(new DcsEntry.Sync(SyncState.of(Given.A, members("bc"), 1)));
    }

    @Test
    void after_a_change_of_the_setting_all_confirm_anew() {
        Turn turn =
                quorum().config("synchronous_node_count", 2)
                        .sync("a", "bc", 1)
                        .primary(
                                1,
                                1000,
                                "ANY 2 (b,c)",
                                sender("b", "quorum", 1000),
                                sender("c", "quorum", 900))
                        .remember(m ->
                                m.sync = new SyncMemory("ANY 1 (b,c)", Lsn.of(500), members("bc")))
                        .turn();
        turn.never(Rule.SYNC_KEY).holdsFor(Duration.ofSeconds(1));
        assertThat(turn.memory().sync().ready()).containsExactly(Given.B);
    }

    // ---- off
    // -----------------------------------------------------------------------------------------------------

    @Test
    void switching_off_removes_the_key_and_then_the_setting() {
        Turn turn = given().iLead().sync("a", "b", 0).primary(1, 1000, "b", B_SYNC).turn();
        turn.goes(Rule.SYNC_OFF, Rule.SYNC_NAMES_OFF, Rule.LEADS);
        assertThat(turn.ordered(Rule.SYNC_NAMES_OFF))
                .isEqualTo(new PostgresOrder.SetSynchronousStandbys(""));
    }

    @Test
    void switching_off_leaves_what_the_user_set() {
        Turn turn =
                given().config(
                                "postgresql",
                                Map.of(
                                        "use_slots",
                                        false,
                                        "parameters",
                                        Map.of("synchronous_standby_names", "mine")))
                        .iLead()
                        .sync("a", "b", 0)
                        .primary(1, 1000, "b", B_SYNC)
                        .turn();
        assertThat(turn.ordered(Rule.SYNC_NAMES_OFF))
                .isEqualTo(new PostgresOrder.SetSynchronousStandbys("mine"));
    }

    // ---- before promotion
    // ----------------------------------------------------------------------------------------

    private static Given heir(Given given) {
        return given.postgres(standby(1, 1000, Upstream.none(), null));
    }

    @Test
    void before_a_promotion_the_key_names_the_new_leader_alone() {
        Turn turn = heir(priority().sync("b", "ac", 0)).turn();
        turn.goes(Rule.SYNC_KEY_BEFORE_PROMOTION, Rule.SYNC_NAMES_BEFORE_PROMOTION, Rule.PROMOTE);
        assertThat(turn.wrote(Rule.SYNC_KEY_BEFORE_PROMOTION))
                .isEqualTo(new DcsEntry.Sync(SyncState.of(Given.A, Set.of(), 0)));
        assertThat(turn.ordered(Rule.SYNC_NAMES_BEFORE_PROMOTION))
                .isEqualTo(new PostgresOrder.SetSynchronousStandbys(""));
    }

    @Test
    void in_strict_mode_commits_wait_for_the_others_from_the_first_on() {
        Turn turn =
                heir(priority().config("synchronous_mode_strict", true).sync("b", "ac", 0)).turn();
        assertThat(turn.wrote(Rule.SYNC_KEY_BEFORE_PROMOTION))
                .isEqualTo(new DcsEntry.Sync(SyncState.of(Given.A, members("bc"), 0)));
        assertThat(turn.ordered(Rule.SYNC_NAMES_BEFORE_PROMOTION))
                .isEqualTo(new PostgresOrder.SetSynchronousStandbys("2 (b,c)"));
    }

    @Test
    void in_strict_mode_without_others_commits_wait_for_a_name_that_nobody_has() {
        Turn turn =
                heir(priority().config("synchronous_mode_strict", true).sync("a", "", 0)).turn();
        assertThat(turn.ordered(Rule.SYNC_NAMES_BEFORE_PROMOTION))
                .isEqualTo(new PostgresOrder.SetSynchronousStandbys(MemberName.RESERVED));
    }

    @Test
    void a_key_that_somebody_else_changed_postpones_the_promotion() {
        heir(priority().sync("b", "a", 0))
                .refuses(Rule.SYNC_KEY_BEFORE_PROMOTION)
                .turn()
                .goes(Rule.SYNC_KEY_BEFORE_PROMOTION, Rule.SYNC_KEY_CHANGED);
    }

    @Test
    void in_quorum_mode_the_setting_alone_is_made_ready() {
        Turn turn = heir(quorum().sync("b", "ac", 1)).turn();
        turn.never(Rule.SYNC_KEY_BEFORE_PROMOTION).ends(Rule.PROMOTE);
        assertThat(turn.ordered(Rule.SYNC_NAMES_BEFORE_PROMOTION))
                .isEqualTo(new PostgresOrder.SetSynchronousStandbys("ANY 1 (b,c)"));
    }

    @Test
    void a_setting_that_can_not_be_made_ready_gives_the_lease_back() {
        Turn turn =
                heir(quorum().sync("b", "ac", 1))
                        .orderEnds(
                                Rule.SYNC_NAMES_BEFORE_PROMOTION,
                                new OrderResult.Failed("disk full"))
                        .turn();
        turn.passes(Rule.SYNC_NAMES_NOT_SET)
                .never(Rule.PROMOTE)
                .ends(Rule.RACE_AFTER_FAILED_PROMOTE);
    }

    @Test
    void without_synchronous_replication_the_users_own_setting_is_kept() {
        Turn turn =
                heir(given().config(
                                        "postgresql",
                                        Map.of(
                                                "use_slots",
                                                false,
                                                "parameters",
                                                Map.of("synchronous_standby_names", "mine")))
                                .iLead())
                        .turn();
        assertThat(turn.ordered(Rule.SYNC_NAMES_BEFORE_PROMOTION))
                .isEqualTo(new PostgresOrder.SetSynchronousStandbys("mine"));
        turn.ends(Rule.PROMOTE);
    }

    // ---- who may be synchronous
    // ----------------------------------------------------------------------------------

    private static Set<MemberName> active(Given given, boolean quorum, int wanted) {
        Observation seen = given.observation();
        return SyncCandidates.of(
                        new Deliberation(seen),
                        given.view,
                        (LocalPostgres.Primary) seen.postgres(),
                        quorum,
                        wanted)
                .active();
    }

    private static Given streams(WalSender... senders) {
        return given().iLead().member("d", m -> m).primary(1, 1000, "", senders);
    }

    @Test
    void only_running_members_that_stream_may_be_synchronous() {
        Given g =
                streams(
                        sender("B", "async", 1000),
                        sender("stranger", "async", 1000),
                        sender("a", "async", 1000),
                        new WalSender("c", "r", null, "catchup", "async", 1, null, null, null));
        assertThat(active(g, true, 1)).containsExactly(Given.B);
        assertThat(active(g.member("b", m -> m.state(PostgresState.STARTING)), true, 1)).isEmpty();
    }

    @Test
    void members_tagged_nosync_or_of_priority_0_are_not() {
        Given g = streams(sender("b", "sync", 1000), sender("c", "async", 1000));
        g.member("b", m -> m.tags(new Tags(Map.of("nosync", true))));
        assertThat(active(g, true, 1)).containsExactly(Given.C);
        g.member("c", m -> m.tags(new Tags(Map.of("sync_priority", 0))));
        assertThat(active(g, true, 1)).isEmpty();
    }

    @Test
    void who_is_synchronous_stays_so_unless_another_has_a_higher_priority() {
        Given g = streams(sender("b", "async", 2000), sender("c", "sync", 1000));
        assertThat(active(g, false, 1)).containsExactly(Given.C);
        g.member("b", m -> m.tags(new Tags(Map.of("sync_priority", 2))));
        assertThat(active(g, false, 1)).containsExactly(Given.B);
    }

    @Test
    void the_furthest_of_equals_is_chosen() {
        Given g = streams(sender("b", "async", 999), sender("c", "async", 1000));
        assertThat(active(g, false, 1)).containsExactly(Given.C);
        assertThat(active(g, false, 2)).containsExactly(Given.B, Given.C);
    }

    @Test
    void members_that_may_not_lead_come_last() {
        Given g = streams(sender("b", "sync", 1000), sender("c", "async", 900));
        g.member("b", m -> m.tags(new Tags(Map.of("nofailover", true))));
        assertThat(active(g, false, 1)).containsExactly(Given.C);
        assertThat(active(g, true, 1)).containsExactly(Given.C);
        assertThat(active(g, true, 2)).containsExactly(Given.B, Given.C);
    }

    @Test
    void a_member_behind_another_that_streams_is_not_synchronous() {
        Given g = streams(sender("b", "async", 1000), sender("c", "async", 1000));
        g.member("c", m -> m.tags(new Tags(Map.of("replicatefrom", "b"))));
        assertThat(active(g, true, 1)).containsExactly(Given.B);
        Given gone = streams(sender("c", "async", 1000));
        gone.member("c", m -> m.tags(new Tags(Map.of("replicatefrom", "b"))));
        assertThat(active(gone, true, 1)).containsExactly(Given.C);
    }

    @Test
    void a_standby_that_lags_too_far_is_not_synchronous() {
        Given g =
                streams(sender("b", "sync", 800), sender("c", "async", 1000))
                        .config("maximum_lag_on_syncnode", 100);
        assertThat(active(g, true, 1)).containsExactly(Given.C);
        Given single = streams(sender("b", "sync", 800)).config("maximum_lag_on_syncnode", 100);
        assertThat(active(single, true, 1)).isEmpty();
        assertThat(active(streams(sender("b", "sync", 800)), true, 1)).containsExactly(Given.B);
    }

    @Test
    void the_position_that_counts_depends_on_synchronous_commit() {
        WalSender b =
                new WalSender(
                        "b", "r", null, "streaming", "sync", 1, Lsn.of(900), null, Lsn.of(700));
        Given g = streams(b);
        assertThat(active(g, true, 1)).isEmpty();
        LocalPostgres.Primary p = (LocalPostgres.Primary) g.postgres;
        for (String mode : Set.of("remote_apply", "remote_write")) {
            g.postgres(new LocalPostgres.Primary(p.server(), p.position(), "", mode, null, true));
            assertThat(active(g, true, 1)).as(mode).containsExactly(Given.B);
        }
    }
}
