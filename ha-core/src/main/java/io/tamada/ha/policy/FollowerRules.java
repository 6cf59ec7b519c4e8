package io.tamada.ha.policy;

import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.OrderResult;
import io.tamada.ha.port.PostgresOrder;
import io.tamada.ha.port.PostgresTask;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Somebody else leads: don't accept writes, follow the right upstream, notice divergence.
final class FollowerRules {

    private static final Duration SOON = Duration.ofSeconds(1);

    /// Whatever else is to be done, nobody writes beside the leader.
    @Nullable Decision fence(Deliberation d, Situation.Following s) {
        return d.seen.postgres().mayAcceptWrites() && !d.paused() ? stalePrimary(d, s) : null;
    }

    @Nullable Decision follow(Deliberation d, Situation.Following s) {
        return switch (d.seen.postgres()) {
            case LocalPostgres.Standby standby -> standby(d, s, standby);
            case LocalPostgres.Starting starting -> starting(d, s, starting);
            case LocalPostgres.NoData _,
                    LocalPostgres.Stopped _,
                    LocalPostgres.Stopping _,
                    LocalPostgres.Primary _,
                    LocalPostgres.Unresponsive _ ->
                    null;
        };
    }

    /// A standby that needs more WAL to be consistent would wait for ever for a source that does
    /// not lead any more.
    private static @Nullable Decision starting(
            Deliberation d, Situation.Following s, LocalPostgres.Starting starting) {
        Upstream wanted = d.upstream(s.view(), s.leader());
        boolean waitsElsewhere =
                starting.standby()
                        && starting.upstream() != null
                        && !wanted.isNone()
                        && !wanted.equals(starting.upstream());
        if (!waitsElsewhere) {
            return null;
        }
        if (d.memory.rewind.isPending() && d.outcome(Rule.FOLLOW) == null) {
            Decision rewind = RewindRules.decide(d, s.view(), s.leader());
            if (rewind != null) {
                return rewind;
            }
        }
        return isUncompared(d, wanted) ? null : repoint(d, wanted);
    }

    /// Two primaries: this one is the wrong one. One that is on its way down may still have clients
    /// that write.
    private static Decision stalePrimary(Deliberation d, Situation.Following s) {
        d.memory.rewind = new RewindState.Check();
        return d.said(new Decision.Fence(Rule.FENCE_STALE_PRIMARY), s.leader());
    }

    private static @Nullable Decision standby(
            Deliberation d, Situation.Following s, LocalPostgres.Standby standby) {
        d.memory.generation = null;
        d.memory.steppingDown = null;
        Upstream wanted = d.upstream(s.view(), s.leader());
        if (d.paused() && wanted.isNone()) {
            return null;
        }
        suspectNewTimeline(d, s, standby);
        if (d.memory.rewind.isPending() || d.memory.rewind instanceof RewindState.Failed) {
            Decision rewind = RewindRules.decide(d, s.view(), s.leader());
            if (rewind != null) {
                return rewind;
            }
        }
        if (!wanted.equals(standby.upstream())) {
            return isUncompared(d, wanted)
                    ? d.holdFor(SOON, Rule.DIVERGENCE_UNKNOWN, "it is compared before it streams")
                    : repoint(d, wanted);
        }
        if (standby.replayPaused()
                && standby.server().version() >= 140_000
                && !d.paused()
                && d.notYet(Rule.RESUME_REPLAY)) {
            return d.operate(Rule.RESUME_REPLAY, new PostgresOrder.ResumeReplay());
        }
        return null;
    }

    /// The leader went on to another timeline, or the stream doesn't come: compare before going on.
    private static void suspectNewTimeline(
            Deliberation d, Situation.Following s, LocalPostgres.Standby standby) {
        if (standby.isStreaming()
                || d.memory.rewind.isPending()
                || d.memory.rewind instanceof RewindState.Failed) {
            return;
        }
        MemberStatus leader = s.view().member(s.leader());
        boolean newer =
                leader != null
                        && leader.timeline() != null
                        && standby.server().timeline() != null
                        && leader.timeline().isAfter(standby.server().timeline());
        boolean unchecked = d.memory.rewind instanceof RewindState.Unsuspected;
        if (newer || (unchecked && leader != null && leader.isPrimary())) {
            d.memory.rewind = new RewindState.Check();
        }
    }

    /// It was to be compared before this leader came, and has not been: below an equal timeline
    /// number PostgreSQL would stream another branch's log into it.
    private static boolean isUncompared(Deliberation d, Upstream wanted) {
        return wanted instanceof Upstream.Member
                && d.memory.rewind instanceof RewindState.Check
                && d.outcome(Rule.FOLLOW) == null;
    }

    private static @Nullable Decision repoint(Deliberation d, Upstream wanted) {
        Object name =
                wanted instanceof Upstream.Member(MemberName n, _)
                        ? n
                        : wanted.isNone() ? "nobody" : "the remote source";
        Outcome tried = d.outcome(Rule.FOLLOW);
        if (tried == null) {
            d.memory.rewind =
                    d.memory.rewind instanceof RewindState.Needed
                            ? d.memory.rewind
                            : new RewindState.Check();
            return d.operate(Rule.FOLLOW, new PostgresOrder.Follow(wanted, false), name);
        }
        if (tried instanceof Outcome.OfOrder(OrderResult.NeedsRestart(String why))) {
            d.because("a reload is not enough: " + why);
            return d.begin(
                    Rule.FOLLOW_BY_RESTART,
                    new PostgresTask.Restart(wanted, d.seen.settings().primaryStartTimeout()),
                    name);
        }
        if (tried instanceof Outcome.OfOrder(OrderResult.Failed(String problem))) {
            d.because("following " + name + " failed: " + problem);
        }
        return null;
    }

    /// What a standby does in every turn, when nothing else is to be done.
    Decision routine(Deliberation d, Situation.Following s) {
        if (!(d.seen.postgres() instanceof LocalPostgres.Standby standby)) {
            return d.seen.postgres().mayAcceptWrites()
                    ? d.hold(Rule.PRIMARY_WITHOUT_LEASE_IN_PAUSE)
                    : d.holdFor(SOON, Rule.NOT_READY_TO_FOLLOW);
        }
        Decision duty = Duties.ofEverybody(d, s.view());
        if (duty != null) {
            return duty;
        }
        Decision slots = LogicalSlots.copy(d, s.view(), standby);
        if (slots != null) {
            return slots;
        }
        Duration next = isSettled(d, s.view(), s.leader()) ? d.loopWait() : SOON;
        return d.standbyCluster()
                ? d.holdFor(next, Rule.FOLLOWS_STANDBY_LEADER, s.leader())
                : d.holdFor(next, Rule.FOLLOWS, s.leader());
    }

    /// Streaming, or there is nobody to stream from.
    private static boolean isSettled(Deliberation d, ClusterView view, MemberName leader) {
        return !(d.seen.postgres() instanceof LocalPostgres.Standby standby)
                || standby.isStreaming()
                || Objects.equals(d.upstream(view, leader), Upstream.none());
    }
}
