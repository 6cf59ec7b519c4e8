package demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A time for which two servers are proven to have both accepted writes.
///
/// @param fromNanos a reading of the clock of [System#nanoTime()]
record Overlap(String one, String other, long fromNanos, Duration length) {

    /// Between two writes further apart than this a server may have been something else.
    private static final long GAP_NANOS = 1_000_000_000L;

    /// Writes of one server without a gap: it accepted writes from the first's answer until the last was sent, and longer.
    private record Spell(long firstSent, long firstAcknowledged, long lastSent, long lastAcknowledged) {

        Spell with(NodeWriter.Row row) {
            return new Spell(firstSent, firstAcknowledged, row.sentNanos(), row.acknowledgedNanos());
        }

        boolean contains(Spell other) {
            return other.firstSent >= firstAcknowledged && other.lastAcknowledged <= lastSent;
        }
    }

    /// All there are.
    static List<Overlap> among(List<NodeWriter> writers) {
        List<Overlap> found = new ArrayList<>();
        for (int i = 0; i < writers.size(); i++) {
            for (int j = i + 1; j < writers.size(); j++) {
                between(writers.get(i), writers.get(j), found);
            }
        }
        return found;
    }

    private static void between(NodeWriter one, NodeWriter other, List<Overlap> found) {
        List<Spell> others = spells(other.rows());
        for (Spell a : spells(one.rows())) {
            for (Spell b : others) {
                long from = Math.max(a.firstAcknowledged, b.firstAcknowledged);
                long length = Math.min(a.lastSent, b.lastSent) - from;
                if (length > 0 || a.contains(b) || b.contains(a)) {
                    found.add(new Overlap(
                            one.member().name(), other.member().name(), from, Duration.ofNanos(Math.max(length, 1))));
                }
            }
        }
    }

    private static List<Spell> spells(List<NodeWriter.Row> rows) {
        List<Spell> spells = new ArrayList<>();
        Spell open = null;
        for (NodeWriter.Row row : rows) {
            if (open != null && row.acknowledgedNanos() - open.lastAcknowledged <= GAP_NANOS) {
                open = open.with(row);
                continue;
            }
            if (open != null) {
                spells.add(open);
            }
            open = new Spell(row.sentNanos(), row.acknowledgedNanos(), row.sentNanos(), row.acknowledgedNanos());
        }
        if (open != null) {
            spells.add(open);
        }
        return spells;
    }
}
