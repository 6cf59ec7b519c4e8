package io.tamada.testkit;

import io.tamada.dcs.Json;
import io.tamada.dcs.JsonException;
import io.tamada.dcs.ObservationCodec;
import io.tamada.ha.policy.HaPolicy;
import io.tamada.ha.policy.Observation;
import io.tamada.ha.policy.Step;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Decides again what a journal's dump was decided from: the answer of `GET
/// /journal?observations=true`, or a file of the agent's journal.
///
/// A dump from production becomes a test by being kept beside it.
public final class JournalReplay {

    private final Function<Observation, Step> policy;
    private final ObservationCodec codec = ObservationCodec.reading(RecordedLease::of);

    /// One decision, made again.
    ///
    /// @param recorded the rule that decided then, as in [io.tamada.ha.JournalEntry#rule]
    /// @param decided the rule that decides now
    public record Replayed(long sequence, String at, String recorded, String decided, Step step) {
        public boolean isSame() {
            return recorded.equals(decided);
        }

        @Override
        public String toString() {
            return sequence
                    + "  "
                    + at
                    + "  "
                    + (isSame() ? recorded : recorded + " -> " + decided)
                    + ": "
                    + step.says();
        }
    }

    public JournalReplay(Function<Observation, Step> policy) {
        this.policy = policy;
    }

    /// @param dump a JSON list, an object with the list under `entries`, or one JSON object per
    ///   line; entries without an observation are passed over
    /// @throws JsonException when it is none of these
    public List<Replayed> replay(String dump) {
        List<Replayed> result = new ArrayList<>();
        for (@Nullable Object item : items(dump)) {
            Object seen = item instanceof Map<?, ?> entry ? entry.get("observation") : null;
            if (seen != null) {
                result.add(again((Map<?, ?>) item, policy.apply(codec.read(seen))));
            }
        }
        return result;
    }

    private static Replayed again(Map<?, ?> entry, Step step) {
        return new Replayed(
                entry.get("sequence") instanceof Number n ? n.longValue() : 0,
                String.valueOf(entry.get("at")),
                String.valueOf(entry.get("rule")),
                step.decision().rule().label(),
                step);
    }

    private static List<?> items(String dump) {
        String text = dump.strip();
        if (text.startsWith("[")) {
            return list(Json.parse(text));
        }
        List<@Nullable Object> lines = new ArrayList<>();
        int torn = 0;
        for (String line : text.lines().toList()) {
            try {
                lines.add(line.isBlank() ? null : Json.parse(line));
            } catch (JsonException e) {
                // An agent that was killed leaves half a line; a file full of them is none of ours.
                if (++torn > lines.size()) {
                    throw e;
                }
            }
        }
        return lines.size() == 1
                        && lines.getFirst() instanceof Map<?, ?> map
                        && map.get("entries") instanceof List<?> entries
                ? entries
                : lines;
    }

    private static List<?> list(@Nullable Object tree) {
        if (tree instanceof List<?> list) {
            return list;
        }
        throw new JsonException("JSON: a list was expected");
    }

    /// Prints each decision; with `->` where another rule decides now.
    public static void main(String[] files) throws IOException {
        System.exit(run(List.of(files), System.out));
    }

    /// @return 0 when all decide as recorded, 1 when not, 2 for bad usage
    static int run(List<String> files, PrintStream out) throws IOException {
        if (files.isEmpty()) {
            out.println("usage: dev/replay FILE…   a dump of GET /journal?observations=true");
            return 2;
        }
        int others = 0;
        for (String file : files) {
            List<Replayed> all;
            try {
                all =
                        new JournalReplay(new HaPolicy()::decide)
                                .replay(Files.readString(Path.of(file)));
            } catch (JsonException e) {
                out.println(file + ": " + e.getMessage());
                return 2;
            }
            all.forEach(out::println);
            long different = all.stream().filter(r -> !r.isSame()).count();
            out.println(file + ": " + all.size() + " decisions, " + different + " different now");
            others += different == 0 ? 0 : 1;
        }
        return others == 0 ? 0 : 1;
    }
}
