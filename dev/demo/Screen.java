package demo;

import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// What the demo shows: titles, facts, and on a terminal how long each wait has taken so far.
final class Screen {

    private static final Duration LOOK_EVERY = Duration.ofMillis(25);

    private final TimeSource time;
    private final boolean live = System.console() != null && System.console().isTerminal();

    Screen(TimeSource time) {
        this.time = time;
    }

    void title(String text) {
        System.out.println();
        System.out.println("== " + text);
    }

    void say(String text) {
        System.out.println("   " + text);
    }

    /// Waits until something is so, and says how long it took.
    ///
    /// @throws StepFailed when it isn't in time
    Duration await(String what, Duration atMost, BooleanSupplier condition) {
        long start = time.nanos();
        while (!condition.getAsBoolean()) {
            Duration waited = Duration.ofNanos(time.nanos() - start);
            if (waited.compareTo(atMost) > 0) {
                clear();
                throw new StepFailed("not within " + atMost.toSeconds() + " s: " + what);
            }
            if (live) {
                System.out.printf("\r   %s … %s ", what, seconds(waited));
                System.out.flush();
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            if (Thread.currentThread().isInterrupted()) {
                throw new StepFailed("interrupted");
            }
        }
        clear();
        Duration took = Duration.ofNanos(time.nanos() - start);
        say(what + ": " + seconds(took));
        return took;
    }

    private void clear() {
        if (live) {
            System.out.print("\r\u001b[K");
        }
    }

    static String seconds(Duration duration) {
        return "%.1f s".formatted(duration.toMillis() / 1000.0);
    }
}
