package io.tamada.simulator.baton;

import io.tamada.ha.port.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// A simulated operating system process: its threads freeze, thaw and die together.
///
/// Killed threads are never run again: no `finally` runs, no lock is released, as with a real `kill
/// -9`.
public final class SimProcess implements Threads {

    private final BatonScheduler scheduler;
    private final String name;
    private final List<SimThread> threads = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private boolean frozen;
    private boolean dead;
    private int started;

    SimProcess(BatonScheduler scheduler, String name) {
        this.scheduler = scheduler;
        this.name = name;
    }

    public BatonScheduler scheduler() {
        return scheduler;
    }

    public boolean isDead() {
        return dead;
    }

    public boolean isFrozen() {
        return frozen;
    }

    boolean isForgotten() {
        return dead;
    }

    /// From now on its threads don't run, while time goes on.
    public void freeze() {
        frozen = true;
    }

    /// Its threads go on where they stood; what they waited for may have come or timed out
    /// meanwhile.
    public void thaw() {
        frozen = false;
        held.forEach(scheduler::ready);
        held.clear();
    }

    /// Ends it at once and for ever.
    public void kill() {
        dead = true;
        held.clear();
        threads.clear();
    }

    /// Starts a thread. An exception that it doesn't catch is reported by the step that it happened
    /// in.
    @Override
    public SimThread start(String threadName, Runnable body) {
        SimThread thread = new SimThread(name + "/" + threadName, ++started, body);
        threads.removeIf(t -> !t.isAlive());
        threads.add(thread);
        thread.thread.start();
        return thread;
    }

    List<String> liveThreads() {
        return threads.stream().filter(SimThread::isAlive).map(t -> t.label).toList();
    }

    /// A thread of this process.
    public final class SimThread implements Running, Executor {
        private final String label;
        private final int number;
        private final Thread thread;
        private final Reply<Boolean> ended = new Reply<>(scheduler);
        private boolean over;

        private SimThread(String label, int number, Runnable body) {
            this.label = label;
            this.number = number;
            this.thread = CarriedThreads.unstarted(this, label, () -> live(body));
        }

        private void live(Runnable body) {
            try {
                body.run();
            } catch (Throwable problem) {
                scheduler.failed(problem);
            } finally {
                over = true;
                ended.complete(true);
            }
        }

        /// Called by the virtual thread when it can go on.
        @Override
        public void execute(Runnable continuation) {
            Runnable traced =
                    () -> {
                        if (dead) {
                            return;
                        }
                        if (frozen) {
                            held.add(continuation);
                            return;
                        }
                        scheduler.mix(number);
                        continuation.run();
                    };
            if (dead) {
                return;
            }
            if (frozen) {
                held.add(traced);
            } else {
                scheduler.ready(traced);
            }
        }

        @Override
        public void interrupt() {
            thread.interrupt();
        }

        @Override
        public boolean isAlive() {
            return !over && !dead;
        }

        @Override
        public boolean join(Duration atMost) throws InterruptedException {
            @Nullable Boolean done = ended.await(scheduler.nowNanos() + atMost.toNanos());
            return done != null;
        }
    }
}
