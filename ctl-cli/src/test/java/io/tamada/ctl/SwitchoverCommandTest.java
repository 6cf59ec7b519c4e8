package io.tamada.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SwitchoverCommandTest {

    @TempDir Path home;
    Bench bench;

    @BeforeEach
    void begin() {
        bench = new Bench(home).pair();
        bench.members.answer("POST /switchover", 200, "Successfully switched over to \"pg1\"");
        bench.members.answer("POST /failover", 200, "Successfully failed over to \"pg1\"");
    }

    @AfterEach
    void end() {
        bench.close();
    }

    @Test
    void asksForLeaderCandidateTimeAndConsent() {
        bench.members.effect("POST /switchover", () -> bench.key("leader", "pg1"));
        Bench.Ran ran = bench.run("switchover", "", "pg1", "", "y");
        Golden.check("switchover-dialogue", ran.out());
        assertThat(ran.code()).isZero();
        assertThat(bench.members.requests())
                .containsExactly("POST /switchover {\"candidate\": \"pg1\", \"leader\": \"pg0\"}");
    }

    @Test
    void asksNothingWhenForced() {
        Bench.Ran ran = bench.run("switchover batman --force");
        assertThat(ran.out())
                .contains("2026-11-23 18:00:00.00000 Successfully switched over to \"pg1\"\n");
        assertThat(bench.members.requests())
                .containsExactly("POST /switchover {\"leader\": \"pg0\"}");
    }

    @Test
    void aScheduleWithoutZoneIsMeantLocally() {
        bench.members.answer("POST /switchover", 202, "Switchover scheduled");
        Bench.Ran ran =
                bench.run(
                        "switchover --leader pg0 --candidate pg1 --scheduled 2050-01-01T12:00",
                        "yes");
        assertThat(ran.out())
                .contains("Are you sure you want to schedule")
                .contains("Switchover scheduled\n");
        assertThat(bench.members.requests())
                .containsExactly(
                        "POST /switchover {\"candidate\": \"pg1\", \"leader\": \"pg0\","
                                + " \"scheduled_at\": \"2050-01-01T12:00:00+00:00\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    switchover --force --leader pg1                    | Error: Member pg1 is not the leader of cluster batman
                    switchover --force --candidate pg0                 | Error: Member pg0 is already the leader of cluster batman
                    switchover --force --candidate nobody              | Error: Member nobody does not exist in cluster batman or is tagged as nofailover
                    switchover --force --scheduled tomorrow            | Error: Unable to parse scheduled timestamp (tomorrow). It should be in an unambiguous format (e.g. ISO 8601)
                    switchover nobody --force                          | Error: This cluster has no leader
                    failover --force                                   | Error: Failover could be performed only to a specific candidate
                    failover --force --candidate pg0                   | Error: Member pg0 is already the leader of cluster batman
                    failover nobody --force                            | Error: No candidates found to failover to
                    """)
    void badInputIsOneLineAndExitsWith1(String arguments, String error) {
        Bench.Ran ran = bench.run(arguments.strip());
        assertThat(ran.err()).isEqualTo(error + "\n");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(bench.members.requests()).isEmpty();
    }

    @Test
    void nothingIsScheduledWhilePaused() {
        bench.key("config", "{\"pause\":true}");
        assertThat(bench.run("switchover --force --scheduled 2050-01-01T12:00Z").err())
                .isEqualTo("Error: Can't schedule switchover in the paused state\n");
    }

    @Test
    void aNoIsAnError() {
        Bench.Ran ran = bench.run("switchover", "", "", "", "n");
        assertThat(ran.err()).isEqualTo("Error: Aborted switchover\n");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(bench.members.requests()).isEmpty();
    }

    @Test
    void theEndOfInputAborts() {
        Bench.Ran ran = bench.run("switchover", "");
        assertThat(ran.err()).isEqualTo("Aborted!\n");
        assertThat(ran.code()).isEqualTo(1);
    }

    @Test
    void aRefusalExitsWith0UnlessStrict() {
        bench.members.answer("POST /switchover", 412, "no good candidates have been found");
        Bench.Ran ran = bench.run("switchover --force");
        assertThat(ran.out())
                .endsWith("Switchover failed, details: 412, no good candidates have been found\n");
        assertThat(ran.code()).isZero();
        assertThat(bench.run("--strict-exit switchover --force").code()).isEqualTo(3);
    }

    @Test
    void anUnknownResultIsToldApart() {
        bench.members.answer("POST /switchover", 503, "Switchover status unknown after 20 seconds");
        Bench.Ran ran = bench.run("--strict-exit switchover --force");
        assertThat(ran.out()).contains("Switchover result unknown, details: 503, ");
        assertThat(ran.code()).isEqualTo(4);
    }

    @Test
    void anAncientAgentIsAskedForAFailover() {
        bench.members.answer("POST /switchover", 501, "");
        assertThat(bench.run("switchover --force").out())
                .contains("Successfully failed over to \"pg1\"");
    }

    @Test
    void anUnreachableLeaderIsToldThroughTheStore() {
        bench.members.close();
        Bench.Ran ran = bench.run("switchover --force --candidate pg1");
        assertThat(ran.out())
                .contains("Could not switchover using Patroni api, falling back to DCS\n");
        assertThat(ran.err()).startsWith("Warning: ").contains("refuses connections");
        assertThat(bench.valueOf("failover")).isEqualTo("{\"leader\":\"pg0\",\"member\":\"pg1\"}");
    }

    @Test
    void failoverAsksForCandidateAndConsent() {
        Golden.check("failover-dialogue", bench.run("failover", "pg1", "y").out());
        assertThat(bench.members.requests())
                .containsExactly("POST /failover {\"candidate\": \"pg1\"}");
    }

    @Test
    void failoverToAnAsynchronousMemberNeedsConsentOfItsOwn() {
        bench.key("config", "{\"synchronous_mode\":true}")
                .key("sync", "{\"leader\":\"pg0\",\"quorum\":0,\"sync_standby\":\"pg2\"}");
        Bench.Ran ran = bench.run("failover --candidate pg1", "n");
        assertThat(ran.out()).contains("asynchronous node pg1");
        assertThat(ran.err()).isEqualTo("Error: Aborted failover\n");
    }

    @Test
    void failoverWithoutALeaderGoesToTheCandidate() {
        bench.key("leader", "gone");
        Bench.Ran ran = bench.run("failover --candidate pg1 --force");
        assertThat(ran.out()).contains("Successfully failed over");
    }
}
