package io.tamada.agent.log;

import io.tamada.dcs.Json;
import io.tamada.dcs.JsonException;
import io.tamada.ha.JournalEntry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads what [JournalFile] wrote. A line that was cut off, as by a crash, is passed over.
final class JournalLines {

    /// No more than this is read of a file, so that a start doesn't take long.
    private static final int BYTES_MAX = 4_000_000;

    private JournalLines() {}

    /// The newest entries, oldest first; none where there is no file.
    static List<JournalEntry> newest(Path file, int most) {
        List<String> lines;
        try {
            lines = Files.exists(file) ? tail(file).lines().toList() : List.of();
        } catch (IOException e) {
            return List.of();
        }
        Deque<JournalEntry> result = new ArrayDeque<>();
        for (String line : lines.reversed()) {
            JournalEntry entry = result.size() < most ? entry(line) : null;
            if (entry != null) {
                result.addFirst(entry);
            }
        }
        return List.copyOf(result);
    }

    private static String tail(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(0, in.length() - BYTES_MAX);
            byte[] bytes = new byte[(int) (in.length() - from)];
            in.seek(from);
            in.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /// The last line has no end: whoever wrote it was stopped in the middle.
    static boolean endsTorn(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.length() == 0) {
                return false;
            }
            in.seek(in.length() - 1);
            return in.read() != '\n';
        }
    }

    private static @Nullable JournalEntry entry(String line) {
        try {
            return Json.parse(line) instanceof Map<?, ?> map ? entry(map) : null;
        } catch (JsonException | DateTimeException e) {
            return null;
        }
    }

    private static JournalEntry entry(Map<?, ?> map) {
        List<String> because =
                map.get("because") instanceof List<?> list
                        ? list.stream().map(String::valueOf).toList()
                        : List.of();
        return new JournalEntry(
                map.get("sequence") instanceof Number n ? n.longValue() : 0,
                Instant.parse(text(map, "at")),
                text(map, "seen"),
                text(map, "rule"),
                text(map, "decision"),
                because,
                text(map, "outcome"),
                map.get("times") instanceof Number n ? n.intValue() : 1);
    }

    private static String text(Map<?, ?> map, String key) {
        return Objects.toString(map.get(key), "");
    }
}
