package io.tamada.pg;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DivergenceCheckTest {

    @Test
    void twoTimelinesOfOneNumberThatBeganElsewhereAreToldApart() {
        assertThat(
                        DivergenceCheck.otherBranch(
                                DataDirectory.parseHistory("1\t0/3000000\tx\n2\t0/5000000\ty\n"),
                                DataDirectory.parseHistory("1\t0/3000000\tx\n2\t0/4000000\ty\n")))
                .contains("timeline 2 ended at 0/5000000", "0/4000000");
    }

    @Test
    void aShorterHistoryIsHowALongerOneBegan() {
        assertThat(
                        DivergenceCheck.otherBranch(
                                DataDirectory.parseHistory("1\t0/3000000\tx\n"),
                                DataDirectory.parseHistory("1\t0/3000000\tx\n2\t0/4000000\ty\n")))
                .isNull();
    }

    @Test
    void aMissingHistoryTellsNothing() {
        assertThat(
                        DivergenceCheck.otherBranch(
                                null, DataDirectory.parseHistory("1\t0/3000000\tx\n")))
                .isNull();
    }
}
