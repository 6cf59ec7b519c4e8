package io.tamada.simulator.baton;

import org.jspecify.annotations.Nullable;

/// Something to be done at a moment of virtual time.
public final class Timer implements Comparable<Timer> {

    private final long atNanos;
    private final long sequence;
    private @Nullable Runnable action;
    private boolean fired;

    Timer(long atNanos, long sequence, Runnable action) {
        this.atNanos = atNanos;
        this.sequence = sequence;
        this.action = action;
    }

    long atNanos() {
        return atNanos;
    }

    void fire() {
        fired = true;
        Runnable todo = action;
        action = null;
        if (todo != null) {
            todo.run();
        }
    }

    public boolean hasFired() {
        return fired;
    }

    boolean isCancelled() {
        return !fired && action == null;
    }

    /// Makes it do nothing; does no harm when it has fired.
    public void cancel() {
        action = null;
    }

    @Override
    public int compareTo(Timer other) {
        int byTime = Long.compare(atNanos, other.atNanos);
        return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
}
