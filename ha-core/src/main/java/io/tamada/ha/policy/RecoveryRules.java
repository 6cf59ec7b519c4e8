package io.tamada.ha.policy;

import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// There is data, and no server runs on it: give the lease away, or start, recover, rewind, clone
/// again.
final class RecoveryRules {

    /// How long the node that stepped down waits for a new leader before it starts without one.
    private static final Duration SUCCESSION = Duration.ofSeconds(3);

    private static final Duration SOON = Duration.ofMillis(500);
    private static final Duration RETRY = Duration.ofSeconds(2);

    Decision decide(Deliberation d, Situation.Down s) {
        if (d.paused()) {
            return paused(d, s);
        }
        if (d.memory.steppingDown != null) {
            Decision leaving = steppingDown(d, s, d.memory.steppingDown);
            if (leaving != null) {
                return leaving;
            }
        }
        Decision failed = afterFailedStart(d, s);
        if (failed != null) {
            return failed;
        }
        return d.seen.lease() != null ? leading(d, s) : following(d, s);
    }

    // ---- pause
    // -------------------------------------------------------------------------------------------------

    private Decision paused(Deliberation d, Situation.Down s) {
        if (d.seen.lease() != null && d.notYet(Rule.RELEASE_DOWN_IN_PAUSE)) {
            return d.release(Rule.RELEASE_DOWN_IN_PAUSE, d.published());
        }
        boolean rewinding =
                d.memory.rewind instanceof RewindState.Rewound || d.memory.rewind.isPending();
        if (rewinding && d.memory.steppingDown == null && s.view().leaderName() != null) {
            return following(d, s);
        }
        d.memory.steppingDown = null;
        return d.hold(Rule.DOWN_IN_PAUSE);
    }

    // ---- stepping down
    // -----------------------------------------------------------------------------------------

    /// @return null when that story is over
    private static @Nullable Decision steppingDown(
            Deliberation d, Situation.Down s, SteppingDown down) {
        if (d.seen.lease() != null && d.notYet(Rule.RELEASE_STEPPING_DOWN)) {
            d.memory.steppingDown = down.released(d.seen.now());
            return d.release(Rule.RELEASE_STEPPING_DOWN, d.published());
        }
        d.memory.rewind = new RewindState.Check();
        long since = down.releasedAtNanos() != null ? down.releasedAtNanos() : down.sinceNanos();
        MemberName leader = s.view().leaderName();
        if ((leader == null || leader.equals(d.me())) && !d.longAgo(since, SUCCESSION)) {
            return d.holdFor(SOON, Rule.WAIT_FOR_SUCCESSOR);
        }
        d.memory.steppingDown = null;
        return null;
    }

    // ---- a start that failed
    // -----------------------------------------------------------------------------------

    private static @Nullable Decision afterFailedStart(Deliberation d, Situation.Down s) {
        boolean justFailed =
                d.seen.task() instanceof TaskView.Ended(PostgresTask task, TaskResult result)
                        && !result.succeeded()
                        && (task instanceof PostgresTask.StartPrimary
                                || task instanceof PostgresTask.StartStandby
                                || task instanceof PostgresTask.Restart
                                || task instanceof PostgresTask.CrashRecovery
                                || task instanceof PostgresTask.Rewind);
        if (!justFailed && !(d.memory.recovering && s.postgres().lastFailure() != null)) {
            return null;
        }
        d.memory.recovering = false;
        if (d.seen.lease() != null && d.notYet(Rule.RELEASE_CANNOT_START)) {
            d.memory.rewind = new RewindState.Check();
            return d.release(Rule.RELEASE_CANNOT_START, d.published());
        }
        return d.holdFor(RETRY, Rule.START_FAILED, String.valueOf(s.postgres().lastFailure()));
    }

    // ---- holding the lease
    // -------------------------------------------------------------------------------------

    private static Decision leading(Deliberation d, Situation.Down s) {
        Duration limit = d.seen.settings().primaryStartTimeout();
        ControlData control = s.postgres().control();
        if (limit.isZero()) {
            Decision handOver = handOver(d, s.view());
            if (handOver != null) {
                return handOver;
            }
        }
        boolean wasPrimary =
                control != null
                        && control.state().wasPrimary()
                        && !s.postgres().standbySignal()
                        && control.timeline().value() >= s.view().timeline();
        if (wasPrimary && !limit.isZero() && !d.standbyCluster()) {
            d.memory.recovering = true;
            return d.begin(
                    Rule.START_CRASHED_PRIMARY, new PostgresTask.StartPrimary(d.startTimeout()));
        }
        d.memory.recovering = true;
        if (d.standbyCluster()) {
            Upstream remote = d.upstream(s.view(), null);
            return d.begin(
                    Rule.START_STANDBY_LEADER,
                    new PostgresTask.StartStandby(remote, true, d.startTimeout()));
        }
        d.memory.rewind = new RewindState.Unsuspected();
        return d.begin(
                Rule.START_TO_PROMOTE,
                new PostgresTask.StartStandby(Upstream.none(), false, d.startTimeout()));
    }

    /// `primary_start_timeout: 0`: whoever is well takes over at once.
    private static @Nullable Decision handOver(Deliberation d, ClusterView view) {
        Lsn last = view.status().optime();
        return switch (SuccessionRules.ask(d, view, null, null, false, last, null)) {
            case SuccessionRules.Answer.Ask(Decision question) -> question;
            case SuccessionRules.Answer.Yes _ -> {
                d.memory.steppingDown =
                        new SteppingDown(
                                SteppingDown.Why.FAILED_POSTGRES, null, d.seen.now(), d.seen.now());
                yield d.release(Rule.RELEASE_CRASHED, null);
            }
            case SuccessionRules.Answer.No(String reason) -> {
                d.because("no immediate failover: " + reason);
                yield null;
            }
        };
    }

    // ---- somebody else leads, or nobody
    // ------------------------------------------------------------------------

    private static Decision following(Deliberation d, Situation.Down s) {
        ClusterView view = s.view();
        MemberName leader = view.leaderName();
        ControlData control = s.postgres().control();
        if (needsCrashRecovery(d, s, control)) {
            d.memory.crashRecoveryTried = true;
            return d.begin(Rule.RECOVER_IN_SINGLE_USER_MODE, new PostgresTask.CrashRecovery());
        }
        if (!d.memory.rewind.wasExecuted()
                && !(d.memory.rewind instanceof RewindState.Needed)
                && !s.postgres().backupLabel()) {
            d.memory.rewind = new RewindState.Check();
        }
        Decision rewind = RewindRules.decide(d, view, leader);
        if (rewind != null) {
            return rewind;
        }
        d.memory.recovering = true;
        // What could not be compared is compared when it runs, and streams from nobody before.
        boolean uncompared = d.memory.rewind instanceof RewindState.Check;
        Upstream wanted = d.upstream(view, leader);
        Upstream upstream =
                uncompared && wanted instanceof Upstream.Member ? Upstream.none() : wanted;
        return d.begin(
                Rule.START_STANDBY,
                new PostgresTask.StartStandby(upstream, false, d.startTimeout()),
                upstream instanceof Upstream.Member(MemberName name, _) ? name : "nobody");
    }

    /// A primary that crashed has to be consistent before it can be compared and rewound.
    private static boolean needsCrashRecovery(
            Deliberation d, Situation.Down s, @Nullable ControlData control) {
        if (control == null || d.memory.crashRecoveryTried || s.postgres().backupLabel()) {
            return false;
        }
        boolean unclean =
                switch (control.state()) {
                    case IN_PRODUCTION, SHUTTING_DOWN, IN_CRASH_RECOVERY -> true;
                    case STARTING_UP,
                            SHUT_DOWN,
                            SHUT_DOWN_IN_RECOVERY,
                            IN_ARCHIVE_RECOVERY,
                            UNKNOWN ->
                            false;
                };
        boolean useful =
                s.view().isLeaderless() || (d.seen.me().useRewind() && control.rewindable());
        return unclean && useful && !s.postgres().standbySignal();
    }
}
