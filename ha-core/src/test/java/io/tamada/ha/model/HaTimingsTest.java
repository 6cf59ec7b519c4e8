package io.tamada.ha.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HaTimingsTest {

    /// ttl, loop_wait, retry_timeout as written; the same as used; what was changed.
    @ParameterizedTest
    @CsvSource({
        "30, 10, 10, 30, 10, 10, 0",
        "20, 10, 10, 20,  1,  9, 1",
        "30, 20, 10, 30, 10, 10, 1",
        "30, 10, 14, 30,  2, 14, 1",
        "30, 10, 15, 30,  1, 14, 1",
        "30,  0, 10, 30,  1, 10, 1",
        "30, 10,  1, 30, 10,  3, 1",
        " 5,  1,  1,  5,  1,  1, 0",
        " 3,  1,  1,  3,  1,  1, 0",
        " 0,  0,  0,  3,  1,  1, 3",
        "19,  1,  1, 19,  1,  1, 0",
        "20,  1,  3, 20,  1,  3, 0",
        "21,  1, 10, 21,  1, 10, 0"
    })
    void numbers_that_can_not_hold_are_adjusted(
            long ttl, long wait, long retry, long t, long w, long r, int notes) {
        HaTimings.Adjusted adjusted = HaTimings.adjusted(ttl, wait, retry);
        assertThat(adjusted.timings())
                .isEqualTo(
                        new HaTimings(
                                Duration.ofSeconds(t),
                                Duration.ofSeconds(w),
                                Duration.ofSeconds(r)));
        assertThat(adjusted.notes()).hasSize(notes);
    }

    @Test
    void every_adjustment_holds() {
        for (long ttl = 0; ttl < 40; ttl++) {
            for (long wait = 0; wait < 40; wait++) {
                for (long retry = 0; retry < 40; retry++) {
                    HaTimings t = HaTimings.adjusted(ttl, wait, retry).timings();
                    assertThat(t.loopWait().plus(t.retryTimeout().multipliedBy(2)))
                            .isLessThanOrEqualTo(t.ttl());
                    assertThat(t.loopWait()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
                    assertThat(t.retryTimeout()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
                }
            }
        }
    }

    @Test
    void timings_that_can_not_hold_are_refused() {
        assertThatThrownBy(() ->
                        new HaTimings(
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(10)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("loop_wait");
    }
}
