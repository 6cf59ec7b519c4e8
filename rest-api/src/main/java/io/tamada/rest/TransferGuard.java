package io.tamada.rest;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private final long limitNanos;
    private final Thread watcher;

    TransferGuard(Duration limit) {
        this.limitNanos = limit.toNanos();
        this.watcher = Thread.ofPlatform().daemon().name("rest-transfer-guard").start(this::watch);
    }

    /// Runs a body under guard, its first transfer already begun.
    void guarded(Runnable body) {
        Transfer transfer = new Transfer(Thread.currentThread());
        running.add(transfer);
        CURRENT.set(transfer);
        try {
            transfer.begin(limitNanos);
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
            transfer.begin(limitNanos);
        }
    }

    @SuppressWarnings("BusyWait")
    private void watch() {
        try {
            while (true) {
                Thread.sleep(LOOK_EVERY);
                long now = System.nanoTime();
                running.forEach(transfer -> transfer.fireIfLate(now));
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
    }

    private static final class Transfer {
        private final Thread thread;
        private final AtomicLong deadline = new AtomicLong(IDLE);

        Transfer(Thread thread) {
            this.thread = thread;
        }

        void begin(long limitNanos) {
            long at = System.nanoTime() + limitNanos;
            deadline.compareAndSet(IDLE, at == IDLE || at == FIRED ? at + 2 : at);
        }

        boolean end() {
            long at = deadline.get();
            return at == IDLE || (at != FIRED && deadline.compareAndSet(at, IDLE));
        }

        void fireIfLate(long now) {
            long at = deadline.get();
            if (at != IDLE && at != FIRED && now - at > 0 && deadline.compareAndSet(at, FIRED)) {
                thread.interrupt();
            }
        }
    }
}
