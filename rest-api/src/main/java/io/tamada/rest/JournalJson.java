package io.tamada.rest;

import io.tamada.dcs.ObservationCodec;
import io.tamada.ha.JournalEntry;
import io.tamada.ha.RecordedDecision;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The journal as JSON, oldest entry first. Pure.
final class JournalJson {

    private static final ObservationCodec CODEC = ObservationCodec.writing();

    private JournalJson() {}

    /// Which entries are wanted: those that came later than this.
    ///
    /// @param sequence only higher ones
    /// @param at only from then on
    record Since(long sequence, Instant at) {

        private static final Since EVER = new Since(-1, Instant.MIN);

        /// @return null for what is neither a sequence number nor a time
        static @Nullable Since parse(@Nullable String text) {
            if (text == null) {
                return EVER;
            }
            try {
                // A plus sign that was not escaped arrives as a space.
                return text.chars().allMatch(c -> c >= '0' && c <= '9')
                        ? new Since(Long.parseLong(text), Instant.MIN)
                        : new Since(-1, OffsetDateTime.parse(text.replace(' ', '+')).toInstant());
            } catch (NumberFormatException | DateTimeException e) {
                return null;
            }
        }

        boolean includes(JournalEntry entry) {
            return entry.sequence() > sequence && !entry.at().isBefore(at);
        }
    }

    static List<Map<String, Object>> of(List<JournalEntry> entries, Since since) {
        return entries.stream().filter(since::includes).map(JournalJson::entry).toList();
    }

    /// With all that each was decided from.
    static List<Map<String, Object>> recorded(List<RecordedDecision> decisions, Since since) {
        return decisions.stream()
                .filter(decision -> since.includes(decision.entry()))
                .map(JournalJson::recorded)
                .toList();
    }

    private static Map<String, Object> recorded(RecordedDecision decision) {
        Map<String, Object> result = entry(decision.entry());
        result.put("observation", CODEC.observation(decision.seen()));
        return result;
    }

    private static Map<String, Object> entry(JournalEntry entry) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("sequence", entry.sequence());
        result.put("at", Timestamps.iso(entry.at()));
        result.put("seen", entry.seen());
        result.put("rule", entry.rule());
        result.put("decision", entry.decision());
        result.put("because", entry.because());
        result.put("outcome", entry.outcome());
        result.put("times", entry.times());
        return result;
    }
}
