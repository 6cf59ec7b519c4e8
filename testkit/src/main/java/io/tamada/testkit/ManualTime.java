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

    private static final long JUMP_NANOS = 10_000_000;

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long nanos = Duration.ofDays(1).toNanos();
    private Instant wall = BEGINNING;
    private long moves;

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
            moves++;
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

    /// For tests of one thread: who would wait moves the clock himself, in small steps, until the
    /// condition holds.
    public Waiter jumping() {
        return (condition, until) -> {
            while (true) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (condition.getAsBoolean()) {
                    return true;
                }
                long left = until - nanos();
                if (left <= 0) {
                    return false;
                }
                advance(Duration.ofNanos(Math.min(left, JUMP_NANOS)));
            }
        };
    }

    /// For tests of several threads: waits until another one moves the clock. The condition is
    /// looked at after every move.
    public Waiter blocking() {
        return (condition, until) -> {
            while (true) {
                long seen = moves();
                if (condition.getAsBoolean()) {
                    return true;
                }
                if (nanos() - until >= 0) {
                    return false;
                }
                awaitMove(seen);
            }
        };
    }

    private synchronized long moves() {
        return moves;
    }

    private synchronized void awaitMove(long seen) throws InterruptedException {
        while (moves == seen) {
            wait();
        }
    }
}
