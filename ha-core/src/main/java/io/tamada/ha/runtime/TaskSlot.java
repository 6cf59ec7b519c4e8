package io.tamada.ha.runtime;

import io.tamada.ha.model.PostgresState;
import io.tamada.ha.policy.TaskView;
import io.tamada.ha.port.Mailbox;
import io.tamada.ha.port.Mailbox.WakeReason;
import io.tamada.ha.port.PostgresControl;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskProgress;
import io.tamada.ha.port.TaskResult;
import io.tamada.ha.port.Threads;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The one long task, on a thread of its own.
final class TaskSlot {

    /// One run of a task. Its thread writes result and progress; the loop reads.
    private static final class Run implements TaskProgress {
        final PostgresTask task;
        final long sinceNanos;
        volatile boolean cancelled;
        volatile @Nullable TaskResult result;
        volatile @Nullable PostgresState state;
        volatile @Nullable String detail;
        volatile Threads.@Nullable Running thread;

        Run(PostgresTask task, long sinceNanos) {
            this.task = task;
            this.sinceNanos = sinceNanos;
        }

        @Override
        public void state(PostgresState value) {
            state = value;
        }

        @Override
        public void detail(String text) {
            detail = text;
        }
    }

    private final PostgresControl postgres;
    private final Threads threads;
    private final TimeSource time;
    private final Mailbox mailbox;
    private final AtomicReference<@Nullable Run> current = new AtomicReference<>();

    TaskSlot(PostgresControl postgres, Threads threads, TimeSource time, Mailbox mailbox) {
        this.postgres = postgres;
        this.threads = threads;
        this.time = time;
        this.mailbox = mailbox;
    }

    /// Begins a task.
    ///
    /// @throws IllegalStateException when one runs, which the policy must never ask for
    void begin(PostgresTask task) {
        Run before = current.get();
        if (before != null && before.result == null) {
            throw new IllegalStateException(
                    "asked to begin " + task + " while " + before.task + " runs");
        }
        Run run = new Run(task, time.nanos());
        current.set(run);
        run.thread = threads.start("tamada-task", () -> work(run));
    }

    private void work(Run run) {
        TaskResult result;
        try {
            result = postgres.run(run.task, run);
        } catch (RuntimeException e) {
            System.getLogger("io.tamada.ha")
                    .log(System.Logger.Level.ERROR, "task " + run.task.title() + " broke", e);
            result = new TaskResult.Failed("internal error: " + e, false);
        }
        run.result = result;
        mailbox.post(WakeReason.TASK_ENDED);
    }

    /// Asks the running task to end early.
    void cancel() {
        Run run = current.get();
        Threads.Running thread = run == null ? null : run.thread;
        if (run != null && thread != null && run.result == null) {
            run.cancelled = true;
            thread.interrupt();
        }
    }

    /// How it stands. An ended task is shown until [#forget].
    TaskView view() {
        Run run = current.get();
        if (run == null) {
            return TaskView.IDLE;
        }
        TaskResult result = run.result;
        return result == null
                ? new TaskView.Running(
                        run.task, Duration.ofNanos(time.nanos() - run.sinceNanos), run.cancelled)
                : new TaskView.Ended(run.task, result);
    }

    /// The ended task was taken note of.
    void forget(TaskView.Ended seen) {
        Run run = current.get();
        if (run != null && run.result != null && run.task.equals(seen.task())) {
            current.compareAndSet(run, null);
        }
    }

    /// Waits for a cancelled task to end.
    boolean awaitEnd(Duration atMost) throws InterruptedException {
        Run run = current.get();
        Threads.Running thread = run == null ? null : run.thread;
        return thread == null || thread.join(atMost);
    }

    @Nullable PostgresState state() {
        Run run = running();
        return run == null ? null : run.state;
    }

    @Nullable String detail() {
        Run run = running();
        return run == null ? null : run.detail;
    }

    private @Nullable Run running() {
        Run run = current.get();
        return run == null || run.result != null ? null : run;
    }
}
