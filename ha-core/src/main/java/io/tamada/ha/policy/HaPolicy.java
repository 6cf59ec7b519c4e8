package io.tamada.ha.policy;

import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.ScheduledRestart;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The failover policy: from what was seen to the one thing to do next.
///
/// A pure function: no I/O, no clock, no randomness, no logging, no state. Every branch is a
/// [Rule].
public final class HaPolicy {

    private final LeavingRules leaving = new LeavingRules();
    private final OutageRules outage = new OutageRules();
    private final TaskRules tasks = new TaskRules();
    private final BootstrapRules bootstrap = new BootstrapRules();
    private final IdentityRules identity = new IdentityRules();
    private final RecoveryRules recovery = new RecoveryRules();
    private final LeaderRules leader = new LeaderRules();
    private final FollowerRules follower = new FollowerRules();
    private final ElectionRules election = new ElectionRules();
    private final RequestRules requests = new RequestRules();
    private final LeaseRules lease = new LeaseRules();

    /// A policy has no settings: all it goes by is in the observation.
    public HaPolicy() {
        // Nothing to be kept.
    }

    /// Decides. The next memory is part of the answer; the caller brings it along in the next
    /// observation.
    public Step decide(Observation seen) {
        Deliberation d = new Deliberation(seen);
        Recollection.update(d);
        Decision decision = decide(d);
        return d.step(decision instanceof Decision.Hold hold ? shortened(d, hold) : decision);
    }

    private Decision decide(Deliberation d) {
        return switch (Situation.of(d.seen)) {
            case Situation.Leaving s -> leaving.decide(d, s);
            case Situation.StoreSilent s -> outage.decide(d, s);
            case Situation.Busy s ->
                    first(() -> lease.decide(d, s.view()), () -> tasks.decide(d, s));
            case Situation.Bootstrapping s -> bootstrap.proceed(d, s);
            case Situation.NoData s ->
                    first(
                            () -> lease.decide(d, s.view()),
                            () -> requests.decide(d, s.view()),
                            () -> bootstrap.decide(d, s));
            case Situation.Down s ->
                    first(
                            () -> lease.decide(d, s.view()),
                            () -> requests.decide(d, s.view()),
                            () -> identity.decide(d, s.view()),
                            () -> recovery.decide(d, s));
            case Situation.Leading s ->
                    first(
                            () -> lease.decide(d, s.view()),
                            () -> identity.decide(d, s.view()),
                            () -> leader.decide(d, s),
                            () -> requests.decide(d, s.view()),
                            () -> leader.routine(d, s));
            case Situation.Following s ->
                    first(
                            () -> lease.decide(d, s.view()),
                            () -> identity.decide(d, s.view()),
                            () -> follower.fence(d, s),
                            () -> requests.decide(d, s.view()),
                            () -> follower.follow(d, s),
                            () -> follower.routine(d, s));
            case Situation.Leaderless s ->
                    first(
                            () -> lease.decide(d, s.view()),
                            () -> identity.decide(d, s.view()),
                            () -> requests.decide(d, s.view()),
                            () -> election.decide(d, s));
        };
    }

    /// The first that has something to say; the last always has.
    private static Decision first(Consideration... considerations) {
        for (Consideration consideration : considerations) {
            Decision decision = consideration.decide();
            if (decision != null) {
                return decision;
            }
        }
        throw new IllegalStateException("no rule had anything to say");
    }

    @FunctionalInterface
    private interface Consideration {
        @Nullable Decision decide();
    }

    /// A hold ends early enough to act before the lease's edge or that of the others' consent, and
    /// in time for what is planned.
    private static Decision.Hold shortened(Deliberation d, Decision.Hold hold) {
        Duration atMost = hold.atMost();
        Duration left = d.entitledFor();
        if (left != null && d.seen.postgres().mayAcceptWrites()) {
            atMost = Deliberation.shorter(atMost, left.minus(LeaseMargins.stop(d.ttl())));
        }
        Instant planned = planned(d);
        if (planned != null && planned.isAfter(d.seen.wall())) {
            atMost = Deliberation.shorter(atMost, Duration.between(d.seen.wall(), planned));
        }
        return atMost.equals(hold.atMost())
                ? hold
                : new Decision.Hold(
                        hold.rule(), atMost.compareTo(SHORTEST) < 0 ? SHORTEST : atMost);
    }

    /// When the next thing is to be done that somebody scheduled.
    private static @Nullable Instant planned(Deliberation d) {
        if (d.paused()) {
            return null;
        }
        ScheduledRestart restart = d.memory.scheduledRestart;
        Instant first = restart == null ? null : restart.at();
        if (d.seen.lease() != null
                && d.seen.store() instanceof StoreAnswer.Seen(ClusterView view)
                && view.failover() != null
                && view.failover().value()
                        instanceof
                        FailoverRequest.Switchover(_, _, FailoverRequest.Schedule(_, Instant at))
                && at != null
                && (first == null || at.isBefore(first))) {
            first = at;
        }
        return first;
    }

    private static final Duration SHORTEST = Duration.ofMillis(50);
}
