package io.tamada.simulator.baton;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A value that simulated threads wait for, given once, from a thread or from the world outside.
public final class Reply<T> {

    private final BatonScheduler scheduler;
    private final List<Thread> waiting = new ArrayList<>(1);
    private @Nullable T value;

    public Reply(BatonScheduler scheduler) {
        this.scheduler = scheduler;
    }

    /// Gives the value and wakes who waits. Only the first value counts.
    public void complete(T given) {
        if (value == null) {
            value = given;
            waiting.forEach(LockSupport::unpark);
        }
    }

    public @Nullable T value() {
        return value;
    }

    /// Waits in the calling simulated thread.
    ///
    /// @param untilNanos virtual time at which to give up
    /// @return null when time was up
    public @Nullable T await(long untilNanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (value != null || untilNanos <= scheduler.nowNanos()) {
            return value;
        }
        Thread me = Thread.currentThread();
        waiting.add(me);
        Timer limit = scheduler.at(untilNanos, () -> LockSupport.unpark(me));
        try {
            while (value == null && scheduler.nowNanos() < untilNanos) {
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            return value;
        } finally {
            limit.cancel();
            waiting.remove(me);
        }
    }

    /// Lets virtual time pass for the calling simulated thread.
    public static void pause(BatonScheduler scheduler, long nanos) throws InterruptedException {
        new Reply<Boolean>(scheduler).await(scheduler.nowNanos() + nanos);
    }
}
