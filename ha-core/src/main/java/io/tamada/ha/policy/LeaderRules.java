package io.tamada.ha.policy;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.OrderResult;
import io.tamada.ha.port.PostgresOrder;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// We hold the lease and a server runs: be the primary, keep the others in order, hand over, step
/// down.
final class LeaderRules {

    private static final Duration SOON = Duration.ofMillis(500);
    private static final Duration PROMOTE_LIMIT = Duration.ofSeconds(60);

    /// After so many attempts somebody else is to have the lease. The server is stopped first,
    /// since one that was told to promote may still do so.
    private static final int PROMOTIONS_MAX = 3;

    private final SwitchoverRules switchover = new SwitchoverRules();
    private final SyncRules sync = new SyncRules();

    @Nullable Decision decide(Deliberation d, Situation.Leading s) {
        return switch (d.seen.postgres()) {
            case LocalPostgres.Primary p ->
                    d.standbyCluster() && !d.paused() ? demoteCluster(d) : primary(d, s, p);
            case LocalPostgres.Standby standby -> standby(d, s, standby);
            case LocalPostgres.Starting starting -> starting(d, s, starting);
            case LocalPostgres.Unresponsive u -> unresponsive(d, s, u);
            case LocalPostgres.Stopping _ -> d.holdFor(Duration.ofMillis(200), Rule.LEADER_STOPS);
            case LocalPostgres.NoData _, LocalPostgres.Stopped _ ->
                    d.holdFor(SOON, Rule.LEADER_STOPS);
        };
    }

    // ---- primary
    // -----------------------------------------------------------------------------------------------

    private @Nullable Decision primary(
            Deliberation d, Situation.Leading s, LocalPostgres.Primary p) {
        d.memory.steppingDown = null;
        Decision guard = guarded(d);
        return guard != null ? guard : switchover.decide(d, s.view(), p.position());
    }

    /// Where a watchdog is required, nobody is primary without it.
    private static @Nullable Decision guarded(Deliberation d) {
        if (d.paused()) {
            return d.notYet(Rule.GUARD_OFF_IN_PAUSE)
                    ? d.said(new Decision.Guard(Rule.GUARD_OFF_IN_PAUSE, false))
                    : null;
        }
        if (d.notYet(Rule.GUARD)) {
            return d.said(new Decision.Guard(Rule.GUARD, true));
        }
        if (!(d.outcome(Rule.GUARD) instanceof Outcome.OfGuard(boolean ok)) || ok) {
            return null;
        }
        if (d.seen.postgres() instanceof LocalPostgres.Primary) {
            return stepDown(d, SteppingDown.Why.FAILED_POSTGRES, Rule.DEMOTE_WITHOUT_WATCHDOG);
        }
        return d.release(Rule.NO_PROMOTION_WITHOUT_WATCHDOG, null);
    }

    private static Decision stepDown(
            Deliberation d, SteppingDown.Why why, Rule rule, Object... details) {
        d.memory.steppingDown = new SteppingDown(why, null, d.seen.now(), null);
        d.memory.rewind = new RewindState.Check();
        return d.begin(
                rule,
                new PostgresTask.Stop(
                        PostgresTask.Stop.Mode.IMMEDIATE,
                        false,
                        Duration.ofSeconds(5),
                        PostgresTask.Stop.Reason.DEMOTION),
                details);
    }

    /// The cluster was told to follow another one.
    private static Decision demoteCluster(Deliberation d) {
        d.memory.rewind = new RewindState.Check();
        return d.begin(
                Rule.DEMOTE_CLUSTER,
                new PostgresTask.Stop(
                        PostgresTask.Stop.Mode.FAST,
                        true,
                        null,
                        PostgresTask.Stop.Reason.DEMOTE_CLUSTER));
    }

    // ---- standby
    // -----------------------------------------------------------------------------------------------

    private @Nullable Decision standby(
            Deliberation d, Situation.Leading s, LocalPostgres.Standby standby) {
        if (d.standbyCluster()) {
            return standbyLeader(d, s, standby);
        }
        if (d.paused()) {
            FailoverRequest request = ElectionRules.dueRequest(s.view(), d);
            boolean asked =
                    (request != null && d.me().equals(request.target())) || d.memory.wonRace;
            if (!asked) {
                return d.release(Rule.RELEASE_NOT_PRIMARY_IN_PAUSE, null);
            }
        }
        if (d.seen.task()
                instanceof
                TaskView.Ended(
                        PostgresTask.Promote _,
                        TaskResult.Failed(String problem, boolean retry))) {
            if (d.memory.failedPromotions >= PROMOTIONS_MAX) {
                d.memory.noRaceUntilNanos = d.seen.now() + d.ttl().toNanos();
                return stepDown(
                        d,
                        SteppingDown.Why.FAILED_POSTGRES,
                        Rule.CANNOT_PROMOTE,
                        d.memory.failedPromotions,
                        problem);
            }
            return retry
                    ? d.holdFor(SOON, Rule.PROMOTE_FAILED, problem)
                    : d.release(Rule.PRE_PROMOTE_FAILED, null, problem);
        }
        if (d.seen.now() < d.memory.noRaceUntilNanos) {
            return d.release(Rule.PRE_PROMOTE_FAILED, null, "pre_promote");
        }
        Duration left = d.leaseLeft();
        if (left != null && left.compareTo(LeaseMargins.promotion(d.ttl())) < 0) {
            return d.holdFor(SOON, Rule.LEASE_TOO_SHORT_TO_PROMOTE, left.toMillis());
        }
        Decision guard = guarded(d);
        if (guard != null) {
            return guard;
        }
        Decision prepare = sync.beforePromotion(d, s.view());
        if (prepare != null) {
            return prepare;
        }
        d.memory.wonRace = d.memory.wonRace || s.view().failover() != null;
        d.memory.rewind = new RewindState.Unsuspected();
        d.memory.lastTimeline = null;
        return d.begin(Rule.PROMOTE, new PostgresTask.Promote(s.lease(), PROMOTE_LIMIT));
    }

    /// Leads a cluster that follows another: streams from the remote source.
    private @Nullable Decision standbyLeader(
            Deliberation d, Situation.Leading s, LocalPostgres.Standby standby) {
        Upstream wanted = d.upstream(s.view(), d.me());
        if (!wanted.equals(standby.upstream())) {
            Outcome tried = d.outcome(Rule.FOLLOW_REMOTE);
            if (tried == null) {
                d.memory.rewind = new RewindState.Check();
                return d.operate(Rule.FOLLOW_REMOTE, new PostgresOrder.Follow(wanted, true));
            }
            if (tried instanceof Outcome.OfOrder(OrderResult.NeedsRestart _)) {
                return d.begin(
                        Rule.FOLLOW_REMOTE_BY_RESTART,
                        new PostgresTask.Restart(wanted, d.seen.settings().primaryStartTimeout()));
            }
        }
        Decision rewind = RewindRules.decide(d, s.view(), null);
        return rewind != null ? rewind : switchover.decide(d, s.view(), standby.position());
    }

    // ---- not there yet
    // -----------------------------------------------------------------------------------------

    private Decision starting(
            Deliberation d, Situation.Leading s, LocalPostgres.Starting starting) {
        Duration limit =
                d.memory.startTimeout != null
                        ? d.memory.startTimeout
                        : d.seen.settings().primaryStartTimeout();
        Duration left = limit.minus(starting.elapsed());
        if (d.paused() || left.isPositive()) {
            Decision request = switchover.decide(d, s.view(), s.view().status().optime());
            return request != null
                    ? request
                    : d.holdFor(SOON, Rule.STILL_STARTING, left.toSeconds());
        }
        return failOver(d, s.view(), Rule.START_TOO_SLOW);
    }

    private Decision unresponsive(
            Deliberation d, Situation.Leading s, LocalPostgres.Unresponsive u) {
        Duration start = d.seen.settings().primaryStartTimeout();
        // With a limit of 0 a crash fails over at once; one slow answer is no crash.
        Duration limit = start.compareTo(d.ttl()) < 0 ? d.ttl() : start;
        if (d.paused() || u.elapsed().compareTo(limit) < 0) {
            return d.holdFor(SOON, Rule.UNRESPONSIVE, u.problem());
        }
        return failOver(d, s.view(), Rule.HUNG);
    }

    private static Decision failOver(Deliberation d, ClusterView view, Rule rule) {
        Lsn last = view.status().optime();
        return switch (SuccessionRules.ask(d, view, null, null, false, last, null)) {
            case SuccessionRules.Answer.Ask(Decision question) -> question;
            case SuccessionRules.Answer.Yes _ ->
                    stepDown(d, SteppingDown.Why.FAILED_POSTGRES, rule);
            case SuccessionRules.Answer.No(String reason) ->
                    d.holdFor(SOON, Rule.NO_SUCCESSOR, reason);
        };
    }

    // ---- every turn
    // --------------------------------------------------------------------------------------------

    /// What a leader does in every turn, when nothing else is to be done.
    Decision routine(Deliberation d, Situation.Leading s) {
        ClusterView view = s.view();
        Decision cleared = clearWonRequest(d, view);
        if (cleared != null) {
            return cleared;
        }
        if (view.config() == null
                && d.notYet(Rule.RESTORE_CONFIG)
                && !d.seen.ownConfig().root().isEmpty()) {
            return d.write(
                    Rule.RESTORE_CONFIG,
                    new DcsEntry.Config(d.seen.ownConfig()),
                    Precondition.whatever());
        }
        Decision duty = Duties.ofEverybody(d, view);
        if (duty != null) {
            return duty;
        }
        if (d.seen.postgres() instanceof LocalPostgres.Primary p) {
            return primaryRoutine(d, view, p);
        }
        Decision told = LeaderNews.of(d, view);
        return told != null ? told : d.hold(Rule.LEADS_STANDBY_CLUSTER);
    }

    private Decision primaryRoutine(Deliberation d, ClusterView view, LocalPostgres.Primary p) {
        if (!p.checkpointed() && d.notYet(Rule.CHECKPOINT_AFTER_PROMOTE)) {
            return d.operate(Rule.CHECKPOINT_AFTER_PROMOTE, new PostgresOrder.StartCheckpoint());
        }
        Decision synchronous = sync.decide(d, view, p);
        if (synchronous != null) {
            return synchronous;
        }
        Decision told = LeaderNews.of(d, view);
        if (told != null) {
            return told;
        }
        boolean unsettled = !p.checkpointed() || sync.isUnsettled(d, view, p);
        return unsettled ? d.holdFor(Duration.ofSeconds(1), Rule.LEADS) : d.hold(Rule.LEADS);
    }

    /// The request that led to our taking the lease is done.
    static @Nullable Decision clearWonRequest(Deliberation d, ClusterView view) {
        if (!d.memory.wonRace) {
            return null;
        }
        if (view.failover() == null || d.applied(Rule.CLEAR_WON_REQUEST)) {
            d.memory.wonRace = false;
            return null;
        }
        return d.notYet(Rule.CLEAR_WON_REQUEST)
                ? d.write(
                        Rule.CLEAR_WON_REQUEST,
                        new DcsEntry.Failover(null),
                        Precondition.whatever())
                : null;
    }
}
