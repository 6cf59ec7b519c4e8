package io.tamada.ha.policy;

import static io.tamada.ha.policy.QuorumWorld.members;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.MemberName;
import io.tamada.ha.policy.SyncNames.Kind;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyncNamesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    false | 0 |     | ''
                    false | 1 | b   | b
                    false | 2 | bc  | 2 (b,c)
                    false | 1 | bc  | 1 (b,c)
                    true  | 0 |     | ''
                    true  | 1 | b   | ANY 1 (b)
                    true  | 2 | bcd | ANY 2 (b,c,d)
                    false | 1 |     | __patroni_strict_sync_replica_placeholder__
                    true  | 1 |     | ANY 1 (__patroni_strict_sync_replica_placeholder__)
                    """)
    void settings_are_written_as_postgresql_expects_them(
            boolean quorum, int number, String names, String expected) {
        assertThat(SyncNames.format(quorum, number, members(names == null ? "" : names)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            textBlock =
                    """
                    plain      | plain
                    _a1$       | _a1$
                    with-dash  | "with-dash"
                    with.dot   | "with.dot"
                    1st        | "1st"
                    First      | "First"
                    any        | "any"
                    quo"te     | "quo""te"
                    Upper      | Upper
                    """)
    void names_are_quoted_where_they_must_be(String name, String expected) {
        String text = SyncNames.format(false, 1, Set.of(MemberName.of(name)));
        assertThat(text).isEqualTo(expected);
        assertThat(SyncNames.parse(text).members()).containsExactly(MemberName.of(name));
    }

    @Test
    void names_are_sorted() {
        assertThat(SyncNames.format(false, 2, List.of(MemberName.of("c"), MemberName.of("b"))))
                .isEqualTo("2 (b,c)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    b                   | PRIORITY | 1 | b
                    b, c                | PRIORITY | 1 | b,c
                    2 (b,c)             | PRIORITY | 2 | b,c
                    2(b,c)              | PRIORITY | 2 | b,c
                    FIRST 2 (b, c)      | PRIORITY | 2 | b,c
                    first 1 ( b )       | PRIORITY | 1 | b
                    any 1 (b,c)         | QUORUM   | 1 | b,c
                    ANY 12 (b , c)      | QUORUM   | 12| b,c
                    any                 | PRIORITY | 1 | any
                    first, any          | PRIORITY | 1 | first,any
                    *                   | PRIORITY | 1 | *
                    ANY 1 (*)           | QUORUM   | 1 | *
                    """)
    void settings_are_read(String text, Kind kind, int number, String names) {
        assertThat(SyncNames.parse(text))
                .isEqualTo(new SyncNames(kind, number, List.of(names.split(","))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "b,",
                ",b",
                "b c",
                "1",
                "2 b",
                "2 (b",
                "2 (b,)",
                "ANY 1 (b) c",
                "ANY (b)",
                "\"b",
                "9999999 (b)",
                "b;c",
                "ANY 1 ()"
            })
    void what_can_not_be_read_counts_as_off(String text) {
        assertThat(SyncNames.parse(text)).isEqualTo(SyncNames.OFF);
    }

    @Test
    void the_placeholder_and_the_wildcard_are_nobody() {
        assertThat(SyncNames.parse(MemberName.RESERVED).members()).isEmpty();
        assertThat(SyncNames.parse("*").members()).isEmpty();
        assertThat(SyncNames.parse("b,*").hasWildcard()).isTrue();
        assertThat(SyncNames.parse("b").hasWildcard()).isFalse();
    }

    @Test
    void what_is_written_is_read_back_the_same() {
        for (boolean quorum : List.of(true, false)) {
            for (Set<MemberName> names : QuorumPlannerTest.subsets("bcd")) {
                for (int number = 1; number <= names.size(); number++) {
                    SyncNames read = SyncNames.parse(SyncNames.format(quorum, number, names));
                    assertThat(read.members()).isEqualTo(names);
                    assertThat(read.number()).isEqualTo(number);
                }
            }
        }
    }
}
