package io.tamada.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.Timeline;
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

    @Test
    void theFileThatHoldsTheForkIsNamedAsPostgresNamesIt() {
        BranchStart start =
                new BranchStart(Timeline.of(14), Lsn.parse("2/35000028"), Lsn.parse("2/36000000"));
        assertThat(start.fileName(16L << 20)).isEqualTo("0000000E0000000200000035");
        assertThat(start.fileName(64L << 20)).isEqualTo("0000000E000000020000000D");
    }
}
