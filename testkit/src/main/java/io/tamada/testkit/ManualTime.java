package io.tamada.testkit;

import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A clock that stands still until a test moves it. Thread-safe.
public final class ManualTime implements TimeSource {

    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long nanos = Duration.ofDays(1).toNanos();
    private Instant wall = BEGINNING;

    /// A clock that reads a fixed moment.
    public ManualTime() {}

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized Instant wall() {
        return wall;
    }

    /// Lets both kinds of time pass, then tells the listeners.
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("elapsed time never goes back: " + duration);
        }
        synchronized (this) {
            nanos += duration.toNanos();
            wall = wall.plus(duration);
            notifyAll();
        }
        listeners.forEach(Runnable::run);
    }

    /// Lets time pass until the elapsed clock reads `target`; does nothing when it already did.
    public void advanceTo(long target) {
        long left = target - nanos();
        if (left > 0) {
            advance(Duration.ofNanos(left));
        }
    }

    /// Sets the wall clock, as an administrator or a time server does. Elapsed time doesn't notice.
    public synchronized void setWall(Instant value) {
        wall = value;
    }

    /// Calls a listener after every move, on the thread that moved the clock.
    public Subscription onAdvance(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /// For tests of one thread: who would wait moves the clock himself, at once and as far as need
    /// be.
    public Waiter jumping() {
        return (condition, until) -> {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (!condition.getAsBoolean()) {
                advanceTo(until);
            }
            return condition.getAsBoolean();
        };
    }

    /// For tests of several threads: waits until another one moves the clock. The condition is
    /// looked at after every move.
    public Waiter blocking() {
        return (condition, until) -> {
            synchronized (this) {
                while (!condition.getAsBoolean() && nanos - until < 0) {
                    wait();
                }
            }
            return condition.getAsBoolean();
        };
    }
}
