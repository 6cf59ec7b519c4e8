package io.tamada.ha.runtime;

import io.tamada.ha.port.Mailbox;
import io.tamada.ha.time.TimeSource;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The mailbox of a real process: a set of reasons under a lock.
public final class WakeUpQueue implements Mailbox {

    /// A wait is cut into pieces of this length, so that time the machine was suspended for is
    /// noticed.
    private static final long SLICE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TimeSource time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final EnumSet<WakeReason> waiting = EnumSet.noneOf(WakeReason.class);

    public WakeUpQueue(TimeSource time) {
        this.time = time;
    }

    @Override
    public void post(WakeReason reason) {
        lock.lock();
        try {
            waiting.add(reason);
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Set<WakeReason> await(long untilNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty()) {
                long left = untilNanos - time.nanos();
                if (left <= 0) {
                    return Set.of();
                }
                var _ = arrived.awaitNanos(Math.min(left, SLICE_NANOS));
            }
            Set<WakeReason> reasons = EnumSet.copyOf(waiting);
            waiting.clear();
            return reasons;
        } finally {
            lock.unlock();
        }
    }
}
