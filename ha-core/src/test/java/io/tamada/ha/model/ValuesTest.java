package io.tamada.ha.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

    @ParameterizedTest
    @ValueSource(strings = {"on", "ON", "true", "True", "yes", "1"})
    void these_are_true(String text) {
        assertThat(Values.bool(text)).hasValue(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "Off", "false", "NO", "0"})
    void these_are_false(String text) {
        assertThat(Values.bool(text)).hasValue(false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " on", "y", "2", "null", "truee"})
    void these_are_neither(String text) {
        assertThat(Values.bool(text)).isEmpty();
    }

    @Test
    void booleans_and_numbers_count_as_what_they_are() {
        assertThat(Values.bool(true)).hasValue(true);
        assertThat(Values.bool(0)).hasValue(false);
        assertThat(Values.bool(null)).isEmpty();
        assertThat(Values.integer(7)).hasValue(7);
        assertThat(Values.integer(true)).isEmpty();
        assertThat(Values.integer(null)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10, 10",
        "-10, -10",
        "+10, 10",
        "0x1F, 31",
        "-0x10, -16",
        "010, 8",
        "08, 8",
        "0, 0",
        "1.5, 2",
        "2.5, 2",
        "0.5, 0",
        ".5, 0",
        "1e3, 1000",
        "' 7 ', 7"
    })
    void whole_numbers(String text, long value) {
        assertThat(Values.integer(text)).hasValue(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "1x", "0x", "1 2", "--1", "1.2.3", "9223372036854775808", "1s"})
    void these_are_no_whole_numbers(String text) {
        assertThat(Values.integer(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "1B, 1",
        "1kB, 1024",
        "1 MB, 1048576",
        "1.5GB, 1610612736",
        "2TB, 2199023255552"
    })
    void sizes(String text, long value) {
        assertThat(Values.bytes(text)).hasValue(value);
    }

    @ParameterizedTest
    @CsvSource({
        "30, 30",
        "30s, 30",
        "1min, 60",
        "2h, 7200",
        "1d, 86400",
        "1500ms, 2",
        "500ms, 0",
        "1us, 0",
        "0.5min, 30"
    })
    void times_in_seconds(String text, long value) {
        assertThat(Values.seconds(text)).hasValue(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1KB", "1mb", "1 M", "1m", "1S", "1H", "99999999999TB"})
    void units_are_spelt_as_postgresql_spells_them(String text) {
        assertThat(Values.bytes(text)).isEmpty();
        assertThat(Values.seconds(text)).isEmpty();
    }
}
