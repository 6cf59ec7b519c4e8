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
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was seen, decided, and came of it: the newest entries, in memory. The very newest with all
/// that they were decided from.
///
/// What is done in every turn is noted only when it ends otherwise than the last time, so that it
/// does not crowd out the rest.
final class Journal {

    private static final int MOST = 1000;
    private static final int MOST_RECORDED = 100;

    private final Deque<JournalEntry> entries = new ArrayDeque<>();
    private final Deque<RecordedDecision> recorded = new ArrayDeque<>();
    private final JournalSink sink;
    private final Map<String, Long> counts = new HashMap<>();
    private final Map<Rule, String> routineOutcomes = new EnumMap<>(Rule.class);
    private @Nullable JournalEntry last;
    private long sequence;

    Journal(JournalSink sink) {
        this.sink = sink;
        entries.addAll(sink.earlier(MOST));
        sequence = entries.isEmpty() ? 0 : entries.getLast().sequence();
    }

    /// Done in every turn, or so often that it says nothing.
    static boolean isRoutine(Rule rule) {
        return switch (rule) {
            case GUARD, GUARD_OFF_IN_PAUSE, PUBLISH_STATUS, SYNC_SLOTS -> true;
            default -> false;
        };
    }

    /// Notes a decision. A decision like the one before only counts up.
    synchronized void note(Observation seen, Step step, String outcome) {
        Rule rule = step.decision().rule();
        counts.merge(rule.label(), 1L, Long::sum);
        if (isRoutine(rule) && outcome.equals(routineOutcomes.put(rule, outcome))) {
            return;
        }
        JournalEntry before = last;
        if (before != null && isSame(before, step)) {
            entries.removeLast();
            entries.addLast(again(before, step, outcome));
            last = entries.getLast();
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
        last = entry;
        RecordedDecision decision = new RecordedDecision(entry, seen);
        add(recorded, decision, MOST_RECORDED);
        sink.note(decision);
    }

    private static boolean isSame(JournalEntry before, Step step) {
        return step.decision() instanceof Decision.Hold
                && before.rule().equals(step.decision().rule().label())
                && before.because().equals(step.because());
    }

    private static JournalEntry again(JournalEntry before, Step step, String outcome) {
        return new JournalEntry(
                before.sequence(),
                before.at(),
                before.seen(),
                before.rule(),
                step.says(),
                before.because(),
                outcome,
                before.times() + 1);
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
