package io.tamada.ha.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// `docs/decision-table.md` is printed from the rules. Run with `-Dscenarios.rewrite` to write it
/// anew, and read the difference.
class DecisionTableTest {

    private static final String INTRODUCTION =
            """
            # Decision table

            Every branch of the failover policy has a name. It is the same in the log's sentence, the metric's label, the
            journal (`tamadactl why`), the status over REST and the tests. Gaps (`…`) are filled with what only the moment
            knows. The sections are in the order in which a member finds out where it stands; within a section, rules are
            listed where the policy looks for them.

            This file is printed from `io.tamada.ha.policy.Rule` by `DecisionTableTest`.
            """;

    @Test
    void the_document_lists_every_rule_with_its_sentence() throws IOException {
        Path document = document();
        String wanted = printed();
        if (System.getProperty("scenarios.rewrite") != null) {
            Files.writeString(document, wanted);
        }
        assertThat(document).content().isEqualTo(wanted);
    }

    /// Tests run in the module's folder, or in the project's.
    private static Path document() {
        Path here = Path.of("").toAbsolutePath();
        while (here != null && !Files.isDirectory(here.resolve("docs/decisions"))) {
            here = here.getParent();
        }
        return Objects.requireNonNull(here, "no folder with docs/ above")
                .resolve("docs/decision-table.md");
    }

    private static String printed() {
        StringBuilder text = new StringBuilder(INTRODUCTION);
        for (Rule.Topic topic : Rule.Topic.values()) {
            text.append("\n## ")
                    .append(topic.title())
                    .append("\n\n| Rule | Sentence |\n|---|---|\n");
            for (Rule rule : Rule.values()) {
                if (rule.topic() == topic) {
                    text.append("| `%s` | %s |\n".formatted(rule.name(), cell(rule.sentence())));
                }
            }
        }
        return text.toString();
    }

    private static String cell(String sentence) {
        return sentence.replace("%s", "…").replace("{me}", "*me*").replace("|", "\\|");
    }

    @Test
    void no_two_rules_say_the_same() {
        Set<String> sentences = new HashSet<>();
        assertThat(Rule.values())
                .allSatisfy(rule -> {
                    assertThat(rule.sentence()).isNotBlank();
                    assertThat(sentences.add(rule.sentence())).as(rule.name()).isTrue();
                });
    }

    @Test
    void labels_fit_metrics() {
        Set<String> labels =
                Arrays.stream(Rule.values()).map(Rule::label).collect(Collectors.toSet());
        assertThat(labels)
                .hasSameSizeAs(Rule.values())
                .allSatisfy(label -> assertThat(label).matches("[a-z][a-z_]*"));
    }

    @Test
    void a_sentence_is_filled_as_far_as_there_is_something_to_fill_it_with() {
        assertThat(Rule.FENCE_OLD_TIMELINE.sentence(Given.A, 3, 4)).contains("timeline 3", "'s 4");
        assertThat(Rule.FENCE_OLD_TIMELINE.sentence(Given.A, 3)).contains("timeline 3", "%s");
        assertThat(Rule.LEADS.sentence(Given.A, "more")).contains("I am (a)");
    }
}
