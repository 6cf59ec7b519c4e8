package io.tamada.ha.policy;

import io.tamada.ha.model.ClusterView;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The agent was asked to end: stop PostgreSQL cleanly, give the lease away, go.
final class LeavingRules {

    private static final Duration VERY_SOON = Duration.ofMillis(100);

    Decision decide(Deliberation d, Situation.Leaving s) {
        if (d.paused()) {
            return leaveRunning(d);
        }
        if (d.seen.task() instanceof TaskView.Running(PostgresTask task, _, boolean cancelled)) {
            return task instanceof PostgresTask.Stop stop
                    ? stopping(d, s.view(), stop)
                    : cancelled
                            ? d.holdFor(VERY_SOON, Rule.LEAVE_WAITS_FOR_TASK, task.title())
                            : d.said(new Decision.Cancel(Rule.LEAVE_CANCELS_TASK), task.title());
        }
        if (d.seen.postgres().isUp()) {
            return stop(d, s.view());
        }
        if (d.seen.lease() != null && d.notYet(Rule.LEAVE_RELEASES)) {
            return d.release(Rule.LEAVE_RELEASES, d.published());
        }
        return d.said(new Decision.Exit(Rule.LEAVE, 0));
    }

    /// In pause nobody is to notice: the server runs on, and the lease is left to the next agent or
    /// to time.
    private static Decision leaveRunning(Deliberation d) {
        if (d.notYet(Rule.GUARD_OFF_IN_PAUSE)) {
            return d.said(new Decision.Guard(Rule.GUARD_OFF_IN_PAUSE, false));
        }
        return d.said(new Decision.Exit(Rule.LEAVE_RUNNING, 0));
    }

    private static Decision stop(Deliberation d, @Nullable ClusterView view) {
        if (view != null && d.seen.lease() == null) {
            Decision duty = SyncDuty.giveBack(d, view);
            if (duty != null) {
                return duty;
            }
        }
        // After a stop that succeeded the server was looked at a moment too early.
        if (d.seen.task() instanceof TaskView.Ended(PostgresTask.Stop _, TaskResult result)
                && !result.succeeded()
                && d.notYet(Rule.FENCE_LEAVING)) {
            return d.said(new Decision.Fence(Rule.FENCE_LEAVING));
        }
        if (d.seen.lease() != null) {
            d.memory.steppingDown =
                    new SteppingDown(SteppingDown.Why.SHUTDOWN, null, d.seen.now(), null);
        }
        PostgresTask task =
                new PostgresTask.Stop(
                        PostgresTask.Stop.Mode.FAST,
                        d.seen.lease() != null,
                        SwitchoverRules.stopTimeout(d),
                        PostgresTask.Stop.Reason.SHUTDOWN);
        return d.begin(Rule.LEAVE_STOPS, task);
    }

    private static Decision stopping(
            Deliberation d, @Nullable ClusterView view, PostgresTask.Stop stop) {
        if (d.seen.lease() != null && view != null) {
            Decision early = TaskRules.earlyRelease(d, view, stop);
            if (early != null) {
                return early;
            }
        }
        return d.holdFor(VERY_SOON, Rule.LEAVE_WAITS_FOR_TASK, stop.title());
    }
}
