package io.tamada.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.JournalEntry;
import io.tamada.ha.RecordedDecision;
import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberSettings;
import io.tamada.ha.policy.Evidence;
import io.tamada.ha.policy.HaPolicy;
import io.tamada.ha.policy.Memory;
import io.tamada.ha.policy.Observation;
import io.tamada.ha.policy.Step;
import io.tamada.ha.policy.StoreAnswer;
import io.tamada.ha.policy.TaskView;
import io.tamada.testkit.Eventually;
import io.tamada.testkit.InMemoryStore;
import io.tamada.testkit.JournalReplay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFileTest {

    private static final String PASSWORD = "very-secret";

    @TempDir private Path directory;

    private JournalSettings settings(Map<String, Object> more) {
        Map<String, Object> journal = new HashMap<>(more);
        journal.put("dir", directory.resolve("logs").toString());
        return JournalSettings.of(ConfigDocument.of(Map.of("journal", journal)), "node/1");
    }

    private Path file() {
        return directory.resolve("logs").resolve("node_1.journal");
    }

    private static JournalFile start(JournalSettings settings) {
        Path file = Objects.requireNonNull(settings.file());
        return JournalFile.start(file, settings, new Redactor(Set.of(PASSWORD)));
    }

    private static RecordedDecision decision(long sequence, String because) {
        Observation seen = observation();
        Step step = new HaPolicy().decide(seen);
        return new RecordedDecision(
                new JournalEntry(
                        sequence,
                        Instant.EPOCH.plusSeconds(sequence),
                        "seen",
                        step.decision().rule().label(),
                        step.says(),
                        List.of(because),
                        "done",
                        1),
                seen);
    }

    private static Observation observation() {
        ConfigDocument none = ConfigDocument.of(Map.of());
        return new Observation(
                MemberSettings.of(
                        MemberName.of("node1"),
                        "http://127.0.0.1:8008/patroni",
                        "postgres://127.0.0.1:5432/postgres"),
                ClusterSettings.of(none),
                none,
                new StoreAnswer.Silent("no answer"),
                InMemoryStore.CAPABILITIES,
                new LocalPostgres.NoData("the directory is empty"),
                null,
                false,
                TaskView.IDLE,
                List.of(),
                true,
                null,
                false,
                Evidence.NONE,
                Memory.EMPTY,
                0,
                Instant.EPOCH);
    }

    private static List<Long> sequences(List<JournalEntry> entries) {
        return entries.stream().map(JournalEntry::sequence).toList();
    }

    @Test
    void an_agent_goes_on_with_what_an_earlier_run_wrote_even_when_that_was_cut_off()
            throws IOException {
        Files.createDirectory(directory.resolve("logs"));
        try (JournalFile journal = start(settings(Map.of()))) {
            journal.note(decision(1, "first"));
            journal.note(decision(2, "second, with " + PASSWORD));
        }
        Files.writeString(file(), Files.readString(file()) + "{\"sequence\":3,\"at\":\"19");
        try (JournalFile journal = start(settings(Map.of()))) {
            assertThat(sequences(journal.earlier(1000))).containsExactly(1L, 2L);
            assertThat(journal.earlier(1).getFirst().sequence()).isEqualTo(2);
            journal.note(decision(3, "third"));
        }
        try (JournalFile journal = start(settings(Map.of()))) {
            assertThat(sequences(journal.earlier(1000))).containsExactly(1L, 2L, 3L);
        }
        assertThat(file()).content().doesNotContain(PASSWORD).contains("second, with");
    }

    @Test
    void files_are_bounded_in_size_and_number_and_the_one_before_is_read_too() throws IOException {
        Files.createDirectory(directory.resolve("logs"));
        String reason = "x".repeat(900);
        try (JournalFile journal = start(settings(Map.of("file_size", 10_000, "file_num", 2)))) {
            for (int i = 1; i <= 100; i++) {
                journal.note(decision(i, reason));
            }
        }
        List<Path> files = new ArrayList<>();
        try (var all = Files.list(directory.resolve("logs"))) {
            all.forEach(files::add);
        }
        assertThat(files).hasSize(3).allMatch(each -> each.toFile().length() <= 10_000);
        try (JournalFile journal = start(settings(Map.of()))) {
            List<Long> earlier = sequences(journal.earlier(12));
            assertThat(earlier).hasSizeBetween(9, 12).endsWith(99L, 100L).isSorted();
        }
    }

    @Test
    void a_directory_that_is_not_there_disturbs_nobody_and_is_used_once_it_is() {
        try (JournalFile journal = start(settings(Map.of()))) {
            assertThat(journal.earlier(1000)).isEmpty();
            journal.note(decision(1, "lost"));
            long[] next = {1};
            Eventually.await(
                    "an entry is written",
                    () -> {
                        Files.createDirectories(directory.resolve("logs"));
                        journal.note(decision(++next[0], "kept"));
                        return Files.exists(file()) && Files.size(file()) > 0;
                    });
        }
    }

    @Test
    void with_observations_it_is_decided_again_from_the_file() throws IOException {
        Files.createDirectory(directory.resolve("logs"));
        try (JournalFile journal = start(settings(Map.of("observations", true)))) {
            journal.note(decision(1, "first"));
        }
        String torn = Files.readString(file()) + "{\"sequence\":2,";
        assertThat(new JournalReplay(new HaPolicy()::decide).replay(torn))
                .singleElement()
                .matches(JournalReplay.Replayed::isSame);
    }

    @Test
    void without_a_section_it_lies_beside_the_log_and_without_that_nowhere() {
        JournalSettings beside =
                JournalSettings.of(
                        ConfigDocument.of(Map.of("log", Map.of("dir", "/var/log/tamada"))), "a");
        assertThat(beside.file()).isEqualTo(Path.of("/var/log/tamada/a.journal"));
        assertThat(JournalSettings.of(ConfigDocument.of(Map.of()), "a").file()).isNull();
    }
}
