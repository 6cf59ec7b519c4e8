package io.tamada.ha.policy;

import io.tamada.ha.dcs.LeaseRequest;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.FailsafeMode;
import io.tamada.ha.model.LeaderKey;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Peer;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.model.PeerAnswer.Answered;
import io.tamada.ha.model.SyncState;
import io.tamada.ha.model.SystemId;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.PostgresOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Nobody leads: take the lease, or leave it to a better one.
final class ElectionRules {

    /// How soon to look again while somebody else is expected to take over.
    private static final Duration SOON = Duration.ofMillis(500);

    /// How soon while positions are about to become final.
    private static final Duration VERY_SOON = Duration.ofMillis(50);

    private static final Duration AT_ONCE = Duration.ofMillis(1);

    /// How long a race waits for receivers to stop, here and on peers.
    private static final Duration REVOKE_LIMIT = Duration.ofSeconds(1);

    Decision decide(Deliberation d, Situation.Leaderless s) {
        if (d.memory.backoffSinceNanos == null) {
            d.memory.backoffSinceNanos = d.seen.now();
        }
        return switch (d.seen.postgres()) {
            case LocalPostgres.Primary p -> primary(d, s.view(), p);
            case LocalPostgres.Standby standby -> standby(d, s.view(), standby);
            case LocalPostgres.Starting _, LocalPostgres.Stopping _, LocalPostgres.Unresponsive _ ->
                    notReady(d);
            case LocalPostgres.NoData _, LocalPostgres.Stopped _ -> d.hold(Rule.NOT_READY_FOR_RACE);
        };
    }

    /// A server that may accept writes, now or as soon as it has started, while nobody leads and it
    /// can't be asked, is stopped.
    private static Decision notReady(Deliberation d) {
        if (!d.paused() && d.seen.postgres().mayAcceptWrites()) {
            d.memory.rewind = new RewindState.Check();
            return d.said(new Decision.Fence(Rule.FENCE_WITHOUT_LEASE));
        }
        return d.holdFor(SOON, Rule.NOT_READY_FOR_RACE);
    }

    // ---- a running primary
    // -------------------------------------------------------------------------------------

    private static Decision primary(Deliberation d, ClusterView view, LocalPostgres.Primary p) {
        int timeline = p.server().timeline() == null ? 0 : p.server().timeline().value();
        if (!d.paused() && timeline < view.timeline()) {
            d.memory.rewind = new RewindState.Check();
            return d.said(new Decision.Fence(Rule.FENCE_OLD_TIMELINE), timeline, view.timeline());
        }
        SystemId cluster = view.systemId();
        boolean foreign = cluster != null && !cluster.equals(p.server().systemId());
        Outcome tried = d.outcome(Rule.RETAKE_LEASE);
        if (tried == null && !foreign) {
            return d.acquire(Rule.RETAKE_LEASE, LeaseRequest.Mode.IF_FREE);
        }
        if (d.paused()) {
            return d.hold(Rule.PRIMARY_WITHOUT_LEASE_IN_PAUSE);
        }
        d.memory.rewind = new RewindState.Check();
        return d.said(new Decision.Fence(Rule.FENCE_WITHOUT_LEASE));
    }

    // ---- a standby
    // ---------------------------------------------------------------------------------------------

    private Decision standby(Deliberation d, ClusterView view, LocalPostgres.Standby standby) {
        FailoverRequest request = dueRequest(view, d);
        Decision out = outOfRace(d, view, request);
        if (out != null) {
            return out;
        }
        Decision waiting = backoff(d, standby, request);
        if (waiting != null) {
            return waiting;
        }
        boolean lossAccepted = request instanceof FailoverRequest.Failover;
        boolean appointed = request != null && d.me().equals(request.target());
        if (appointed && (lossAccepted || !Candidates.quorumActive(d, view))) {
            return appointed(d, view, standby, lossAccepted);
        }
        Decision revoked = stopReceiver(d, standby);
        if (revoked != null) {
            return revoked;
        }
        if (request != null && !appointed) {
            return requested(d, view, standby, request);
        }
        Lsn mine = standby.position();
        String unfit = Candidates.unfit(d, view, mine, timeline(standby), true);
        if (unfit != null) {
            return notBest(d, unfit);
        }
        return race(d, view, standby, racePeers(d, view), formerLeader(d, view));
    }

    /// Reasons that keep this node out whatever the others say.
    private static @Nullable Decision outOfRace(
            Deliberation d, ClusterView view, @Nullable FailoverRequest request) {
        boolean iAmAskedFor = request != null && d.me().equals(request.target());
        if (d.seen.now() < d.memory.noRaceUntilNanos) {
            return d.holdFor(SOON, Rule.RACE_AFTER_FAILED_PROMOTE);
        }
        Decision promised = forgottenPromise(d, view);
        if (promised != null) {
            return promised;
        }
        if (d.paused()) {
            return iAmAskedFor && !d.seen.me().tags().noFailover()
                    ? null
                    : d.hold(Rule.NO_RACE_IN_PAUSE);
        }
        if (d.seen.me().tags().noFailover()) {
            return d.hold(Rule.NOT_ALLOWED_TO_PROMOTE);
        }
        if (!d.seen.watchdogHealthy()) {
            return d.hold(Rule.NO_RACE_WITHOUT_WATCHDOG);
        }
        if (Candidates.isOutOfFailsafe(d, view, d.me())) {
            return d.hold(Rule.NOT_IN_FAILSAFE);
        }
        boolean manual = request instanceof FailoverRequest.Failover && iAmAskedFor;
        if (Candidates.syncActive(d, view)
                && !Candidates.quorumActive(d, view)
                && !manual
                && !view.sync().value().includes(d.me())) {
            return d.holdFor(d.loopWait(), Rule.NOT_SYNCHRONOUS, view.sync().value().standbys());
        }
        return null;
    }

    /// A promise to a primary that goes on without the store does not outlive the one who gave it.
    /// So for one ttl after the start it counts as given, unless everybody who could have asked for
    /// it answers and is a standby.
    private static @Nullable Decision forgottenPromise(Deliberation d, ClusterView view) {
        Long started = d.memory.firstTurnNanos;
        if (d.seen.settings().failsafe() == FailsafeMode.OFF
                || view.failsafe().isEmpty()
                || started == null
                || d.longAgo(started, d.ttl())) {
            return null;
        }
        Collection<Peer> peers = Candidates.everybody(d, view).values();
        Decision question = d.askMissing(Rule.ASK_PEERS, peers);
        if (question != null) {
            return question;
        }
        boolean allFollow =
                view.failsafe().keySet().stream()
                        .filter(name -> !name.equals(d.me()))
                        .allMatch(name -> d.answerOf(name) instanceof Answered a && a.inRecovery());
        return allFollow ? null : d.holdFor(SOON, Rule.PROMISE_MAY_RUN);
    }

    /// `primary_race_backoff`: WAL that still arrives means that the primary lives.
    private static @Nullable Decision backoff(
            Deliberation d, LocalPostgres.Standby standby, @Nullable FailoverRequest request) {
        Duration backoff = d.seen.settings().primaryRaceBackoff();
        Long since = d.memory.backoffSinceNanos;
        if (backoff.isZero()
                || since == null
                || request != null
                || d.standbyCluster()
                || d.memory.previousPosition == null) {
            return null;
        }
        boolean moved =
                standby.isStreaming() && standby.position().isAfter(d.memory.previousPosition);
        Duration left = backoff.minusNanos(d.seen.now() - since);
        if (left.isPositive() && moved) {
            return d.holdFor(SOON, Rule.RACE_BACKOFF, left.toSeconds());
        }
        return null;
    }

    /// Revoke, then count: the receiver is stopped first, so that the position is final.
    private static @Nullable Decision stopReceiver(Deliberation d, LocalPostgres.Standby standby) {
        if (d.standbyCluster()) {
            return null;
        }
        String generation = generation(d);
        boolean told = Objects.equals(d.memory.generation, generation);
        boolean waitedEnough = raceLasts(d, REVOKE_LIMIT);
        if (!told || (standby.isStreaming() && !waitedEnough)) {
            boolean attached = standby.isStreaming() || !Upstream.none().equals(standby.upstream());
            if (attached && d.notYet(Rule.STOP_RECEIVER)) {
                return d.operate(
                        Rule.STOP_RECEIVER, new PostgresOrder.Follow(Upstream.none(), false));
            }
            if (standby.isStreaming() && !waitedEnough) {
                return d.holdFor(VERY_SOON, Rule.RECEIVER_STOPS);
            }
            d.memory.generation = generation;
            // The turn ends here, so that the position is published as final before others ask for
            // it.
            return d.holdFor(AT_ONCE, Rule.POSITION_IS_FINAL);
        }
        return null;
    }

    /// The lease that ended, as a text that is the same on all members.
    static String generation(Deliberation d) {
        ClusterView before = d.memory.lastHealthy;
        return before != null
                        && before.leader()
                                instanceof LeaderKey.HeldBy(MemberName name, _, String session)
                ? name + "@" + session
                : "none";
    }

    private static boolean raceLasts(Deliberation d, Duration atLeast) {
        Long since = d.memory.backoffSinceNanos;
        return since != null && d.longAgo(since, atLeast);
    }

    // ---- on request
    // --------------------------------------------------------------------------------------------

    /// A request that is due. One that is scheduled for later has no say in an unplanned race.
    static @Nullable FailoverRequest dueRequest(ClusterView view, Deliberation d) {
        if (view.failover() == null) {
            return null;
        }
        FailoverRequest request = view.failover().value();
        if (request instanceof FailoverRequest.Switchover(_, _, FailoverRequest.Schedule at)
                && at != null
                && (d.paused() || at.instant() == null || isForLater(d, at.instant()))) {
            return null;
        }
        return request;
    }

    /// The leader went by its own clock, which may be ahead of ours.
    private static boolean isForLater(Deliberation d, Instant due) {
        return due.isAfter(d.seen.wall().plus(d.loopWait()));
    }

    /// This member is the one that was asked for: there is nobody to compare with. Except in quorum
    /// mode, where one voter alone may lack what others confirmed.
    private static Decision appointed(
            Deliberation d, ClusterView view, LocalPostgres.Standby standby, boolean lossAccepted) {
        String unfit =
                Candidates.unfit(d, view, standby.position(), timeline(standby), !lossAccepted);
        return unfit == null || lossAccepted ? acquire(d) : notBest(d, unfit);
    }

    private Decision requested(
            Deliberation d,
            ClusterView view,
            LocalPostgres.Standby standby,
            FailoverRequest request) {
        Lsn mine = standby.position();
        MemberName target = request.target();
        MemberName from =
                request instanceof FailoverRequest.Switchover(MemberName leader, _, _)
                        ? leader
                        : null;
        if (target != null && !raceLasts(d, d.ttl())) {
            Decision waiting = waitForCandidate(d, view, target);
            if (waiting != null) {
                return waiting;
            }
        }
        if (d.me().equals(from)) {
            return formerLeaderRetakes(d, view, mine, target);
        }
        String unfit = Candidates.unfit(d, view, mine, timeline(standby), from == null);
        if (unfit != null) {
            return notBest(d, unfit);
        }
        Collection<Peer> peers =
                racePeers(d, view).stream().filter(p -> !p.name().equals(from)).toList();
        return race(d, view, standby, peers, from);
    }

    /// A requested candidate that is well goes first, for at most one ttl.
    private static @Nullable Decision waitForCandidate(
            Deliberation d, ClusterView view, MemberName target) {
        Peer peer = Candidates.everybody(d, view).get(target);
        if (peer == null) {
            d.because("the requested candidate " + target + " does not exist");
            return null;
        }
        Decision question = d.askMissing(Rule.ASK_CANDIDATE, java.util.List.of(peer));
        if (question != null) {
            return question;
        }
        if (d.answerOf(target) instanceof Answered a
                && !a.tags().noFailover()
                && !a.watchdogFailed()) {
            return d.holdFor(SOON, Rule.CANDIDATE_GOES_FIRST, target);
        }
        d.because("the requested candidate " + target + " is not healthy");
        return null;
    }

    /// The leader that stepped down comes back only if nobody else can.
    private Decision formerLeaderRetakes(
            Deliberation d, ClusterView view, Lsn mine, @Nullable MemberName sickCandidate) {
        return switch (SuccessionRules.ask(d, view, null, sickCandidate, false, mine, null)) {
            case SuccessionRules.Answer.Ask(Decision question) -> question;
            case SuccessionRules.Answer.Yes _ when !raceLasts(d, d.ttl()) ->
                    d.holdFor(SOON, Rule.OTHERS_GO_FIRST);
            case SuccessionRules.Answer.Yes _, SuccessionRules.Answer.No _ -> acquire(d);
        };
    }

    // ---- the race
    // ----------------------------------------------------------------------------------------------

    private static Collection<Peer> racePeers(Deliberation d, ClusterView view) {
        boolean sync = Candidates.syncActive(d, view);
        SyncState state = view.sync().value();
        return Candidates.everybody(d, view).values().stream()
                .filter(p -> !sync || state.includes(p.name()))
                .toList();
    }

    private static @Nullable MemberName formerLeader(Deliberation d, ClusterView view) {
        if (Candidates.syncActive(d, view)) {
            return view.sync().value().leader();
        }
        ClusterView before = d.memory.lastHealthy;
        return before == null ? null : before.leaderName();
    }

    private Decision race(
            Deliberation d,
            ClusterView view,
            LocalPostgres.Standby standby,
            Collection<Peer> peers,
            @Nullable MemberName formerLeader) {
        Decision question = d.askMissing(Rule.ASK_PEERS, peers);
        if (question != null) {
            return question;
        }
        if (!raceLasts(d, REVOKE_LIMIT) && peers.stream().anyMatch(p -> positionMayGrow(d, p))) {
            return d.holdFor(VERY_SOON, Rule.POSITIONS_NOT_FINAL);
        }
        notCompared(d, view, peers);
        Comparison comparison =
                new Comparison(d, view, standby.position(), timeline(standby), formerLeader);
        return switch (comparison.with(peers)) {
            case Comparison.Verdict.Best() -> acquire(d);
            case Comparison.Verdict.NotBest(String reason) -> notBest(d, reason);
        };
    }

    /// Names the members whose position does not matter.
    private static void notCompared(Deliberation d, ClusterView view, Collection<Peer> peers) {
        Set<MemberName> compared = peers.stream().map(Peer::name).collect(Collectors.toSet());
        for (MemberName name : view.members().keySet()) {
            if (!compared.contains(name) && !name.equals(d.me())) {
                d.because(
                        Candidates.everybody(d, view).containsKey(name)
                                ? name
                                        + " may not take over: it is not a synchronous standby, or led"
                                        + " and asked to be relieved"
                                : name + " can't be asked: it has published no address");
            }
        }
    }

    /// A peer that can say which lease its position is final for, and says another.
    private static boolean positionMayGrow(Deliberation d, Peer peer) {
        PeerAnswer answer = d.answerOf(peer.name());
        return answer instanceof Answered a
                && a.inRecovery()
                && a.leaseGeneration() != null
                && !a.leaseGeneration().equals(d.memory.generation);
    }

    private static Decision acquire(Deliberation d) {
        if (d.notYet(Rule.WIN_RACE)) {
            return d.acquire(Rule.WIN_RACE, LeaseRequest.Mode.IF_FREE);
        }
        return d.holdFor(VERY_SOON, Rule.LOST_RACE);
    }

    private static Decision notBest(Deliberation d, String reason) {
        return d.holdFor(SOON, Rule.NOT_THE_HEALTHIEST, reason);
    }

    private static int timeline(LocalPostgres.Standby standby) {
        return standby.server().timeline() == null ? 0 : standby.server().timeline().value();
    }
}
