package io.tamada.ha.policy;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.FailoverRequest.Schedule;
import io.tamada.ha.model.FailoverRequest.Switchover;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Versioned;
import io.tamada.ha.port.PostgresTask;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The leader was asked to hand over, at once or at a given time.
final class SwitchoverRules {

    /// @param mine the leader's position, which a candidate's lag is measured against
    /// @return null when there is nothing to do now
    @Nullable Decision decide(Deliberation d, ClusterView view, Lsn mine) {
        Versioned<FailoverRequest> key = view.failover();
        if (key == null || d.memory.wonRace || !d.notYet(Rule.CLEAR_REQUEST)) {
            return null;
        }
        if (d.paused() && d.seen.postgres() instanceof LocalPostgres.Standby) {
            return null;
        }
        FailoverRequest request = key.value();
        if (request instanceof Switchover(_, _, Schedule at) && at != null) {
            When when = when(d, at);
            if (when != When.NOW) {
                return when == When.LATER
                        ? null
                        : clear(d, key, "its time " + at.text() + " is over or can't be read");
            }
        }
        String wrong = wrong(d, request);
        if (wrong != null) {
            return clear(d, key, wrong);
        }
        return switch (SuccessionRules.forRequest(d, view, request, mine)) {
            case SuccessionRules.Answer.Ask(Decision question) -> question;
            case SuccessionRules.Answer.No(String reason) -> clear(d, key, reason);
            case SuccessionRules.Answer.Yes(var best) ->
                    stepDown(
                            d,
                            request,
                            request.target() != null ? request.target() : best.getFirst());
        };
    }

    private static @Nullable String wrong(Deliberation d, FailoverRequest request) {
        if (request instanceof Switchover(MemberName from, _, _) && !from.equals(d.me())) {
            return "it names " + from + " as leader";
        }
        if (d.me().equals(request.target())) {
            return "I am the requested candidate already";
        }
        if (d.paused() && request.target() == null) {
            return "in pause it takes a candidate";
        }
        return null;
    }

    private static Decision clear(Deliberation d, Versioned<FailoverRequest> key, String reason) {
        return d.write(
                Rule.CLEAR_REQUEST,
                new DcsEntry.Failover(null),
                Precondition.at(key.revision()),
                reason);
    }

    private static Decision stepDown(
            Deliberation d, FailoverRequest request, MemberName successor) {
        d.memory.steppingDown =
                new SteppingDown(SteppingDown.Why.SWITCHOVER, request.target(), d.seen.now(), null);
        d.memory.rewind = new RewindState.Check();
        Duration limit = stopTimeout(d);
        PostgresTask stop =
                new PostgresTask.Stop(
                        PostgresTask.Stop.Mode.FAST,
                        true,
                        limit,
                        PostgresTask.Stop.Reason.SWITCHOVER);
        return d.begin(Rule.HAND_OVER, stop, successor);
    }

    /// `primary_stop_timeout`, where it is in force.
    static @Nullable Duration stopTimeout(Deliberation d) {
        Duration limit = d.seen.settings().primaryStopTimeout();
        return d.seen.settings().replication().isSynchronous() && limit.isPositive() ? limit : null;
    }

    private enum When {
        LATER,
        NOW,
        STALE
    }

    private static When when(Deliberation d, Schedule at) {
        Instant due = at.instant();
        if (d.paused()) {
            return When.LATER;
        }
        if (due == null) {
            return When.STALE;
        }
        Duration late = Duration.between(due, d.seen.wall());
        if (late.isNegative()) {
            return When.LATER;
        }
        return late.compareTo(d.loopWait().multipliedBy(3).dividedBy(2)) > 0
                ? When.STALE
                : When.NOW;
    }
}
