package io.tamada.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2050-01-01T12:00:00+02:00",
                "2050-01-01T10:00:00Z",
                "2050-01-01T10:00:00.000000+00:00",
                "2050-01-01 12:00:00+02",
                "2050-01-01 12:00+0200",
                "2050-01-01T12:00 +02:00",
                "20500101T100000Z",
                "2050/01/01 10:00:00 UTC",
                "2050-01-01 10:00:00 GMT",
                "2050-01-01 05:00:00-05:00",
                "2050-01-01 10:00 AM UTC",
                "1 Jan 2050 10:00:00 +0000",
                "Sat, 01 Jan 2050 10:00:00 +0000",
                "Jan 1, 2050 10:00 UTC",
                "January 1 2050 10:00:00 Z",
                "  2050-01-01t10:00:00z  "
            })
    void common_forms_are_understood(String text) {
        assertThat(Timestamps.parse(text)).hasValue(Instant.parse("2050-01-01T10:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tomorrow",
                "2050-01-01",
                "2050-13-01T10:00:00Z",
                "2050-02-30T10:00:00Z",
                "2050-01-01T25:00:00Z",
                "2050-01-01T10:00:00+99:00",
                "1 Foo 2050 10:00 UTC",
                "2050-01-01 13:00 PM UTC",
                "12345678901234567890"
            })
    void what_is_no_moment_is_nothing(String text) {
        assertThat(Timestamps.parse(text)).isEmpty();
    }

    @Test
    void a_moment_without_zone_is_not_guessed_at() {
        assertThat(Timestamps.parse("2050-01-01T12:00:00")).isEmpty();
        assertThat(Timestamps.lacksZone("2050-01-01T12:00:00")).isTrue();
        assertThat(Timestamps.lacksZone("2050-01-01T12:00:00Z")).isFalse();
        assertThat(Timestamps.lacksZone("tomorrow")).isFalse();
    }

    @Test
    void fractions_count() {
        assertThat(Timestamps.parse("2026-11-23T18:03:47.198008+00:00"))
                .hasValue(Instant.parse("2026-11-23T18:03:47.198008Z"));
        assertThat(Timestamps.parse("2026-11-23 18:03:47,5Z"))
                .hasValue(Instant.parse("2026-11-23T18:03:47.5Z"));
    }

    @Test
    void moments_are_printed_as_python_prints_them() {
        Instant moment = Instant.parse("2026-11-23T18:01:43.384040Z");
        assertThat(Timestamps.iso(moment)).isEqualTo("2026-11-23T18:01:43.384040+00:00");
        assertThat(Timestamps.sql(moment)).isEqualTo("2026-11-23 18:01:43.384040+00:00");
        assertThat(Timestamps.iso(Instant.parse("2026-11-23T18:01:43Z")))
                .isEqualTo("2026-11-23T18:01:43+00:00");
    }
}
