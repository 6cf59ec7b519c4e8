package io.tamada.simulator.baton;

/// Something to be done at a moment of virtual time.
public final class Timer implements Comparable<Timer> {

    private static final Runnable NOTHING = () -> {};

    private final long atNanos;
    private final long sequence;
    private Runnable action;
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
        action = NOTHING;
        todo.run();
    }

    public boolean hasFired() {
        return fired;
    }

    boolean isCancelled() {
        return !fired && action == NOTHING;
    }

    /// Makes it do nothing; does no harm when it has fired.
    public void cancel() {
        action = NOTHING;
    }

    @Override
    public int compareTo(Timer other) {
        int byTime = Long.compare(atNanos, other.atNanos);
        return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
}
