package io.tamada.simulator.invariant;

import io.tamada.simulator.world.Branch;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// Where the acknowledged log stood, about once a second, for the last few minutes.
final class Samples {

    private static final long EVERY_NANOS = 1_000_000_000L;
    private static final int MOST = 400;

    /// @param atNanos when the commit was acknowledged
    record Sample(long atNanos, Branch branch, long position) {}

    private final ArrayDeque<Sample> samples = new ArrayDeque<>();

    void add(long atNanos, Branch branch, long position) {
        Sample last = samples.peekLast();
        if (last == null || atNanos - last.atNanos() >= EVERY_NANOS) {
            samples.add(new Sample(atNanos, branch, position));
            if (samples.size() > MOST) {
                samples.remove();
            }
        }
    }

    /// The newest that is at least so much older than the last acknowledgement.
    @Nullable Sample before(long nanos) {
        Sample last = samples.peekLast();
        if (last == null) {
            return null;
        }
        Iterator<Sample> newestFirst = samples.descendingIterator();
        while (newestFirst.hasNext()) {
            Sample s = newestFirst.next();
            if (last.atNanos() - s.atNanos() >= nanos) {
                return s;
            }
        }
        return null;
    }

    void clear() {
        samples.clear();
    }
}
