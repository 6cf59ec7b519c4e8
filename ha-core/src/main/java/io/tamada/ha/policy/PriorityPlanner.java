package io.tamada.ha.policy;

import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.SyncState;
import java.util.Set;
import java.util.TreeSet;

/// Synchronous replication to named standbys.
///
/// The invariant: a name in `/sync` is in `synchronous_standby_names` and has confirmed. Hence
/// adding goes setting first, then key; removing goes key first, then setting. A crash between two
/// steps leaves fewer promotable nodes than protected ones, never more.
final class PriorityPlanner {

    private PriorityPlanner() {}

    /// @param me the primary
    /// @param key what the store holds
    /// @param running what PostgreSQL runs with
    /// @param picked who should be synchronous now
    /// @param confirmed those of them that have confirmed under the running setting
    /// @param strict commits wait even while nobody is there
    static SyncStep next(
            MemberName me,
            SyncState key,
            SyncNames running,
            Set<MemberName> picked,
            Set<MemberName> confirmed,
            boolean strict) {
        if (!key.isLeader(me)) {
            return new SyncStep.WriteKey(SyncState.of(me, Set.of(), 0));
        }
        Set<MemberName> voters = key.standbys();
        if (picked.equals(voters) && !voters.equals(confirmed)) {
            return new SyncStep.WriteKey(SyncState.of(me, confirmed, 0));
        }
        if (strict && picked.isEmpty()) {
            String names = SyncNames.format(false, Math.max(1, voters.size()), voters);
            return isAlready(running, names)
                    ? new SyncStep.Lacking()
                    : new SyncStep.SetNames(names);
        }
        Set<MemberName> common = new TreeSet<>(voters);
        common.retainAll(confirmed);
        if (!common.equals(voters)) {
            return new SyncStep.WriteKey(SyncState.of(me, common, 0));
        }
        String names = SyncNames.format(false, picked.size(), picked);
        if (!isAlready(running, names)) {
            return new SyncStep.SetNames(names);
        }
        if (!confirmed.isEmpty() && !confirmed.equals(common)) {
            return new SyncStep.WriteKey(SyncState.of(me, confirmed, 0));
        }
        return confirmed.equals(picked)
                ? new SyncStep.Settled()
                : new SyncStep.Await("standbys " + picked + " to confirm, so far " + confirmed);
    }

    private static boolean isAlready(SyncNames running, String names) {
        return running.equals(SyncNames.parse(names));
    }
}
