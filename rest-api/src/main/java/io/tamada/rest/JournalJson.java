package io.tamada.rest;

import io.tamada.ha.JournalEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The journal as JSON, oldest entry first. Pure.
final class JournalJson {

    private JournalJson() {}

    /// @param since only entries with a higher sequence number
    static List<Map<String, Object>> of(List<JournalEntry> entries, long since) {
        return entries.stream().filter(e -> e.sequence() > since).map(JournalJson::entry).toList();
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
