package io.tamada.ha.policy;

import static io.tamada.ha.policy.Given.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.dcs.HeldLease;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.PostgresTask.Stop;
import io.tamada.ha.port.TaskResult;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// The store is silent.
class OutageRulesTest {

    private static Given leader(Duration left) {
        return given().iLeadFor(left).primary().storeSilent();
    }

    // ---- without failsafe mode
    // -----------------------------------------------------------------------------------

    @Test
    void a_standby_waits_for_the_store() {
        given().storeSilent().turn().goes(Rule.STORE_SILENT);
    }

    @Test
    void a_stopped_server_stays_down() {
        given().storeSilent().standbyDown().turn().goes(Rule.STORE_SILENT);
    }

    @Test
    void a_primary_goes_on_while_its_lease_lasts() {
        leader(Duration.ofSeconds(6)).turn().goes(Rule.STORE_SILENT_LEASE_LASTS);
    }

    @Test
    void a_primary_looks_again_before_its_lease_is_about_to_end() {
        leader(Duration.ofMillis(5400))
                .turn()
                .goes(Rule.STORE_SILENT_LEASE_LASTS)
                .holdsFor(Duration.ofMillis(400));
    }

    @Test
    void a_primary_stops_before_its_lease_ends() {
        Turn turn = leader(Duration.ofSeconds(5)).turn();
        turn.begins(
                Rule.STOP_BEFORE_EDGE,
                new Stop(Stop.Mode.FAST, false, Duration.ofMillis(2250), Stop.Reason.STORE_SILENT));
        assertThat(turn.memory().rewind()).isEqualTo(new RewindState.Check());
        assertThat(turn.memory().steppingDown()).isNotNull();
    }

    @Test
    void a_primary_that_stops_is_waited_for_until_the_last_moment() {
        Given stopping =
                leader(Duration.ofSeconds(1))
                        .running(
                                new Stop(
                                        Stop.Mode.FAST,
                                        false,
                                        Duration.ofMillis(2250),
                                        Stop.Reason.STORE_SILENT));
        stopping.turn().goes(Rule.STOPS_BEFORE_EDGE);
    }

    @Test
    void a_primary_that_still_runs_at_the_last_moment_is_stopped_by_force() {
        leader(Duration.ofMillis(500)).turn().fences(Rule.FENCE_AT_EDGE);
    }

    @Test
    void a_primary_without_a_lease_is_stopped_by_force() {
        given().leader("a").primary().storeSilent().turn().fences(Rule.FENCE_AT_EDGE);
    }

    @Test
    void a_promotion_under_way_is_stopped_by_force() {
        Given g = leader(Duration.ofSeconds(5));
        HeldLease lease = Objects.requireNonNull(g.observation().lease());
        g.postgres(Given.standby(1, 1000, null, null))
                .running(new PostgresTask.Promote(lease, Duration.ofMinutes(1)))
                .turn()
                .fences(Rule.FENCE_AT_EDGE);
    }

    @Test
    void in_pause_a_primary_runs_on() {
        leader(Duration.ZERO).paused().turn().goes(Rule.STORE_SILENT);
    }

    @Test
    void a_new_cluster_waits_for_the_store() {
        given().primary()
                .storeSilent()
                .remember(m -> m.bootstrap = Memory.Bootstrap.FINISHED)
                .turn()
                .goes(Rule.STORE_SILENT_DURING_BOOTSTRAP);
    }

    // ---- after stopping
    // --------------------------------------------------------------------------------------------

    private static Given stopped() {
        return given().leader("a")
                .storeSilent()
                .down(Given.shutDown())
                .steppingDown(SteppingDown.Why.STORE_SILENT, null, Duration.ofSeconds(9), false);
    }

    @Test
    void a_primary_that_stopped_for_want_of_the_store_is_started_to_serve_reads() {
        stopped()
                .turn()
                .begins(
                        Rule.START_READ_ONLY,
                        new PostgresTask.StartStandby(
                                Upstream.none(), false, Duration.ofMinutes(5)));
    }

    @Test
    void a_server_that_was_stopped_for_another_reason_stays_down_while_the_store_is_silent() {
        stopped()
                .steppingDown(SteppingDown.Why.SWITCHOVER, "b", Duration.ofSeconds(9), true)
                .turn()
                .goes(Rule.STORE_SILENT);
    }

    @Test
    void in_pause_a_server_that_stopped_stays_down() {
        stopped().paused().turn().goes(Rule.STORE_SILENT);
    }

    @Test
    void a_start_to_serve_reads_that_failed_is_tried_again_after_a_while() {
        Given failed =
                stopped()
                        .ended(
                                new PostgresTask.StartStandby(
                                        Upstream.none(), false, Duration.ofMinutes(5)),
                                new TaskResult.Failed("no space", true));
        Turn turn = failed.turn();
        turn.goes(Rule.START_FAILED).holdsFor(Duration.ofSeconds(2));
        turn.after().turn().goes(Rule.START_READ_ONLY);
    }

    @Test
    void a_server_that_serves_reads_has_stepped_down() {
        Turn turn = stopped().postgres(Given.standby(1, 1000, Upstream.none(), null)).turn();
        turn.goes(Rule.STORE_SILENT);
        assertThat(turn.memory().steppingDown()).isNull();
    }

    // ---- with failsafe mode
    // --------------------------------------------------------------------------------------

    private static Given failsafe(Duration left) {
        return leader(left)
                .config("failsafe_mode", true)
                .knownStore(v ->
                        v.failsafe(
                                Map.of(
                                        Given.A, Given.api("a"),
                                        Given.B, Given.api("b"),
                                        Given.C, Given.api("c"))));
    }

    @Test
    void the_others_are_asked_from_the_first_silence_on() {
        Turn turn = failsafe(Duration.ofSeconds(25)).consents("b").consents("c").turn();
        turn.goes(Rule.ASK_CONSENT, Rule.LEADS_BY_CONSENT);
        assertThat(turn.memory().consentUntilNanos()).isEqualTo(given().now + Given.TTL.toNanos());
    }

    @Test
    void who_is_perhaps_in_the_list_has_to_consent_too() {
        Given unsure =
                given().leader("a")
                        .iLeadFor(Duration.ofSeconds(25))
                        .primary()
                        .config("failsafe_mode", true)
                        .store(v -> v.failsafe(Map.of(Given.A, Given.api("a"))))
                        .storeSays(Rule.PUBLISH_FAILSAFE, new WriteResult.Unknown("no answer"));
        Given silent = unsure.turn().passes(Rule.PUBLISH_FAILSAFE).after().storeSilent();

        silent.consents("b").turn().goes(Rule.ASK_CONSENT, Rule.STORE_SILENT_LEASE_LASTS);
        silent.consents("c").turn().goes(Rule.ASK_CONSENT, Rule.LEADS_BY_CONSENT);
    }

    @Test
    void what_was_in_doubt_is_known_when_the_store_was_read_a_ttl_later() {
        Given unsure =
                given().leader("a")
                        .iLeadFor(Duration.ofSeconds(25))
                        .primary()
                        .config("failsafe_mode", true)
                        .store(v -> v.failsafe(Map.of(Given.A, Given.api("a"))))
                        .remember(m -> {
                            m.failsafeInDoubt = Map.of(Given.B, Given.api("b"));
                            m.failsafeDoubtedNanos = given().now;
                        });
        assertThat(unsure.turn().memory().failsafeInDoubt()).containsKey(Given.B);

        Given later = unsure.later(Given.TTL).iLeadFor(Duration.ofSeconds(25));
        assertThat(later.turn().memory().failsafeInDoubt()).isEmpty();
    }

    @Test
    void consent_carries_a_primary_over_the_end_of_its_lease() {
        Turn first = failsafe(Duration.ofSeconds(1)).consents("b").consents("c").turn();
        Turn second = first.after().noLease().later(Duration.ofSeconds(7)).turn();
        second.goes(Rule.ASK_CONSENT, Rule.LEADS_BY_CONSENT);
        assertThat(second.memory().consentUntilNanos())
                .isEqualTo(given().now + Duration.ofSeconds(37).toNanos());
    }

    @Test
    void one_member_that_does_not_consent_is_enough_to_stop() {
        failsafe(Duration.ofSeconds(5))
                .consents("b")
                .turn()
                .goes(Rule.ASK_CONSENT, Rule.STOP_BEFORE_EDGE)
                .because("c did not consent");
    }

    @Test
    void one_member_that_does_not_consent_changes_nothing_while_the_lease_lasts() {
        failsafe(Duration.ofSeconds(25))
                .consents("b")
                .turn()
                .goes(Rule.ASK_CONSENT, Rule.STORE_SILENT_LEASE_LASTS);
    }

    @Test
    void consent_that_is_refused_later_still_leaves_time_to_stop() {
        Given later =
                failsafe(Duration.ofSeconds(5))
                        .noLease()
                        .remember(m ->
                                m.consentUntilNanos =
                                        given().now + Duration.ofSeconds(5).toNanos());
        later.turn().goes(Rule.ASK_CONSENT, Rule.STOP_BEFORE_EDGE);
    }

    @Test
    void consent_is_not_asked_for_after_a_gap() {
        failsafe(Duration.ofSeconds(5))
                .noLease()
                .consents("b")
                .consents("c")
                .turn()
                .fences(Rule.FENCE_AT_EDGE);
    }

    @Test
    void a_lease_that_the_store_refused_is_not_replaced_by_consent() {
        failsafe(Duration.ofSeconds(5))
                .leaseRefused()
                .remember(m -> m.consentUntilNanos = given().now + Given.TTL.toNanos())
                .consents("b")
                .consents("c")
                .turn()
                .never(Rule.ASK_CONSENT);
    }

    @Test
    void consent_is_not_asked_for_where_another_was_seen_leading() {
        failsafe(Duration.ofSeconds(5))
                .knownStore(v -> v.leader(Given.B))
                .consents("b")
                .consents("c")
                .turn()
                .goes(Rule.STOP_BEFORE_EDGE);
    }

    @Test
    void who_is_not_in_the_list_does_not_ask() {
        leader(Duration.ofSeconds(5))
                .config("failsafe_mode", true)
                .turn()
                .goes(Rule.STOP_BEFORE_EDGE)
                .because("not in the list");
    }

    @Test
    void who_is_alone_in_the_list_consents_to_itself() {
        leader(Duration.ofSeconds(5))
                .config("failsafe_mode", true)
                .knownStore(v -> v.failsafe(Map.of(Given.A, Given.api("a"))))
                .turn()
                .goes(Rule.LEADS_BY_CONSENT);
    }

    @Test
    void a_list_that_names_a_silent_stranger_stops_the_primary() {
        failsafe(Duration.ofSeconds(5))
                .knownStore(v ->
                        v.failsafe(
                                Map.of(
                                        Given.A,
                                        Given.api("a"),
                                        Given.B,
                                        Given.api("b"),
                                        io.tamada.ha.model.MemberName.of("x"),
                                        Given.api("x"))))
                .consents("b")
                .turn()
                .ends(Rule.STOP_BEFORE_EDGE);
    }

    @Test
    void consent_ends_when_the_store_is_back() {
        Turn turn =
                given().iLead()
                        .primary()
                        .remember(m -> m.consentUntilNanos = given().now + 1)
                        .turn();
        assertThat(turn.memory().consentUntilNanos()).isZero();
    }
}
