package io.tamada.agent.log;

import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Values;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The section `journal`, understood.
///
/// @param file where decisions are written; null for nowhere
/// @param mode permissions of the file; -1 for those that the process gives
/// @param fileNum how many rotated files are kept
/// @param observations write also what each decision was made from
public record JournalSettings(
        @Nullable Path file, int mode, int fileNum, long fileSizeBytes, boolean observations) {

    /// Reads the sections; what can't be understood counts as not given, for validation has told of
    /// it.
    ///
    /// @param document the agent's whole configuration
    /// @param member this member's name, after which the file is named
    public static JournalSettings of(ConfigDocument document, String member) {
        ConfigDocument journal = document.section("journal");
        String directory = text(journal);
        if (directory.isBlank()) {
            directory = text(document.section("log"));
        }
        return new JournalSettings(
                directory.isBlank()
                        ? null
                        : Path.of(
                                directory, member.replaceAll("[^A-Za-z0-9_.-]", "_") + ".journal"),
                (int) number(journal, "mode", -1, 0, 511),
                (int) number(journal, "file_num", 4, 1, 10_000),
                Math.max(10_000, Values.bytes(journal.at("file_size")).orElse(25_000_000)),
                Values.bool(journal.at("observations")).orElse(false));
    }

    private static String text(ConfigDocument section) {
        return section.at("dir") instanceof String directory ? directory : "";
    }

    private static long number(ConfigDocument from, String key, long standard, long min, long max) {
        long value = Values.integer(from.at(key)).orElse(standard);
        return value < min || value > max ? standard : value;
    }
}
