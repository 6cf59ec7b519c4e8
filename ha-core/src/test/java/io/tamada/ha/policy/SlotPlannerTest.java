package io.tamada.ha.policy;

import static io.tamada.ha.policy.Given.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.ClusterStatus;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.SlotDefinition;
import io.tamada.ha.model.SlotFacts;
import io.tamada.ha.model.Tags;
import io.tamada.ha.port.SlotPlan;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SlotPlannerTest {

    private static SlotPlan plan(Given given) {
        return SlotPlanner.plan(new Deliberation(given.observation()), given.view);
    }

    private static Given leader() {
        return given().iLead().primary();
    }

    private static Given tagged(Given given, String member, String tag, Object value) {
        return given.member(member, m -> m.tags(new Tags(Map.of(tag, value))));
    }

    private static SlotPlan.Wanted physical(@Nullable Long position, boolean active) {
        return new SlotPlan.Wanted(
                new SlotDefinition.Physical(null),
                position == null ? null : Lsn.of(position),
                active);
    }

    private static Given version10(Given given) {
        LocalPostgres.Server s = Objects.requireNonNull(given.postgres.running());
        LocalPostgres.Server old =
                new LocalPostgres.Server(
                        s.systemId(),
                        100_023,
                        s.postmasterStart(),
                        s.timeline(),
                        s.rewindable(),
                        s.pendingRestart(),
                        s.senders(),
                        s.slots());
        return switch (given.postgres) {
            case LocalPostgres.Primary p ->
                    given.postgres(
                            new LocalPostgres.Primary(old, p.position(), "", "on", null, true));
            case LocalPostgres.Standby b ->
                    given.postgres(
                            new LocalPostgres.Standby(
                                    old,
                                    b.received(),
                                    b.replayed(),
                                    null,
                                    false,
                                    b.replicationState(),
                                    b.upstream(),
                                    null));
            default -> throw new AssertionError(given.postgres);
        };
    }

    // ---- members
    // -------------------------------------------------------------------------------------------------

    @Test
    void a_leader_keeps_a_slot_for_every_other_member_that_streams_from_it() {
        assertThat(plan(leader()).wanted())
                .isEqualTo(Map.of("b", physical(null, true), "c", physical(null, true)));
    }

    @Test
    void a_standby_keeps_idle_slots_for_the_others() {
        assertThat(plan(given()).wanted())
                .isEqualTo(Map.of("b", physical(null, false), "c", physical(null, false)));
    }

    @Test
    void members_that_do_not_stream_have_no_slot() {
        assertThat(plan(tagged(leader(), "c", "nostream", true)).wanted()).containsOnlyKeys("b");
    }

    @Test
    void a_member_behind_another_has_an_idle_slot_on_the_leader_at_its_own_position() {
        Given g = tagged(leader(), "c", "replicatefrom", "b");
        g.member("c", m -> m.position(Lsn.of(700)));
        assertThat(plan(g).wanted()).containsEntry("c", physical(700L, false));
        Given mine = tagged(given(), "c", "replicatefrom", "a");
        assertThat(plan(mine).wanted()).containsEntry("c", physical(null, true));
        Given lost = tagged(leader(), "c", "replicatefrom", "gone");
        assertThat(plan(lost).wanted()).containsEntry("c", physical(null, true));
    }

    @Test
    void an_idle_slot_goes_to_where_the_leader_says() {
        Given g = given();
        g.store(v ->
                v.status(
                        new ClusterStatus(
                                Lsn.of(1000), Map.of("c", Lsn.of(800)), Set.of("a", "b", "x"))));
        assertThat(plan(g).wanted())
                .containsEntry("c", physical(800L, false))
                .containsEntry("x", physical(null, false))
                .doesNotContainKey("a");
    }

    @Test
    void a_member_that_never_leads_keeps_slots_of_those_behind_it_only() {
        Given g = tagged(given().tag("nofailover", true), "c", "replicatefrom", "a");
        g.store(v -> v.status(new ClusterStatus(Lsn.of(1000), Map.of(), Set.of("x"))));
        g.config("slots", Map.of("mine", Map.of("type", "physical")));
        assertThat(plan(g).wanted()).containsOnlyKeys("c");
    }

    @Test
    void without_retention_or_before_version_11_only_slots_in_use_exist() {
        assertThat(plan(given().config("member_slots_ttl", 0)).wanted()).isEmpty();
        assertThat(plan(leader().config("member_slots_ttl", 0)).wanted())
                .containsOnlyKeys("b", "c");
        assertThat(plan(version10(given())).wanted()).isEmpty();
        Given behind = tagged(leader().config("member_slots_ttl", 0), "c", "replicatefrom", "b");
        assertThat(plan(behind).wanted()).containsOnlyKeys("b");
    }

    // ---- permanent slots
    // -----------------------------------------------------------------------------------------

    private static final Map<String, Object> LOGICAL =
            Map.of("type", "logical", "database", "app", "plugin", "pgoutput");

    private static Given permanent(Given given) {
        return given.config("slots", Map.of("p", Map.of("type", "physical"), "l", LOGICAL));
    }

    private static final SlotDefinition L = new SlotDefinition.Logical("app", "pgoutput", null);

    @Test
    void permanent_slots_exist_on_the_leader_and_from_version_11_on_standbys() {
        assertThat(plan(permanent(leader())).wanted())
                .containsEntry("p", physical(null, true))
                .containsEntry("l", new SlotPlan.Wanted(L, null, true));
        assertThat(plan(permanent(given())).wanted())
                .containsEntry("p", physical(null, false))
                .containsEntry("l", new SlotPlan.Wanted(L, null, false));
        assertThat(plan(version10(permanent(given()))).wanted()).isEmpty();
    }

    @Test
    void there_are_no_logical_slots_in_a_standby_cluster_or_where_wal_does_not_stream() {
        assertThat(plan(permanent(given().standbyCluster())).wanted())
                .containsKey("p")
                .doesNotContainKey("l");
        assertThat(plan(permanent(given().tag("nostream", true))).wanted()).doesNotContainKey("l");
        Given chain = tagged(given().tag("replicatefrom", "c"), "c", "nostream", true);
        assertThat(plan(permanent(chain)).wanted()).doesNotContainKey("l");
        Given loop = tagged(given().tag("replicatefrom", "c"), "c", "replicatefrom", "c");
        assertThat(plan(permanent(loop)).wanted()).doesNotContainKey("l");
    }

    @Test
    void a_slot_may_be_for_one_kind_of_cluster_only() {
        Given g =
                leader().config(
                                "slots",
                                Map.of(
                                        "far",
                                        Map.of("type", "physical", "cluster_type", "standby"),
                                        "near",
                                        Map.of("type", "physical", "cluster_type", "primary")));
        assertThat(plan(g).wanted()).containsKey("near").doesNotContainKey("far");
    }

    @Test
    void a_permanent_slot_with_a_members_name_is_the_members() {
        Given g = given().config("slots", Map.of("a", Map.of("type", "physical"), "b", LOGICAL));
        assertThat(plan(g).wanted())
                .containsEntry("b", physical(null, false))
                .doesNotContainKey("a");
    }

    @Test
    void in_pause_unknown_slots_are_kept() {
        assertThat(plan(given().paused()).keepUnknown()).isTrue();
        assertThat(plan(given()).keepUnknown()).isFalse();
        assertThat(plan(given()).cleanXmin()).isTrue();
        assertThat(plan(given().leader(null)).cleanXmin()).isFalse();
    }

    // ---- in line
    // -------------------------------------------------------------------------------------------------

    private static final SlotPlan PLAN =
            new SlotPlan(
                    Map.of("b", physical(800L, false), "l", new SlotPlan.Wanted(L, null, true)),
                    List.of(new SlotDefinition.Matcher("theirs", null, null, null)),
                    false,
                    true);

    private static final SlotFacts B = SlotFacts.physical(false, Lsn.of(800));
    private static final SlotFacts LOGICAL_SLOT =
            new SlotFacts(true, true, Lsn.of(1), "app", "pgoutput", false, false, false, false);

    private static boolean inLine(Map<String, SlotFacts> slots) {
        return SlotPlanner.isInLine(PLAN, slots);
    }

    @Test
    void slots_as_planned_need_nothing() {
        assertThat(inLine(Map.of("b", B, "l", LOGICAL_SLOT))).isTrue();
        assertThat(inLine(Map.of("b", B, "l", LOGICAL_SLOT, "theirs", B))).isTrue();
    }

    @Test
    void a_slot_that_is_missing_lost_behind_or_of_another_kind_needs_work() {
        assertThat(inLine(Map.of("l", LOGICAL_SLOT))).isFalse();
        assertThat(inLine(Map.of("b", SlotFacts.physical(false, Lsn.of(799)), "l", LOGICAL_SLOT)))
                .isFalse();
        assertThat(inLine(Map.of("b", SlotFacts.physical(false, null), "l", LOGICAL_SLOT)))
                .isFalse();
        assertThat(inLine(Map.of("b", B, "l", B))).isFalse();
        SlotFacts elsewhere =
                new SlotFacts(
                        true, true, Lsn.of(1), "other", "pgoutput", false, false, false, false);
        assertThat(inLine(Map.of("b", B, "l", elsewhere))).isFalse();
        SlotFacts lost =
                new SlotFacts(false, false, Lsn.of(800), null, null, false, false, false, true);
        assertThat(inLine(Map.of("b", lost, "l", LOGICAL_SLOT))).isFalse();
    }

    @Test
    void an_idle_slot_that_holds_back_vacuum_needs_work() {
        SlotFacts stale =
                new SlotFacts(false, false, Lsn.of(800), null, null, true, false, false, false);
        assertThat(inLine(Map.of("b", stale, "l", LOGICAL_SLOT))).isFalse();
        SlotFacts used =
                new SlotFacts(false, true, Lsn.of(800), null, null, true, false, false, false);
        assertThat(inLine(Map.of("b", used, "l", LOGICAL_SLOT))).isTrue();
    }

    @Test
    void an_unknown_slot_needs_work_unless_it_is_postgresqls_own_or_the_cluster_is_paused() {
        Map<String, SlotFacts> slots = Map.of("b", B, "l", LOGICAL_SLOT, "x", B);
        assertThat(inLine(slots)).isFalse();
        SlotFacts failover =
                new SlotFacts(true, false, Lsn.of(1), "app", "pgoutput", false, true, true, false);
        assertThat(inLine(Map.of("b", B, "l", LOGICAL_SLOT, "x", failover))).isTrue();
        SlotPlan paused = new SlotPlan(PLAN.wanted(), PLAN.ignored(), true, true);
        assertThat(SlotPlanner.isInLine(paused, slots)).isTrue();
    }
}
