package io.tamada.testkit;

import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// How a simulated thing blocks its caller. The only way in which anything here ever waits.
///
/// A simulation passes its baton on; a test on [ManualTime] moves the clock, or waits for another
/// thread to move it.
@FunctionalInterface
public interface Waiter {

    /// Blocks the calling thread until the condition holds or the elapsed clock reads `untilNanos`.
    ///
    /// The condition is cheap, has no effect, and may be evaluated on any thread and any number of
    /// times; it may depend on the clock as well as on what other threads do.
    ///
    /// @return whether the condition holds
    /// @throws InterruptedException when the calling thread is interrupted, before or meanwhile
    boolean await(BooleanSupplier condition, long untilNanos) throws InterruptedException;

    /// Blocks the calling thread until the elapsed clock reads `untilNanos`.
    default void pause(long untilNanos) throws InterruptedException {
        boolean _ = await(() -> false, untilNanos);
    }

    /// Waits in real time, by sleeping and looking again: for simulated things among real ones.
    static Waiter sleeping(TimeSource time) {
        return (condition, until) -> {
            while (!condition.getAsBoolean()) {
                long left = until - time.nanos();
                if (left <= 0) {
                    return false;
                }
                Thread.sleep(Duration.ofNanos(Math.min(left, 2_000_000)));
            }
            return true;
        };
    }
}
