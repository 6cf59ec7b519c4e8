package io.tamada.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SyncNamesTest {

    @Test
    void readsTheFormsThatPostgresKnows() {
        assertThat(SyncNames.parse("").isNobody()).isTrue();
        assertThat(SyncNames.parse("n1")).isEqualTo(new SyncNames(false, 1, List.of("n1")));
        assertThat(SyncNames.parse("2 (n1,\"n-2\")"))
                .isEqualTo(new SyncNames(false, 2, List.of("n1", "n-2")));
        assertThat(SyncNames.parse("FIRST 1 (a, b)"))
                .isEqualTo(new SyncNames(false, 1, List.of("a", "b")));
        assertThat(SyncNames.parse("ANY 2 (a,b,c)"))
                .isEqualTo(new SyncNames(true, 2, List.of("a", "b", "c")));
        assertThat(SyncNames.parse("*").priority("whoever")).isEqualTo(1);
    }

    @Test
    void comparesNamesWithoutRegardToCase() {
        assertThat(SyncNames.parse("ANY 1 (A,b)").priority("a")).isEqualTo(1);
        assertThat(SyncNames.parse("a, b").priority("c")).isZero();
    }
}
