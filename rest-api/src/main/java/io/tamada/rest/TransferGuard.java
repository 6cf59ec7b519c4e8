package io.tamada.rest;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Ends transfers that take too long: a TLS handshake, a request that trickles in, an answer that
/// nobody reads.
///
/// A transfer runs on a thread of its own; interrupting a thread that waits on a socket closes the
/// socket. Time that the answer takes to be found is not counted: a restart may take minutes.
final class TransferGuard implements AutoCloseable {

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /// No limit runs at the moment.
    private static final long IDLE = 0;

    /// The limit was passed, and the thread is being interrupted.
    private static final long FIRED = 1;

    private final Set<Transfer> running = ConcurrentHashMap.newKeySet();
    private final long limitLooks;
    private final CountDownLatch closed = new CountDownLatch(1);

    /// How often the watcher has looked, starting above the special values: time in a measure that
    /// costs a request nothing to read.
    private volatile long looks = FIRED + 1;

    TransferGuard(Duration limit) {
        this.limitLooks = limit.dividedBy(LOOK_EVERY) + 1;
        Thread _ = Thread.ofPlatform().daemon().name("rest-transfer-guard").start(this::watch);
    }

    /// Runs a body under guard, its first transfer already begun.
    void guarded(Runnable body) {
        Transfer transfer = new Transfer(Thread.currentThread());
        running.add(transfer);
        CURRENT.set(transfer);
        try {
            transfer.begin(looks + limitLooks);
            body.run();
        } finally {
            transfer.end();
            CURRENT.remove();
            running.remove(transfer);
        }
    }

    private static final ThreadLocal<Transfer> CURRENT = new ThreadLocal<>();

    /// The transfer on this thread is over.
    ///
    /// @return false when it was over time: the connection is lost
    boolean end() {
        Transfer transfer = CURRENT.get();
        return transfer == null || transfer.end();
    }

    /// Another transfer begins on this thread.
    void begin() {
        Transfer transfer = CURRENT.get();
        if (transfer != null) {
            transfer.begin(looks + limitLooks);
        }
    }

    private void watch() {
        try {
            while (!closed.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                long now = looks + 1;
                looks = now;
                running.forEach(transfer -> transfer.fireIfLate(now));
            }
        } catch (InterruptedException e) {
            // Nobody interrupts it but to end it.
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }

    private static final class Transfer {
        private final Thread thread;
        private final AtomicLong deadline = new AtomicLong(IDLE);

        Transfer(Thread thread) {
            this.thread = thread;
        }

        void begin(long until) {
            deadline.compareAndSet(IDLE, until);
        }

        boolean end() {
            long at = deadline.get();
            return at == IDLE || (at != FIRED && deadline.compareAndSet(at, IDLE));
        }

        void fireIfLate(long now) {
            long at = deadline.get();
            if (at != IDLE && at != FIRED && now > at && deadline.compareAndSet(at, FIRED)) {
                thread.interrupt();
            }
        }
    }
}
