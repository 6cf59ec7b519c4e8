package io.tamada.simulator;

import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberSettings;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.model.PeerAnswer.Answered;
import io.tamada.ha.model.ReplicationMode;
import io.tamada.ha.model.SyncState;
import io.tamada.ha.model.Versioned;
import io.tamada.ha.model.WalSender;
import io.tamada.ha.policy.Evidence;
import io.tamada.ha.policy.FailsafePromise;
import io.tamada.ha.policy.Observation;
import io.tamada.ha.policy.StoreAnswer;
import io.tamada.ha.port.Divergence;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Observations with one thing in them altered.
final class Lies {

    static final Versioned<SyncState> NO_SYNC =
            new Versioned<>(SyncState.EMPTY, ClusterView.ABSENT);

    private static final Pattern ANY = Pattern.compile("ANY (\\d+) (.*)");

    private Lies() {}

    static @Nullable ClusterView viewOf(Observation o) {
        return o.store() instanceof StoreAnswer.Seen(ClusterView view) ? view : null;
    }

    static Observation view(Observation o, UnaryOperator<ClusterView.Builder> change) {
        ClusterView view = viewOf(o);
        return view == null
                ? o
                : store(o, new StoreAnswer.Seen(change.apply(view.toBuilder()).build()));
    }

    static Observation sync(Observation o, UnaryOperator<SyncState> change) {
        return view(
                o,
                b -> {
                    Versioned<SyncState> sync = b.build().sync();
                    return b.sync(new Versioned<>(change.apply(sync.value()), sync.revision()));
                });
    }

    static Observation peers(Observation o, UnaryOperator<Answered> change) {
        Evidence e = o.evidence();
        Map<MemberName, PeerAnswer> answers = new TreeMap<>();
        e.peers()
                .forEach((name, answer) ->
                        answers.put(name, answer instanceof Answered a ? change.apply(a) : answer));
        return evidence(
                o, new Evidence(answers, e.consents(), e.compared(), e.divergence(), e.outcomes()));
    }

    static Answered at(Answered a, Lsn position) {
        return new Answered(
                a.inRecovery(),
                position,
                a.timeline(),
                a.tags(),
                a.watchdogFailed(),
                a.leaseGeneration());
    }

    static Observation divergence(Observation o, Divergence found) {
        Evidence e = o.evidence();
        return e.divergence() == null
                ? o
                : evidence(
                        o,
                        new Evidence(e.peers(), e.consents(), e.compared(), found, e.outcomes()));
    }

    /// How a walsender looks at a position, in quorum mode or not.
    interface SenderLie {
        WalSender of(WalSender sender, Lsn position, boolean quorum);
    }

    static Observation senders(Observation o, SenderLie lie) {
        if (!(o.postgres() instanceof LocalPostgres.Primary p)) {
            return o;
        }
        LocalPostgres.Server s = p.server();
        boolean quorum = o.settings().replication().isQuorum();
        List<WalSender> senders =
                s.senders().stream().map(w -> lie.of(w, p.position(), quorum)).toList();
        LocalPostgres.Server altered =
                new LocalPostgres.Server(
                        s.systemId(),
                        s.version(),
                        s.postmasterStart(),
                        s.timeline(),
                        s.rewindable(),
                        s.pendingRestart(),
                        senders,
                        s.slots());
        return postgres(
                o,
                new LocalPostgres.Primary(
                        altered,
                        p.position(),
                        p.synchronousStandbyNames(),
                        p.synchronousCommit(),
                        p.history(),
                        p.checkpointed()));
    }

    static Observation replication(Observation o, ReplicationMode mode) {
        ClusterSettings s = o.settings();
        return settings(
                o,
                new ClusterSettings(
                        s.document(),
                        s.timings(),
                        s.maximumLagOnFailover(),
                        s.maximumLagOnSyncnode(),
                        s.maxTimelinesHistory(),
                        s.primaryStartTimeout(),
                        s.primaryStopTimeout(),
                        s.primaryRaceBackoff(),
                        mode,
                        s.failsafe(),
                        s.checkTimeline(),
                        s.paused(),
                        s.standbyCluster(),
                        s.memberSlotsTtl(),
                        s.useSlots(),
                        s.permanentSlots(),
                        s.ignoreSlots(),
                        s.problems()));
    }

    // ---- synchronous_standby_names
    // -----------------------------------------------------------------------------

    private static Set<MemberName> names(String value) {
        Set<MemberName> names = new TreeSet<>();
        for (String part : value.replaceAll("^.*\\(|\\)", "").split(",", -1)) {
            String name = part.strip().replace("\"", "");
            if (!name.isEmpty() && !name.equals(MemberName.RESERVED)) {
                names.add(MemberName.of(name));
            }
        }
        return names;
    }

    /// Whether the names hold somebody whom /sync doesn't list yet.
    static boolean wouldGrow(Observation o, String value) {
        ClusterView view = viewOf(o);
        return view != null
                && o.postgres() instanceof LocalPostgres.Primary
                && view.sync().value().isActive()
                && !view.sync().value().standbys().containsAll(names(value));
    }

    static SyncState listed(Observation o, String value) {
        return SyncState.of(o.me().name(), names(value), 0);
    }

    static boolean shrinks(Observation o, SyncState wanted) {
        ClusterView view = viewOf(o);
        return view != null && !wanted.standbys().containsAll(view.sync().value().standbys());
    }

    static String oneLess(String value) {
        Matcher m = ANY.matcher(value);
        return m.matches() ? "ANY " + (Integer.parseInt(m.group(1)) - 1) + " " + m.group(2) : value;
    }

    // ---- copies
    // ------------------------------------------------------------------------------------------------

    private static Observation store(Observation o, StoreAnswer store) {
        return copy(o, o.me(), o.settings(), store, o.postgres(), o.ping(), o.evidence());
    }

    private static Observation evidence(Observation o, Evidence evidence) {
        return copy(o, o.me(), o.settings(), o.store(), o.postgres(), o.ping(), evidence);
    }

    private static Observation postgres(Observation o, LocalPostgres postgres) {
        return copy(o, o.me(), o.settings(), o.store(), postgres, o.ping(), o.evidence());
    }

    private static Observation settings(Observation o, ClusterSettings settings) {
        return copy(o, o.me(), settings, o.store(), o.postgres(), o.ping(), o.evidence());
    }

    static Observation me(Observation o, MemberSettings me) {
        return copy(o, me, o.settings(), o.store(), o.postgres(), o.ping(), o.evidence());
    }

    static Observation ping(Observation o, @Nullable FailsafePromise ping) {
        return copy(o, o.me(), o.settings(), o.store(), o.postgres(), ping, o.evidence());
    }

    private static Observation copy(
            Observation o,
            MemberSettings me,
            ClusterSettings settings,
            StoreAnswer store,
            LocalPostgres postgres,
            @Nullable FailsafePromise ping,
            Evidence evidence) {
        return new Observation(
                me,
                settings,
                o.ownConfig(),
                store,
                o.capabilities(),
                postgres,
                o.lease(),
                o.leaseRefused(),
                o.task(),
                o.requests(),
                o.watchdogHealthy(),
                ping,
                o.leaving(),
                evidence,
                o.memory(),
                o.now(),
                o.wall());
    }
}
