package demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What was done and what was found, in the order of time.
final class Chronicle {

    private final long startNanos = System.nanoTime();
    private final List<Entry> faults = new ArrayList<>();
    private final List<Round> rounds = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();

    /// @param written from the end of the last fault until writes went on
    /// @param converged from there until all streamed
    record Round(Duration written, Duration converged, int lost) {}

    /// A fault, from when to when.
    static final class Entry {
        private final String what;
        private final String victim;
        private final long fromNanos;
        private long toNanos;

        private Entry(String what, String victim, long nanos) {
            this.what = what;
            this.victim = victim;
            this.fromNanos = nanos;
            this.toNanos = nanos;
        }

        String what() {
            return what;
        }

        String victim() {
            return victim;
        }

        long fromNanos() {
            return fromNanos;
        }

        long toNanos() {
            return toNanos;
        }

        void end(long nanos) {
            toNanos = nanos;
        }
    }

    Entry fault(String what, String victim) {
        Entry entry = new Entry(what, victim, System.nanoTime());
        faults.add(entry);
        return entry;
    }

    void round(Duration written, Duration converged, int lost) {
        rounds.add(new Round(written, converged, lost));
    }

    void violated(String what) {
        violations.add(what);
    }

    /// A reading of the clock as seconds since the beginning.
    String seconds(long nanos) {
        return "%.1f".formatted((nanos - startNanos) / 1e9);
    }

    long startNanos() {
        return startNanos;
    }

    List<Entry> faults() {
        return List.copyOf(faults);
    }

    List<Round> rounds() {
        return List.copyOf(rounds);
    }

    List<String> violations() {
        return List.copyOf(violations);
    }
}
