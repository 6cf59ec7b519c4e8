package io.tamada.pg.process;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/// Tells when a process exits, though it is no child of ours: by a pidfd, or by looking ten times a
/// second where there are none.
///
/// One small thread per watched process: it waits inside the kernel, where a virtual thread would
/// hold its carrier.
public final class ExitWatch implements AutoCloseable {

    private static final Duration ROUND = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long STACK_BYTES = 128 * 1024;

    private final OsProcess process;
    private final Runnable onExit;
    private final AtomicBoolean closed = new AtomicBoolean();

    private ExitWatch(OsProcess process, Runnable onExit) {
        this.process = process;
        this.onExit = onExit;
    }

    /// Calls `onExit` once, on a thread of its own, when the process is gone; at once if it is gone
    /// already.
    public static ExitWatch on(OsProcess process, Runnable onExit) {
        ExitWatch watch = new ExitWatch(process, onExit);
        Thread.ofPlatform()
                .daemon()
                .name("exit-watch-" + process.pid())
                .stackSize(STACK_BYTES)
                .start(watch::await);
        return watch;
    }

    public OsProcess process() {
        return process;
    }

    private void await() {
        LinuxCalls calls = LinuxCalls.available();
        int pidfd = calls == null ? -1 : calls.openPidfd(process.pid());
        try {
            // Opened first and compared then: from here on the descriptor can't mean another
            // process.
            while (process.isAlive() && !closed.get()) {
                if (calls != null && pidfd >= 0) {
                    if (calls.awaitExit(pidfd, ROUND)) {
                        break;
                    }
                } else if (process.awaitExit(POLL)) {
                    break;
                }
            }
        } catch (InterruptedException e) {
            return;
        } finally {
            if (calls != null && pidfd >= 0) {
                calls.close(pidfd);
            }
        }
        if (!closed.get()) {
            onExit.run();
        }
    }

    /// Stops telling. The thread ends within seconds.
    @Override
    public void close() {
        closed.set(true);
    }
}
