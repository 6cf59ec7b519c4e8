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
import io.tamada.ha.port.OrderResult;
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
                ? quorumStep(d.me(), key, running, candidates, mode)
                : PriorityPlanner.next(
                        d.me(),
                        key,
                        running,
                        candidates.active(),
                        candidates.confirmed(),
                        mode.isStrict());
    }

    /// The next step of quorum mode.
    ///
    /// @param running what PostgreSQL runs with
    static SyncStep quorumStep(
            MemberName me,
            SyncState key,
            SyncNames running,
            SyncCandidates candidates,
            ReplicationMode mode) {
        if (!key.isActive()) {
            return new SyncStep.WriteKey(SyncState.of(me, Set.of(), 0));
        }
        if (mode.isStrict() && key.isLeader(me) && candidates.active().isEmpty()) {
            int number = Math.max(1, key.standbys().size() - key.quorum());
            String names = SyncNames.format(true, number, key.standbys());
            return running.equals(SyncNames.parse(names))
                    ? new SyncStep.Lacking()
                    : new SyncStep.SetNames(names);
        }
        List<QuorumPlanner.Step> steps =
                QuorumPlanner.plan(
                        new QuorumPlanner.Input(
                                me,
                                key,
                                running,
                                candidates.active(),
                                candidates.confirmed().size(),
                                mode.wanted()));
        if (steps.isEmpty()) {
            boolean nobody = candidates.active().isEmpty() && key.standbys().isEmpty();
            if (nobody && !mode.isStrict() && running.kind() != SyncNames.Kind.OFF) {
                return new SyncStep.SetNames("");
            }
            boolean otherForm =
                    running.kind() == SyncNames.Kind.PRIORITY && !running.members().isEmpty();
            if (otherForm) {
                return new SyncStep.SetNames(
                        SyncNames.format(true, running.number(), running.members()));
            }
            int active = candidates.active().size();
            return key.quorum() == active - Math.min(mode.wanted(), active)
                    ? new SyncStep.Settled()
                    : new SyncStep.Await("standbys " + candidates.active() + " to confirm");
        }
        for (QuorumPlanner.Step step : steps) {
            SyncStep possible = possible(me, key, running, step, candidates);
            if (possible != null) {
                return possible;
            }
        }
        return new SyncStep.Await("standbys " + candidates.active() + " to confirm");
    }

    /// A step of the plan, if it may be done as long as those before it may not.
    private static @Nullable SyncStep possible(
            MemberName me,
            SyncState key,
            SyncNames running,
            QuorumPlanner.Step step,
            SyncCandidates candidates) {
        return switch (step) {
            case QuorumPlanner.Step.Key(SyncState state) ->
                    keyThatCovers(me, key, state, candidates);
            case QuorumPlanner.Step.Names(int number, var standbys) -> {
                String names = SyncNames.format(true, number, standbys);
                boolean same = running.equals(SyncNames.parse(names));
                yield !same && QuorumPlanner.isSafe(me, key, number, standbys)
                        ? new SyncStep.SetNames(names)
                        : null;
            }
            case QuorumPlanner.Step.Restart() -> null;
        };
    }

    /// Commits from before the setting last changed were acknowledged by other rules than it
    /// states. Until its standbys have confirmed, an election has to hear as many as make sure that
    /// those commits are met, too.
    private static @Nullable SyncStep keyThatCovers(
            MemberName me, SyncState key, SyncState wanted, SyncCandidates candidates) {
        int quorum =
                Math.max(
                        wanted.quorum(),
                        QuorumPlanner.leastQuorum(
                                me, key, wanted.standbys(), candidates.memory().ready()));
        boolean possible = quorum == 0 || quorum < wanted.standbys().size();
        SyncState covering =
                possible && wanted.leader() != null
                        ? SyncState.of(wanted.leader(), wanted.standbys(), quorum)
                        : key;
        return covering.equals(key) ? null : new SyncStep.WriteKey(covering);
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
            return d.operate(
                    Rule.SYNC_NAMES_OFF, new PostgresOrder.SetSynchronousStandbys(ownNames(d)));
        }
        d.memory.sync = SyncMemory.UNKNOWN;
        return null;
    }

    /// What the user's own parameters say.
    private static String ownNames(Deliberation d) {
        Object own =
                d.seen.settings()
                        .document()
                        .at("postgresql", "parameters", "synchronous_standby_names");
        return own == null ? "" : own.toString();
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
            return namesBeforePromotion(d, ownNames(d));
        }
        SyncState key = view.sync().value();
        if (mode.isQuorum()) {
            return namesBeforePromotion(d, quorumNames(d.me(), key, mode.isStrict()));
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

    /// What a member that was elected by this key sets before its first write, so that whoever is
    /// elected next by the same key has met somebody who confirmed.
    static String quorumNames(MemberName me, SyncState key, boolean strict) {
        Set<MemberName> all = new TreeSet<>(key.standbys());
        if (key.leader() != null) {
            all.add(key.leader());
        }
        int number = all.size() - key.quorum() - 1;
        boolean listed = all.removeIf(me::sameStandby);
        if (!listed) {
            number++;
        }
        number = Math.max(number, strict ? 1 : 0);
        return all.isEmpty() && !strict
                ? ""
                : SyncNames.format(true, Math.min(number, Math.max(1, all.size())), all);
    }

    private static @Nullable Decision namesBeforePromotion(Deliberation d, String names) {
        if (d.outcome(Rule.SYNC_NAMES_BEFORE_PROMOTION)
                        instanceof Outcome.OfOrder(OrderResult.Failed(String problem))
                && d.seen.settings().replication().isSynchronous()) {
            // Its first commits would be acknowledged without those who are to have them.
            d.memory.noRaceUntilNanos = d.seen.now() + d.ttl().toNanos();
            return d.release(Rule.SYNC_NAMES_NOT_SET, null, problem);
        }
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
        return d.outcome(rule) instanceof Outcome.OfOrder(OrderResult.Failed _);
    }
}
