package io.tamada.ha.policy;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.HeldLease;
import io.tamada.ha.dcs.LeaseRequest;
import io.tamada.ha.dcs.LeaseResult;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Peer;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.PostgresOrder;
import io.tamada.ha.port.PostgresTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One decision in the making: what was seen, what will be remembered, what was set aside and why.
///
/// Mutable, but it never leaves [HaPolicy#decide], which stays a pure function.
final class Deliberation {

    final Observation seen;
    final Memory.Draft memory;
    private final List<String> because = new ArrayList<>();
    private String says = "";

    Deliberation(Observation seen) {
        this.seen = seen;
        this.memory = seen.memory().edit();
    }

    MemberName me() {
        return seen.me().name();
    }

    boolean paused() {
        return seen.settings().paused();
    }

    boolean standbyCluster() {
        return seen.settings().isStandbyCluster();
    }

    Duration ttl() {
        return seen.settings().timings().ttl();
    }

    Duration loopWait() {
        return seen.settings().timings().loopWait();
    }

    /// A moment of elapsed time that lies `ago` before now or further back.
    boolean longAgo(long sinceNanos, Duration ago) {
        return seen.now() - sinceNanos >= ago.toNanos();
    }

    /// Notes why something was not done.
    void because(String sentence) {
        because.add(sentence);
    }

    Decision hold(Rule rule, Object... details) {
        return holdFor(loopWait(), rule, details);
    }

    Decision holdFor(Duration atMost, Rule rule, Object... details) {
        return said(new Decision.Hold(rule, atMost), details);
    }

    Decision begin(Rule rule, PostgresTask task, Object... details) {
        return said(new Decision.Begin(rule, task, null), details);
    }

    Decision operate(Rule rule, PostgresOrder order, Object... details) {
        return said(new Decision.Operate(rule, order), details);
    }

    Decision write(Rule rule, DcsEntry entry, Precondition when, Object... details) {
        return coordinate(rule, new CoordinationStep.Write(entry, when), details);
    }

    Decision coordinate(Rule rule, CoordinationStep step, Object... details) {
        return said(new Decision.Coordinate(rule, step), details);
    }

    Decision release(Rule rule, @Nullable Lsn lastPosition, Object... details) {
        return coordinate(rule, new CoordinationStep.Release(lastPosition), details);
    }

    Decision acquire(Rule rule, LeaseRequest.Mode mode, Object... details) {
        return coordinate(rule, new CoordinationStep.Acquire(mode), details);
    }

    <D extends Decision> D said(D decision, Object... details) {
        says = decision.rule().sentence(me(), details);
        return decision;
    }

    Step step(Decision decision) {
        String text = says.isEmpty() ? decision.rule().sentence(me()) : says;
        return new Step(decision, memory.build(), text, because);
    }

    /// True until the rule has fired in this turn.
    boolean notYet(Rule rule) {
        return !seen.evidence().has(rule);
    }

    /// The rule fired in this turn, and the store applied its write.
    boolean applied(Rule rule) {
        return seen.evidence().outcomes().get(rule)
                instanceof Outcome.OfWrite(WriteResult.Applied _);
    }

    /// The rule fired in this turn, and the store granted the lease.
    boolean granted(Rule rule) {
        return seen.evidence().outcomes().get(rule)
                instanceof Outcome.OfLease(LeaseResult.Granted _);
    }

    @Nullable Outcome outcome(Rule rule) {
        return seen.evidence().outcomes().get(rule);
    }

    @Nullable PeerAnswer answerOf(MemberName peer) {
        return seen.evidence().peers().get(peer);
    }

    /// The question to those of the peers that have not answered in this turn; null when all have.
    @Nullable Decision askMissing(Rule rule, Collection<Peer> peers) {
        Set<Peer> missing =
                peers.stream().filter(p -> answerOf(p.name()) == null).collect(Collectors.toSet());
        return missing.isEmpty() || seen.evidence().has(rule)
                ? null
                : said(new Decision.AskPeers(rule, missing), Decision.namesOf(missing));
    }

    /// Time left on the lease; negative when it is over, null without one.
    @Nullable Duration leaseLeft() {
        HeldLease lease = seen.lease();
        return lease == null ? null : lease.remainingAt(seen.now());
    }

    /// How long this member may accept writes, by its lease or by the others' consent; null when it
    /// has neither.
    @Nullable Duration entitledFor() {
        Duration lease = leaseLeft();
        if (memory.consentUntilNanos == 0) {
            return lease;
        }
        Duration consent = Duration.ofNanos(memory.consentUntilNanos - seen.now());
        return lease != null && lease.compareTo(consent) > 0 ? lease : consent;
    }

    /// The shutdown checkpoint; null unless the server was, or is being, shut down cleanly.
    ControlData.@Nullable Shutdown shutdown() {
        ControlData control = seen.postgres().control();
        return control == null ? null : control.shutdown();
    }

    /// After a clean shutdown: what standbys can be expected to have.
    @Nullable Lsn published() {
        ControlData.Shutdown shutdown = shutdown();
        return shutdown == null ? null : shutdown.publish();
    }

    /// How long a server may take to start: as asked for with a restart, else as configured.
    Duration startTimeout() {
        Duration requested = memory.startTimeout;
        Duration configured = seen.settings().primaryStartTimeout();
        if (requested != null) {
            return requested;
        }
        return configured.isZero() ? Duration.ofMinutes(5) : configured;
    }

    static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /// Where a standby here should stream from.
    Upstream upstream(ClusterView view, @Nullable MemberName leader) {
        return Upstreams.wanted(this, view, leader);
    }
}
