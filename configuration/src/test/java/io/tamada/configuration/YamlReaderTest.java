package io.tamada.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.testkit.ShelfConfiguration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {

    private final Findings findings = new Findings();

    @Test
    void plainValuesFollowYaml11() {
        PlacedDocument read =
                YamlReader.mapping(
                        "f",
                        "a: on\nb: no\nc: 0640\nd: 2024-01-31\ne: ~\nf: '5'\ng: 1.5\nh: 12345678901234567890\n",
                        findings);

        assertThat(read.document().root())
                .containsEntry("a", true)
                .containsEntry("b", false)
                .containsEntry("c", 416L)
                .containsEntry("d", "2024-01-31")
                .containsEntry("e", null)
                .containsEntry("f", "5")
                .containsEntry("g", 1.5);
        assertThat(findings.all()).isEmpty();
    }

    @Test
    void placesAreKept() {
        PlacedDocument read =
                YamlReader.mapping("f.yml", "a:\n  b: 1\n  c:\n  - x\n  - y: 2\n", findings);

        assertThat(read.placeOf(List.of("a", "b"))).hasToString("f.yml:2:6");
        assertThat(read.keyOf(List.of("a", "b"))).hasToString("f.yml:2:3");
        assertThat(read.placeOf(List.of("a", "c", "1", "y"))).hasToString("f.yml:5:8");
        assertThat(read.placeOf(List.of("a", "missing"))).hasToString("f.yml:1:1");
        assertThat(read.placeOf(List.of("elsewhere"))).hasToString("f.yml");
    }

    @Test
    void anchorsAndMergesAreResolved() {
        PlacedDocument read =
                YamlReader.mapping(
                        "f", "base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\n", findings);

        assertThat(read.document().at("use", "x")).isEqualTo(1L);
        assertThat(read.document().at("use", "y")).isEqualTo(3L);
    }

    @Test
    void aSyntaxErrorHasItsPlace() {
        YamlReader.mapping("f.yml", "scope: demo\nname: [a, b\nrestapi: 1\n", findings);

        assertThat(findings.all())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Finding.Severity.REFUSED);
                    assertThat(finding.toString())
                            .startsWith("f.yml:3:")
                            .contains("not valid YAML")
                            .doesNotContain("\n");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password: *hunter2secret\n",
                "password: !hunter2secret x\n",
                "password: &hunter2secret\n  a: b\n c: d\n",
                "password: %hunter2secret\n",
                "password: @hunter2secret\n",
                "password: hunter2secret: x\n",
                "password: \"hunter2secret\nb: 1\n",
                "password: 'hunter2secret\n",
                "password: [hunter2secret\nx: y\n"
            })
    void anErrorNeverRepeatsAValue(String yaml) {
        YamlReader.mapping("f.yml", yaml, findings);

        assertThat(findings.all())
                .isNotEmpty()
                .allSatisfy(f -> assertThat(f.toString()).doesNotContain("hunter2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "just text",
                "- a\n- b\n",
                "a: &x [*x]\n",
                "a: \u0007\n",
                "? [complex]\n: key\n",
                "a: !!java.lang.Runtime x\n",
                "a: !!set {x, y}\n",
                "a: 1\n---\nb: 2\n"
            })
    void whatIsNoPlainMappingIsRefused(String yaml) {
        YamlReader.mapping("f.yml", yaml, findings);

        assertThat(findings.refused()).isTrue();
    }

    @Test
    void depthAndAliasesAreLimited() {
        YamlReader.mapping("deep", "a: " + "[".repeat(5000) + "]".repeat(5000), findings);
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append(
                    "a%d: &a%d [%s]\n"
                            .formatted(i, i, "*a%d, ".formatted(i - 1).repeat(9) + "*a" + (i - 1)));
        }
        YamlReader.mapping("bomb", bomb.toString(), findings);

        assertThat(findings.of(Finding.Severity.REFUSED)).hasSize(2);
    }

    /// Whatever is done to a valid file, reading it ends in values or in findings with a place,
    /// never in an exception, and no secret shows.
    @Test
    void damagedFilesNeverThrow() {
        Random random = new Random(42);
        String alphabet = "{}[]:,-#&*!|>'\"%@` \n\t?\\<=0aZ~\u0000\u00e9\ud83d";
        for (int round = 0; round < 2000; round++) {
            StringBuilder text = new StringBuilder(ShelfConfiguration.COMPLETE);
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                int at = random.nextInt(text.length());
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                switch (random.nextInt(4)) {
                    case 0 -> text.insert(at, c);
                    case 1 -> text.setCharAt(at, c);
                    case 2 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(20)));
                    default ->
                            text.insert(at, text.substring(at, Math.min(text.length(), at + 30)));
                }
            }
            Findings found = new Findings();
            YamlReader.mapping("f.yml", text.toString(), found);

            assertThat(found.all())
                    .allSatisfy(finding -> {
                        assertThat(finding.place().source()).isEqualTo("f.yml");
                        assertThat(finding.toString())
                                .doesNotContain("sesame")
                                .doesNotContain("\n");
                    });
        }
    }
}
