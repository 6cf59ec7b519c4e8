package io.tamada.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.dcs.Json;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.RestartFilter;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2050-01-01T12:00+02",
                "2050-01-01T12:00:00+02:00",
                "2050-01-01 12:00:00+0200",
                "2050-01-01 10:00:00Z",
                "2050-01-01 10:00:00 UTC",
                "2050-01-01T10:00:00.000+00",
                "20500101T1000Z",
                "2050/1/1 10:00+00:00",
                " 2050-01-01 13:30 +03:30 ",
                "2050-01-01 05:00-05:00",
            })
    void momentsAreReadLeniently(String text) {
        assertThat(Timestamps.parse(text))
                .isInstanceOfSatisfying(
                        Timestamps.Parsed.At.class,
                        at ->
                                assertThat(at.moment().toInstant())
                                        .isEqualTo(Instant.parse("2050-01-01T10:00:00Z")));
    }

    @Test
    void momentsWithoutAZoneOrAMeaningAreTold() {
        assertThat(Timestamps.parse("2050-01-01 10:00"))
                .isEqualTo(new Timestamps.Parsed.WithoutZone());
        for (Object bad :
                new Object[] {
                    "", "soon", "2050-13-01 10:00Z", "2050-01-01 25:00Z", "2050-01-01 10:00+99", 5L
                }) {
            assertThat(Timestamps.parse(bad))
                    .as("%s", bad)
                    .isEqualTo(new Timestamps.Parsed.Unreadable());
        }
        assertThat(Timestamps.parse(null)).isEqualTo(new Timestamps.Parsed.Unreadable());
        assertThat(Timestamps.isoOrAsWritten("2050-01-01 12:00+02"))
                .isEqualTo("2050-01-01T12:00:00+02:00");
        assertThat(Timestamps.isoOrAsWritten("soon")).isEqualTo("soon");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"role\": \"master\"} | 400 | PostgreSQL role should be either primary, standby_leader, or replica",
                "{\"role\": 5} | 400 | PostgreSQL role should be either primary, standby_leader, or replica",
                "{\"postgres_version\": \"15.x\"} | 400 | Invalid PostgreSQL version: 15.x",
                "{\"postgres_version\": \"9.6\"} | 400 | Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: 9.6",
                "{\"postgres_version\": \"15\"} | 400 | Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: 15",
                "{\"timeout\": 0} | 400 | Timeout should be a positive number of seconds",
                "{\"timeout\": \"soon\"} | 400 | Timeout should be a positive number of seconds",
                "{\"foo\": 1, \"timeout\": 0} | 400 | Unknown filter for the scheduled restart: foo",
                "{\"schedule\": \"2050-01-01 10:00\"} | 400 | Timezone information is mandatory for the scheduled restart",
                "{\"schedule\": \"2020-01-01 10:00Z\"} | 422 | Cannot schedule restart in the past",
                "{\"schedule\": 5} | 422 | Unable to parse scheduled timestamp. It should be in an unambiguous format, e.g. ISO 8601",
            })
    void restartsAreRefused(String body, int status, String text) {
        assertThat(RestartRequests.parse(Json.parseObject(body), false, NOW))
                .isEqualTo(new RestartRequests.Parsed.Refused(status, text));
    }

    @Test
    void restartsAreUnderstood() {
        assertThat(RestartRequests.parse(Json.parseObject("{}"), true, NOW))
                .isEqualTo(new RestartRequests.Parsed.Now(RestartFilter.NONE));
        assertThat(
                        RestartRequests.parse(
                                Json.parseObject(
                                        "{\"role\": \"replica\", \"postgres_version\": \"15.4\", \"timeout\": \"2min\","
                                                + " \"restart_pending\": true, \"schedule\": \"2050-01-01T12:00+02\"}"),
                                false,
                                NOW))
                .isEqualTo(
                        new RestartRequests.Parsed.Later(
                                new RestartFilter(
                                        MemberRole.REPLICA, "15.4", true, Duration.ofMinutes(2)),
                                Instant.parse("2050-01-01T10:00:00Z")));
        assertThat(
                        RestartRequests.parse(
                                Json.parseObject("{\"restart_pending\": false}"), false, NOW))
                .isEqualTo(new RestartRequests.Parsed.Now(RestartFilter.NONE));
        assertThat(RestartRequests.parse(Json.parseObject("{\"schedule\": \"x\"}"), true, NOW))
                .isEqualTo(
                        new RestartRequests.Parsed.Refused(
                                500, "Can't schedule restart in the paused state"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FAILOVER | false | {\"leader\": \"a\"} | Failover could be performed only to a specific candidate",
                "SWITCHOVER | false | {\"candidate\": \"a\"} | Switchover could be performed only from a specific leader",
                "SWITCHOVER | false | {\"leader\": \"\"} | Switchover could be performed only from a specific leader",
                "FAILOVER | false | {\"candidate\": \"a\", \"scheduled_at\": \"x\"} | Failover can't be scheduled",
                "SWITCHOVER | true | {\"leader\": \"a\", \"scheduled_at\": \"x\"} | Can't schedule switchover in the paused state",
                "SWITCHOVER | true | {\"leader\": \"a\"} | Switchover is possible only to a specific candidate in a paused state",
                "SWITCHOVER | false | {\"leader\": \"a\", \"member\": \"a\"} | Switchover target and source are the same",
                "FAILOVER | false | {\"leader\": \"a\", \"member\": \"a\"} | Switchover target and source are the same",
                "SWITCHOVER | false | {\"leader\": \"a\", \"candidate\": \"a\", \"scheduled_at\": \"2050-01-01 10:00Z\"} |"
                        + " Switchover target and source are the same",
                "SWITCHOVER | false | {\"leader\": 5} | leader: must be the name of a member",
            })
    void switchoversAreRefused(
            SwitchoverRequests.Action action, boolean paused, String body, String text) {
        assertThat(SwitchoverRequests.parse(action, Json.parseObject(body), paused, NOW))
                .isEqualTo(new SwitchoverRequests.Parsed.Refused(400, text));
    }

    @Test
    void switchoversAreUnderstood() {
        var asked =
                SwitchoverRequests.parse(
                        SwitchoverRequests.Action.SWITCHOVER,
                        Json.parseObject(
                                "{\"leader\": \"a\", \"candidate\": \"b\", \"scheduled_at\": \"2050-01-01T12:00+02\"}"),
                        false,
                        NOW);
        assertThat(asked)
                .isInstanceOfSatisfying(
                        SwitchoverRequests.Parsed.Asked.class,
                        a ->
                                assertThat(a.toStore())
                                        .isEqualTo(
                                                new FailoverRequest.Switchover(
                                                        MemberName.of("a"),
                                                        MemberName.of("b"),
                                                        new FailoverRequest.Schedule(
                                                                "2050-01-01T12:00:00+02:00",
                                                                Instant.parse(
                                                                        "2050-01-01T10:00:00Z")))));
        assertThat(
                        SwitchoverRequests.parse(
                                SwitchoverRequests.Action.FAILOVER,
                                Json.parseObject("{\"leader\": \"a\", \"member\": \"b\"}"),
                                false,
                                NOW))
                .isEqualTo(
                        new SwitchoverRequests.Parsed.Asked(
                                SwitchoverRequests.Action.SWITCHOVER,
                                MemberName.of("a"),
                                MemberName.of("b"),
                                null));
    }
}
