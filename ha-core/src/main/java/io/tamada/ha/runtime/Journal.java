package io.tamada.ha.runtime;

import io.tamada.ha.JournalEntry;
import io.tamada.ha.JournalSink;
import io.tamada.ha.RecordedDecision;
import io.tamada.ha.policy.Decision;
import io.tamada.ha.policy.Observation;
import io.tamada.ha.policy.Rule;
import io.tamada.ha.policy.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What was seen, decided, and came of it: the newest entries, in memory. The very newest with all
/// that they were decided from.
final class Journal {

    private static final int MOST = 1000;
    private static final int MOST_RECORDED = 100;

    private final Deque<JournalEntry> entries = new ArrayDeque<>();
    private final Deque<RecordedDecision> recorded = new ArrayDeque<>();
    private final JournalSink sink;
    private final Map<String, Long> counts = new HashMap<>();
    private long sequence;

    Journal(JournalSink sink) {
        this.sink = sink;
    }

    /// Notes a decision. A decision like the one before only counts up.
    synchronized void note(Observation seen, Step step, String outcome) {
        Rule rule = step.decision().rule();
        counts.merge(rule.label(), 1L, Long::sum);
        JournalEntry last = entries.peekLast();
        boolean same =
                last != null
                        && step.decision() instanceof Decision.Hold
                        && last.rule().equals(rule.label())
                        && last.because().equals(step.because());
        if (same) {
            entries.removeLast();
            entries.addLast(
                    new JournalEntry(
                            last.sequence(),
                            last.at(),
                            last.seen(),
                            last.rule(),
                            step.says(),
                            last.because(),
                            outcome,
                            last.times() + 1));
            return;
        }
        JournalEntry entry =
                new JournalEntry(
                        ++sequence,
                        seen.wall(),
                        Phrases.seen(seen),
                        rule.label(),
                        step.says(),
                        step.because(),
                        outcome,
                        1);
        add(entries, entry, MOST);
        RecordedDecision decision = new RecordedDecision(entry, seen);
        add(recorded, decision, MOST_RECORDED);
        sink.note(decision);
    }

    private static <T> void add(Deque<T> all, T item, int most) {
        all.addLast(item);
        if (all.size() > most) {
            all.removeFirst();
        }
    }

    synchronized List<JournalEntry> newest(int most) {
        return newest(entries, most);
    }

    synchronized List<RecordedDecision> recorded(int most) {
        return newest(recorded, most);
    }

    private static <T> List<T> newest(Deque<T> from, int most) {
        List<T> all = new ArrayList<>(from);
        return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
    }

    synchronized Map<String, Long> counts() {
        return Map.copyOf(counts);
    }
}
