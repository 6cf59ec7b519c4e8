package io.tamada.ha.policy;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.DcsKey;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.ReplicationMode;
import io.tamada.ha.model.SyncState;
import io.tamada.ha.model.Versioned;
import io.tamada.ha.port.PostgresOrder;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The primary keeps `synchronous_standby_names` and `/sync` in order, one safe step at a time.
final class SyncRules {

    @Nullable Decision decide(Deliberation d, ClusterView view, LocalPostgres.Primary p) {
        if (refused(d, Rule.SYNC_KEY) || refused(d, Rule.SYNC_OFF)) {
            return null;
        }
        ReplicationMode mode = d.seen.settings().replication();
        if (!mode.isSynchronous()) {
            return switchOff(d, view);
        }
        SyncStep step = next(d, view, p, mode);
        return switch (step) {
            case SyncStep.WriteKey(SyncState state) ->
                    d.write(
                            Rule.SYNC_KEY,
                            new DcsEntry.Sync(state),
                            Precondition.at(view.sync().revision()),
                            state.standbys(),
                            state.quorum());
            case SyncStep.SetNames(String names) ->
                    failed(d, Rule.SYNC_NAMES)
                            ? null
                            : d.operate(
                                    Rule.SYNC_NAMES,
                                    new PostgresOrder.SetSynchronousStandbys(names),
                                    names);
            case SyncStep.Lacking() -> {
                d.because(
                        "No active replication connections from Patroni members and synchronous_mode_strict is"
                                + " requested; commits will wait");
                yield null;
            }
            case SyncStep.Await(String what) -> {
                d.because("synchronous replication waits for " + what);
                yield null;
            }
            case SyncStep.Settled() -> null;
        };
    }

    /// True while confirmations are awaited, so that the next look comes soon.
    boolean isUnsettled(Deliberation d, ClusterView view, LocalPostgres.Primary p) {
        ReplicationMode mode = d.seen.settings().replication();
        return mode.isSynchronous() && !(next(d, view, p, mode) instanceof SyncStep.Settled);
    }

    private static SyncStep next(
            Deliberation d, ClusterView view, LocalPostgres.Primary p, ReplicationMode mode) {
        boolean quorum = mode.isQuorum() && p.server().version() >= 90_600;
        SyncCandidates candidates = SyncCandidates.of(d, view, p, quorum, mode.wanted());
        d.memory.sync = candidates.memory();
        SyncNames running = SyncNames.parse(p.synchronousStandbyNames());
        SyncState key = view.sync().value();
        return quorum
                ? quorumStep(d, key, running, candidates, mode)
                : PriorityPlanner.next(
                        d.me(),
                        key,
                        running,
                        candidates.active(),
                        candidates.confirmed(),
                        mode.isStrict());
    }

    private static SyncStep quorumStep(
            Deliberation d,
            SyncState key,
            SyncNames running,
            SyncCandidates candidates,
            ReplicationMode mode) {
        if (!key.isActive()) {
            return new SyncStep.WriteKey(SyncState.of(d.me(), Set.of(), 0));
        }
        if (mode.isStrict() && key.isLeader(d.me()) && candidates.active().isEmpty()) {
            int number = Math.max(1, key.standbys().size() - key.quorum());
            String names = SyncNames.format(true, number, key.standbys());
            return running.equals(SyncNames.parse(names))
                    ? new SyncStep.Lacking()
                    : new SyncStep.SetNames(names);
        }
        List<QuorumPlanner.Step> steps =
                QuorumPlanner.plan(
                        new QuorumPlanner.Input(
                                d.me(),
                                key,
                                running,
                                candidates.active(),
                                candidates.confirmed().size(),
                                mode.wanted()));
        if (steps.isEmpty()) {
            boolean otherForm =
                    running.kind() == SyncNames.Kind.PRIORITY && !running.members().isEmpty();
            return otherForm
                    ? new SyncStep.SetNames(
                            SyncNames.format(true, running.number(), running.members()))
                    : new SyncStep.Settled();
        }
        return switch (steps.getFirst()) {
            case QuorumPlanner.Step.Key(SyncState state) -> new SyncStep.WriteKey(state);
            case QuorumPlanner.Step.Names(int number, var standbys) ->
                    new SyncStep.SetNames(SyncNames.format(true, number, standbys));
            case QuorumPlanner.Step.Restart() ->
                    new SyncStep.Await("standbys " + candidates.active() + " to confirm");
        };
    }

    // ---- off
    // ---------------------------------------------------------------------------------------------------

    /// Key first, then the setting: in between nobody is promised anything that isn't kept.
    private static @Nullable Decision switchOff(Deliberation d, ClusterView view) {
        Versioned<SyncState> key = view.sync();
        if (key.value().isActive() && d.notYet(Rule.SYNC_OFF)) {
            return d.coordinate(
                    Rule.SYNC_OFF,
                    new CoordinationStep.Delete(DcsKey.SYNC, Precondition.at(key.revision())));
        }
        if (d.applied(Rule.SYNC_OFF) && d.notYet(Rule.SYNC_NAMES_OFF)) {
            Object own =
                    d.seen.settings()
                            .document()
                            .at("postgresql", "parameters", "synchronous_standby_names");
            return d.operate(
                    Rule.SYNC_NAMES_OFF,
                    new PostgresOrder.SetSynchronousStandbys(own == null ? "" : own.toString()));
        }
        d.memory.sync = SyncMemory.UNKNOWN;
        return null;
    }

    // ---- before promotion
    // --------------------------------------------------------------------------------------

    /// What must be in place before this standby accepts its first write.
    ///
    /// @return null when it may be promoted
    @Nullable Decision beforePromotion(Deliberation d, ClusterView view) {
        ReplicationMode mode = d.seen.settings().replication();
        d.memory.sync = SyncMemory.UNKNOWN;
        if (!mode.isSynchronous()) {
            return namesBeforePromotion(d, "");
        }
        SyncState key = view.sync().value();
        if (mode.isQuorum()) {
            return namesBeforePromotion(d, quorumNames(d, key, mode));
        }
        Set<MemberName> heirs = new TreeSet<>();
        if (mode.isStrict()) {
            heirs.addAll(key.standbys());
            if (key.leader() != null) {
                heirs.add(key.leader());
            }
            heirs.removeIf(d.me()::sameStandby);
        }
        if (refused(d, Rule.SYNC_KEY_BEFORE_PROMOTION)) {
            return d.holdFor(java.time.Duration.ofMillis(200), Rule.SYNC_KEY_CHANGED);
        }
        if (d.notYet(Rule.SYNC_KEY_BEFORE_PROMOTION)) {
            return d.write(
                    Rule.SYNC_KEY_BEFORE_PROMOTION,
                    new DcsEntry.Sync(SyncState.of(d.me(), heirs, 0)),
                    Precondition.at(view.sync().revision()));
        }
        int number = mode.isStrict() ? Math.max(1, heirs.size()) : heirs.size();
        return namesBeforePromotion(d, SyncNames.format(false, number, heirs));
    }

    private static String quorumNames(Deliberation d, SyncState key, ReplicationMode mode) {
        Set<MemberName> all = new TreeSet<>(key.standbys());
        if (key.leader() != null) {
            all.add(key.leader());
        }
        int number = all.size() - key.quorum() - 1;
        boolean listed = all.removeIf(d.me()::sameStandby);
        if (!listed) {
            number++;
        }
        number = Math.max(number, mode.isStrict() ? 1 : 0);
        return all.isEmpty() && !mode.isStrict()
                ? ""
                : SyncNames.format(true, Math.min(number, Math.max(1, all.size())), all);
    }

    private static @Nullable Decision namesBeforePromotion(Deliberation d, String names) {
        return d.notYet(Rule.SYNC_NAMES_BEFORE_PROMOTION)
                ? d.operate(
                        Rule.SYNC_NAMES_BEFORE_PROMOTION,
                        new PostgresOrder.SetSynchronousStandbys(names),
                        names)
                : null;
    }

    private static boolean refused(Deliberation d, Rule rule) {
        return d.outcome(rule) instanceof Outcome.OfWrite(var result) && !result.isApplied();
    }

    private static boolean failed(Deliberation d, Rule rule) {
        return d.outcome(rule) instanceof Outcome.OfOrder(io.tamada.ha.port.OrderResult.Failed _);
    }
}
