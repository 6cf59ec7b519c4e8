package io.tamada.dcs.raft.wire;

import com.alipay.sofa.jraft.core.Scheduler;
import com.alipay.sofa.jraft.core.TimerManager;
import com.alipay.sofa.jraft.util.SPI;
import com.alipay.sofa.jraft.util.timer.RaftTimerFactory;
import com.alipay.sofa.jraft.util.timer.Timeout;
import com.alipay.sofa.jraft.util.timer.Timer;
import com.alipay.sofa.jraft.util.timer.TimerTask;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Timers that sleep until something is due. The library's own wake a thousand times a second each.
@SPI(name = "tamada", priority = 100)
public final class WireTimers implements RaftTimerFactory {

    /// A daemon thread that ends when nothing was due for a while; one task at a time.
    public static ScheduledThreadPoolExecutor scheduler(String name) {
        ScheduledThreadPoolExecutor executor =
                new ScheduledThreadPoolExecutor(
                        1, task -> Thread.ofPlatform().daemon().name(name).unstarted(task));
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    @Override
    public Timer getElectionTimer(boolean shared, String name) {
        return createTimer(name);
    }

    @Override
    public Timer getVoteTimer(boolean shared, String name) {
        return createTimer(name);
    }

    @Override
    public Timer getStepDownTimer(boolean shared, String name) {
        return createTimer(name);
    }

    @Override
    public Timer getSnapshotTimer(boolean shared, String name) {
        return createTimer(name);
    }

    @Override
    public Timer createTimer(String name) {
        return new SleepingTimer(name);
    }

    @Override
    public Scheduler getRaftScheduler(boolean shared, int workers, String name) {
        return createScheduler(workers, name);
    }

    @Override
    public Scheduler createScheduler(int workers, String name) {
        return new TimerManager(1, name);
    }

    private static final class SleepingTimer implements Timer {
        private final ScheduledThreadPoolExecutor executor;

        SleepingTimer(String name) {
            executor = scheduler(name);
        }

        @Override
        public Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
            Due due = new Due(this, task);
            due.future = executor.schedule(due, delay, unit);
            return due;
        }

        @Override
        public Set<Timeout> stop() {
            executor.shutdownNow();
            return Set.of();
        }
    }

    /// Either runs or is cancelled, never both: who cancels learns which.
    private static final class Due implements Timeout, Runnable {
        private enum State {
            PENDING,
            CANCELLED,
            EXPIRED
        }

        private final Timer timer;
        private final TimerTask task;
        private final AtomicReference<State> state = new AtomicReference<>(State.PENDING);
        private volatile @Nullable Future<?> future;

        Due(Timer timer, TimerTask task) {
            this.timer = timer;
            this.task = task;
        }

        @Override
        public void run() {
            if (!state.compareAndSet(State.PENDING, State.EXPIRED)) {
                return;
            }
            try {
                task.run(this);
            } catch (Exception e) {
                System.getLogger(WireTimers.class.getName())
                        .log(System.Logger.Level.ERROR, "a timer failed", e);
            }
        }

        @Override
        public Timer timer() {
            return timer;
        }

        @Override
        public TimerTask task() {
            return task;
        }

        @Override
        public boolean isExpired() {
            return state.get() == State.EXPIRED;
        }

        @Override
        public boolean isCancelled() {
            return state.get() == State.CANCELLED;
        }

        @Override
        public boolean cancel() {
            Future<?> scheduled = future;
            boolean cancelled = state.compareAndSet(State.PENDING, State.CANCELLED);
            if (cancelled && scheduled != null) {
                scheduled.cancel(false);
            }
            return cancelled;
        }
    }
}
