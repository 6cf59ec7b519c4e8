package io.tamada.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// restart, reload, reinit, flush: what is asked of chosen members.
class MemberCommandsTest {

    @TempDir Path home;
    Bench bench;

    @BeforeEach
    void begin() {
        bench = new Bench(home).pair();
        bench.members.answer("POST /restart", 200, "restarted successfully");
        bench.members.answer("POST /reload", 202, "reload scheduled");
        bench.members.answer("POST /reinitialize", 200, "reinitialize started");
    }

    @AfterEach
    void end() {
        bench.close();
    }

    @Test
    void restartAsksForTimeConsentAndVersion() {
        Golden.check("restart-dialogue", bench.run("restart batman", "", "y", "").out());
        assertThat(bench.members.requests())
                .containsExactly("POST /restart {}", "POST /restart {}");
    }

    @Test
    void restartSendsItsFilters() {
        bench.members.answer("POST /restart", 202, "Restart scheduled");
        bench.members.answer("DELETE /restart", 404, "no restarts are scheduled");
        Bench.Ran ran =
                bench.run(
                        "restart batman pg1 --force --pending --pg-version 15.9 --timeout 30"
                                + " --scheduled 2050-01-01T12:00+02");
        assertThat(ran.out()).endsWith("Success: restart scheduled on member pg1\n");
        assertThat(bench.members.requests())
                .containsExactly(
                        "DELETE /restart",
                        "POST /restart {\"restart_pending\": true, \"postgres_version\": \"15.9\","
                                + " \"schedule\": \"2050-01-01T12:00:00+02:00\", \"timeout\": \"30\"}");
    }

    @Test
    void restartOfPendingMembersLeavesOutTheOthers() {
        bench.key(
                "members/pg1",
                "{\"api_url\":\"API\",\"state\":\"running\",\"role\":\"replica\",\"pending_restart\":true,"
                        + "\"pending_restart_reason\":{\"max_connections\":{\"old_value\":\"1\",\"new_value\":\"2\"}}}");
        assertThat(bench.run("restart batman --pending --force").out())
                .endsWith("Success: restart on member pg1\n")
                .doesNotContain("member pg0");
    }

    @Test
    void restartOfAnyIsOfOne() {
        bench.run("restart batman --any --force");
        assertThat(bench.members.requests()).hasSize(1);
    }

    @Test
    void aRestartThatIsRefusedSaysWhy() {
        bench.members.answer("POST /restart", 503, "postgres is still starting");
        Bench.Ran ran = bench.run("restart batman pg1 --force");
        assertThat(ran.out())
                .endsWith(
                        "Failed: restart for member pg1, status code=503, (postgres is still starting)\n");
        assertThat(ran.code()).isZero();
        bench.members.answer("POST /restart", 409, "Another restart is already scheduled");
        assertThat(bench.run("--strict-exit restart batman pg1 --force"))
                .satisfies(
                        r -> assertThat(r.code()).isEqualTo(3),
                        r ->
                                assertThat(r.out())
                                        .endsWith(
                                                "Failed: another restart is already scheduled on member pg1\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    restart nobody --force                              | Error: nobody cluster doesn't have any members
                    restart batman nobody --force                       | Error: No 'any' among provided members
                    restart batman pg1 -r leader --force                | Error: No 'leader' among provided members
                    reinit batman pg0 --force                           | Error: No replica among provided members
                    restart batman --force --pg-version 15              | Error: Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: 15
                    restart batman --force --scheduled 25:00            | Error: Unable to parse scheduled timestamp (25:00). It should be in an unambiguous format (e.g. ISO 8601)
                    --strict-exit reload batman pg1 x --force           | Error: not members of cluster batman: x
                    """)
    void badInputIsOneLineAndExitsWith1(String arguments, String error) {
        Bench.Ran ran = bench.run(arguments.strip());
        assertThat(ran.err()).isEqualTo(error + "\n");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(bench.members.requests()).isEmpty();
    }

    @Test
    void anUnknownNameAmongKnownOnesIsWarnedOf() {
        Bench.Ran ran = bench.run("reload batman pg1 typo --force");
        assertThat(ran.err())
                .isEqualTo("Warning: left out, for they are not members of cluster batman: typo\n");
        assertThat(ran.out())
                .endsWith(
                        "Reload request received for member pg1 and will be processed within 10 seconds\n");
    }

    @Test
    void reinitAsksWhichMember() {
        Golden.check("reinit-dialogue", bench.run("reinit batman", "pg1", "y").out());
        assertThat(bench.members.requests())
                .containsExactly("POST /reinitialize {\"force\": false, \"from_leader\": false}");
    }

    @Test
    void reinitWithForceAndWithoutNamesDoesNothing() {
        assertThat(bench.run("reinit batman --force").code()).isZero();
        assertThat(bench.members.requests()).isEmpty();
    }

    @Test
    void reinitOfNobodyInParticularIsRefused() {
        assertThat(bench.run("reinit batman", "pg0").err())
                .isEqualTo("Error: pg0 is not a member of cluster\n");
    }

    @Test
    void reinitOffersToCancelWhatIsGoingOn() {
        bench.members.answer("POST /reinitialize", 503, "restart already in progress");
        Bench.Ran ran = bench.run("reinit batman pg1", "y", "y");
        assertThat(ran.out()).contains("cancel it and reinitialize pg1 anyway? [y/N]: ");
        assertThat(bench.members.requests())
                .last()
                .isEqualTo("POST /reinitialize {\"force\": true, \"from_leader\": false}");
    }

    @Test
    void reinitWaitsUntilTheCopyIsThere() {
        bench.members.answer("GET /patroni", 200, "{\"state\": \"running\"}");
        String[] states = {"creating replica", "creating replica", "running"};
        int[] looks = {0};
        bench.whileWaiting(
                20,
                () ->
                        bench.members.answer(
                                "GET /patroni",
                                200,
                                "{\"state\": \"" + states[Math.min(looks[0]++, 2)] + "\"}"));
        assertThat(bench.run("reinit batman pg1 --force --wait").out())
                .endsWith("Reinitialize is completed on: pg1\n");
        assertThat(looks[0]).isEqualTo(3);
    }

    @Test
    void flushDropsScheduledRestarts() {
        bench.key(
                "members/pg1",
                "{\"api_url\":\"API\",\"state\":\"running\",\"role\":\"replica\","
                        + "\"scheduled_restart\":{\"schedule\":\"2050-01-01T03:00:00+00:00\",\"postmaster_start_time\":null}}");
        bench.members.answer("DELETE /restart", 200, "scheduled restart deleted");
        assertThat(bench.run("flush batman restart --force").out())
                .endsWith(
                        "No scheduled restart for member pg0\nSuccess: flush scheduled restart for member pg1\n");
    }

    @Test
    void flushDropsAScheduledSwitchover() {
        assertThat(bench.run("flush batman switchover").out())
                .isEqualTo("No pending scheduled switchover\n");
        bench.key(
                "failover", "{\"leader\":\"pg0\",\"scheduled_at\":\"2050-01-01T12:00:00+02:00\"}");
        bench.members.answer("DELETE /switchover", 200, "scheduled switchover deleted");
        assertThat(bench.run("flush batman switchover").out())
                .isEqualTo("Success: scheduled switchover deleted\n");
    }

    @Test
    void flushEmptiesTheKeyWhenNobodyAnswers() {
        bench.key(
                "failover", "{\"leader\":\"pg0\",\"scheduled_at\":\"2050-01-01T12:00:00+02:00\"}");
        bench.members.close();
        assertThat(bench.run("flush batman switchover").out())
                .isEqualTo(
                        "2026-11-23 18:00:00.00000 Could not find any accessible member of cluster batman\n");
        assertThat(bench.valueOf("failover")).isEqualTo("{}");
    }

    @Test
    void flushNeedsATarget() {
        Bench.Ran ran = bench.run("flush batman pg1");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err())
                .endsWith("Error: The last argument is 'restart' or 'switchover', not 'pg1'\n");
    }
}
