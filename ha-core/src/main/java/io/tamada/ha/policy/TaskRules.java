package io.tamada.ha.policy;

import io.tamada.ha.OperatorRequest;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.port.PostgresTask;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A long task runs: keep the lease, cut the task short when it must be, give the lease away as
/// soon as it may be.
final class TaskRules {

    private static final Duration SOON = Duration.ofMillis(500);
    private static final Duration VERY_SOON = Duration.ofMillis(50);

    Decision decide(Deliberation d, Situation.Busy s) {
        Decision answered = refuseOthers(d, s);
        if (answered != null) {
            return answered;
        }
        if (d.seen.lease() != null) {
            return leading(d, s);
        }
        return notLeading(d, s);
    }

    /// One task at a time: other requests are told so. A forced reinitialize cuts the task short.
    private static @Nullable Decision refuseOthers(Deliberation d, Situation.Busy s) {
        for (PendingRequest pending : d.seen.requests()) {
            if (pending.request() instanceof OperatorRequest.Reinitialize(boolean force, _)
                    && force
                    && d.seen.lease() == null
                    && anotherLeads(d, s.view())) {
                return isCancelled(d)
                        ? null
                        : d.said(new Decision.Cancel(Rule.CANCEL_FOR_REINITIALIZE));
            }
            if (pending.request() instanceof OperatorRequest.Restart
                    || pending.request() instanceof OperatorRequest.Reinitialize) {
                return d.said(
                        new Decision.Answer(
                                Rule.BUSY_WITH_ANOTHER,
                                pending.id(),
                                new OperatorRequest.Outcome.Refused(
                                        OperatorRequest.Reason.BUSY,
                                        s.task().title() + " already in progress")));
            }
        }
        return null;
    }

    // ---- with the lease
    // ----------------------------------------------------------------------------------------

    private static Decision leading(Deliberation d, Situation.Busy s) {
        Decision cleared =
                s.task() instanceof PostgresTask.Promote
                        ? LeaderRules.clearWonRequest(d, s.view())
                        : null;
        if (cleared != null) {
            return cleared;
        }
        if (s.task() instanceof PostgresTask.Stop stop
                && stop.mode() == PostgresTask.Stop.Mode.FAST) {
            Decision early = earlyRelease(d, s.view(), stop);
            return early != null
                    ? early
                    : d.holdFor(SOON, Rule.STOPS_TO_HAND_OVER, s.task().title());
        }
        if (s.task() instanceof PostgresTask.CrashRecovery
                && s.elapsed().compareTo(d.seen.settings().primaryStartTimeout()) > 0
                && !isCancelled(d)) {
            return d.said(new Decision.Cancel(Rule.CRASH_RECOVERY_TOO_SLOW));
        }
        Duration next = s.task() instanceof PostgresTask.Promote ? SOON : Duration.ofSeconds(1);
        return d.holdFor(
                Deliberation.shorter(next, d.loopWait()),
                Rule.KEEPS_LEASE_DURING_TASK,
                s.task().title());
    }

    /// The shutdown checkpoint is written and a standby has it: nothing can be lost any more, so
    /// the next leader need not wait for this postmaster to be gone.
    static @Nullable Decision earlyRelease(
            Deliberation d, ClusterView view, PostgresTask.Stop stop) {
        ControlData.Shutdown shutdown = d.shutdown();
        if (shutdown == null
                || d.memory.steppingDown == null
                || stop.reason() == PostgresTask.Stop.Reason.DEMOTE_CLUSTER
                || !d.notYet(Rule.RELEASE_EARLY)) {
            return null;
        }
        MemberName only = d.memory.steppingDown.candidate();
        return switch (SuccessionRules.ask(
                d, view, only, null, only != null, shutdown.publish(), shutdown.checkpoint())) {
            case SuccessionRules.Answer.Ask(Decision question) -> question;
            case SuccessionRules.Answer.Yes _ -> {
                d.memory.steppingDown = d.memory.steppingDown.released(d.seen.now());
                yield d.release(Rule.RELEASE_EARLY, shutdown.publish());
            }
            case SuccessionRules.Answer.No(String reason) -> {
                d.because("the lease is kept until the server is down: " + reason);
                yield d.holdFor(VERY_SOON, Rule.STOPS_TO_HAND_OVER, stop.title());
            }
        };
    }

    private static boolean anotherLeads(Deliberation d, ClusterView view) {
        return !view.isLeaderless() && !d.me().equals(view.leaderName());
    }

    // ---- without
    // -----------------------------------------------------------------------------------------------

    private static Decision notLeading(Deliberation d, Situation.Busy s) {
        boolean creating = d.memory.bootstrap != Memory.Bootstrap.NONE;
        if (creating || d.paused()) {
            return d.holdFor(Duration.ofSeconds(1), Rule.TASK_RUNS, s.task().title());
        }
        if (s.task() instanceof PostgresTask.Promote && !isCancelled(d)) {
            d.memory.rewind = new RewindState.Check();
            return d.said(new Decision.Cancel(Rule.LOST_LEASE_BEFORE_PROMOTE));
        }
        boolean writable =
                s.task() instanceof PostgresTask.StartPrimary
                        || d.seen.postgres().mayAcceptWrites();
        // A stop ends by itself; but the checkpoint before it is taken while clients still write.
        boolean stops =
                s.task() instanceof PostgresTask.Stop
                        && !(d.seen.postgres() instanceof LocalPostgres.Primary);
        if (writable && !stops) {
            d.memory.rewind = new RewindState.Check();
            return d.said(new Decision.Fence(Rule.FENCE_DURING_TASK), s.task().title());
        }
        return d.holdFor(
                Deliberation.shorter(Duration.ofSeconds(1), d.loopWait()),
                Rule.TASK_RUNS,
                s.task().title());
    }

    static boolean isCancelled(Deliberation d) {
        return d.seen.task() instanceof TaskView.Running(_, _, boolean cancelled) && cancelled;
    }
}
