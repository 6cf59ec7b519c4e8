package io.tamada.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Waits, in real time, for what is to become true: the only wait in tests of real things.
///
/// All limits are multiplied by the system property `tamada.test.patience` (1 by default), for slow
/// machines. A limit only decides when to give up, so a generous one costs nothing.
public final class Eventually {

    /// How long [#await] waits.
    public static final Duration LIMIT = Duration.ofSeconds(20);

    private static final double PATIENCE =
            Double.parseDouble(System.getProperty("tamada.test.patience", "1"));
    private static final long STEP_MAX_MILLIS = 50;

    private Eventually() {}

    /// A condition that may throw: that counts as not yet.
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /// A duration, multiplied by the patience of this run.
    public static Duration scaled(Duration duration) {
        return Duration.ofNanos((long) (duration.toNanos() * PATIENCE));
    }

    /// Waits until the condition holds.
    ///
    /// @param what completes the sentence "waited in vain until …"
    /// @throws AssertionError when it doesn't hold in time, with what it threw last
    public static void await(String what, Condition condition) {
        await(what, LIMIT, condition);
    }

    /// As [#await(String,Condition)], with a limit of its own.
    public static void await(String what, Duration limit, Condition condition) {
        Object _ = value(what, limit, () -> condition.holds() ? Boolean.TRUE : null);
    }

    /// Waits until there is a value, and returns it.
    public static <T> T value(String what, Duration limit, Callable<@Nullable T> source) {
        long until = System.nanoTime() + scaled(limit).toNanos();
        Throwable last = null;
        long step = 1;
        while (true) {
            try {
                T value = source.call();
                if (value != null) {
                    return value;
                }
                last = null;
            } catch (Exception | AssertionError e) {
                last = e;
            }
            if (System.nanoTime() - until > 0) {
                throw new AssertionError("waited in vain until " + what, last);
            }
            try {
                Thread.sleep(step);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting until " + what, e);
            }
            step = Math.min(STEP_MAX_MILLIS, step * 2);
        }
    }
}
