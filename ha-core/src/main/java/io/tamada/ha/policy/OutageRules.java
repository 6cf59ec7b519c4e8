package io.tamada.ha.policy;

import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.FailsafeMode;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Peer;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.PeerClient.Consent;
import io.tamada.ha.port.PostgresTask;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The store is silent: go on while the lease lasts or the others consent, else stop accepting
/// writes before the edge.
final class OutageRules {

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(2);

    Decision decide(Deliberation d, Situation.StoreSilent s) {
        boolean writable =
                d.seen.postgres().mayAcceptWrites()
                        || d.seen.task()
                                instanceof TaskView.Running(PostgresTask.StartPrimary _, _, _)
                        || d.seen.task() instanceof TaskView.Running(PostgresTask.Promote _, _, _);
        if (d.paused() || !writable) {
            Decision readOnly = d.paused() ? null : serveReads(d);
            return readOnly != null ? readOnly : quiet(d, s);
        }
        if (d.memory.bootstrap != Memory.Bootstrap.NONE) {
            return d.holdFor(SOON, Rule.STORE_SILENT_DURING_BOOTSTRAP, s.problem());
        }
        Duration left = left(d);
        Decision consent = consent(d, s);
        if (consent != null) {
            return consent;
        }
        return left.compareTo(LeaseMargins.stop(d.ttl())) > 0
                ? d.holdFor(SOON, Rule.STORE_SILENT_LEASE_LASTS, left.toSeconds(), s.problem())
                : stop(d, left, s);
    }

    /// What is left of the lease, or of the others' consent.
    private static Duration left(Deliberation d) {
        Duration left = d.entitledFor();
        return left == null ? Duration.ofDays(-1) : left;
    }

    private static Decision quiet(Deliberation d, Situation.StoreSilent s) {
        return d.holdFor(SOON, Rule.STORE_SILENT, s.problem());
    }

    /// A primary that was stopped for want of the store comes back as a standby of nobody: it can
    /// be read, and is ready when the store is back.
    private static @Nullable Decision serveReads(Deliberation d) {
        SteppingDown down = d.memory.steppingDown;
        if (down == null || down.why() != SteppingDown.Why.STORE_SILENT) {
            return null;
        }
        return switch (d.seen.postgres()) {
            case LocalPostgres.Standby _ -> {
                d.memory.steppingDown = null;
                yield null;
            }
            case LocalPostgres.Stopped stopped when !(d.seen.task() instanceof TaskView.Running) ->
                    startAgain(d, stopped);
            case LocalPostgres.NoData _,
                    LocalPostgres.Stopped _,
                    LocalPostgres.Starting _,
                    LocalPostgres.Stopping _,
                    LocalPostgres.Primary _,
                    LocalPostgres.Unresponsive _ ->
                    null;
        };
    }

    private static Decision startAgain(Deliberation d, LocalPostgres.Stopped stopped) {
        if (d.seen.task() instanceof TaskView.Ended(PostgresTask.StartStandby _, var result)
                && !result.succeeded()) {
            return d.holdFor(RETRY, Rule.START_FAILED, String.valueOf(stopped.lastFailure()));
        }
        return d.begin(
                Rule.START_READ_ONLY,
                new PostgresTask.StartStandby(Upstream.none(), false, d.startTimeout()));
    }

    // ---- consent
    // -----------------------------------------------------------------------------------------------

    /// Consent goes on from a lease, or from consent, that still runs: after a gap somebody may
    /// have begun to take over. One that the store refused is never replaced by consent.
    private static boolean mayAsk(Deliberation d, ClusterView last) {
        Duration left = d.entitledFor();
        return last.leader().isHeldBy(d.me())
                && !d.seen.leaseRefused()
                && left != null
                && left.isPositive();
    }

    /// The others are asked from the first silence on, so that there is time to stop if they
    /// refuse.
    private static @Nullable Decision consent(Deliberation d, Situation.StoreSilent s) {
        FailsafeMode mode = d.seen.settings().failsafe();
        ClusterView last = d.memory.lastHealthy;
        if (mode == FailsafeMode.OFF || last == null || !mayAsk(d, last)) {
            return null;
        }
        if (!last.failsafe().containsKey(d.me())) {
            d.because("failsafe mode: this member is not in the list of failsafe members");
            return null;
        }
        Set<Peer> others = whoMayTakeOver(d, last);
        Map<MemberName, Consent> answers = d.seen.evidence().consents();
        if (!others.isEmpty() && answers == null) {
            d.memory.consentAskedNanos = d.seen.now();
            return d.said(
                    new Decision.AskConsent(Rule.ASK_CONSENT, others), Decision.namesOf(others));
        }
        for (Peer other : others) {
            if (answers == null || !(answers.get(other.name()) instanceof Consent.Accepted)) {
                d.because(
                        "failsafe mode: "
                                + other.name()
                                + " did not consent: "
                                + (answers == null ? "not asked" : answers.get(other.name())));
                return null;
            }
        }
        long asked = others.isEmpty() ? d.seen.now() : d.memory.consentAskedNanos;
        d.memory.consentUntilNanos = asked + d.ttl().toNanos();
        return d.holdFor(
                Deliberation.shorter(d.loopWait(), d.ttl().dividedBy(4)),
                Rule.LEADS_BY_CONSENT,
                s.problem());
    }

    /// Everybody in the list that the others may read in the store, whichever that is.
    private static Set<Peer> whoMayTakeOver(Deliberation d, ClusterView last) {
        Map<MemberName, String> listed = new TreeMap<>(d.memory.failsafeInDoubt);
        listed.putAll(last.failsafe());
        listed.remove(d.me());
        return listed.entrySet().stream()
                .map(e -> new Peer(e.getKey(), e.getValue()))
                .collect(Collectors.toSet());
    }

    // ---- stopping
    // ----------------------------------------------------------------------------------------------

    private static Decision stop(Deliberation d, Duration left, Situation.StoreSilent s) {
        d.memory.rewind = new RewindState.Check();
        d.memory.consentUntilNanos = 0;
        if (d.memory.steppingDown == null) {
            d.memory.steppingDown =
                    new SteppingDown(SteppingDown.Why.STORE_SILENT, null, d.seen.now(), null);
        }
        boolean stopping =
                d.seen.task() instanceof TaskView.Running(PostgresTask.Stop _, _, _)
                        || d.seen.postgres() instanceof LocalPostgres.Stopping;
        if (left.compareTo(LeaseMargins.GUARD) <= 0
                || (d.seen.task() instanceof TaskView.Running && !stopping)) {
            return d.said(new Decision.Fence(Rule.FENCE_AT_EDGE), s.problem());
        }
        if (stopping) {
            Duration untilGuard = left.minus(LeaseMargins.GUARD);
            return d.holdFor(
                    Deliberation.shorter(untilGuard, Duration.ofMillis(200)),
                    Rule.STOPS_BEFORE_EDGE);
        }
        return d.begin(
                Rule.STOP_BEFORE_EDGE,
                new PostgresTask.Stop(
                        PostgresTask.Stop.Mode.FAST,
                        false,
                        LeaseMargins.fastStop(d.ttl()),
                        PostgresTask.Stop.Reason.STORE_SILENT),
                s.problem());
    }
}
