package io.tamada.ha.policy;

import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.SyncState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Synchronous replication to any few of many: one safe way from what is to what is wanted.
///
/// A commit is confirmed by any `numsync` of `sync`; a candidate must hear `quorum` voters besides
/// itself. With A = voters and the leader that the key names, and B = sync and the primary, it must
/// hold at every moment that A and B are nested and |A ∪ B| ≤ quorum + numsync + 1, so that whoever
/// is elected has heard of every confirmed commit. Steps that make one side stricter therefore come
/// before those that relax the other.
final class QuorumPlanner {

    /// @param me the primary
    /// @param key what the store holds
    /// @param running what PostgreSQL runs with
    /// @param active standbys that stream and may be synchronous
    /// @param confirmed how many of those listed have confirmed under the running setting
    /// @param wanted how many have to confirm a commit
    record Input(
            MemberName me,
            SyncState key,
            SyncNames running,
            Set<MemberName> active,
            int confirmed,
            int wanted) {}

    sealed interface Step {
        record Key(SyncState state) implements Step {}

        record Names(int number, SortedSet<MemberName> standbys) implements Step {}

        /// Look again before going on.
        record Restart() implements Step {}
    }

    /// A step was asked for that would break the invariant.
    private static final class Unsafe extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unsafe(String message) {
            super(message, null, false, false);
        }
    }

    private final MemberName me;
    private final SortedSet<MemberName> active;
    private final int wanted;
    private final List<Step> steps = new ArrayList<>();

    private @Nullable MemberName leader;
    private int quorum;
    private SortedSet<MemberName> voters;
    private int numsync;
    private SortedSet<MemberName> sync;
    private int confirmed;

    private QuorumPlanner(Input in) {
        me = in.me();
        active = new TreeSet<>(in.active());
        wanted = in.wanted();
        leader = in.key().leader();
        quorum = in.key().quorum();
        voters = in.key().standbys();
        sync = in.running().members();
        numsync = Math.min(in.running().number(), sync.size());
        confirmed = in.confirmed();
    }

    /// The steps from here to the wanted state, as far as they can be seen; empty when it is
    /// reached.
    static List<Step> plan(Input in) {
        QuorumPlanner planner = new QuorumPlanner(in);
        try {
            planner.resolve();
        } catch (Unsafe e) {
            planner.steps.add(new Step.Restart());
        }
        return collapsed(planner.steps);
    }

    /// The smallest quorum by which an election among new voters still meets somebody who holds
    /// every commit from before the setting last changed.
    ///
    /// Of the voters and the leader that the key names at most `quorum` lack such a commit; of the
    /// new voters at most that many, and those who came in addition; and in any case no more than
    /// have not confirmed.
    static int leastQuorum(
            MemberName me,
            SyncState key,
            Collection<MemberName> newVoters,
            Collection<MemberName> ready) {
        SortedSet<MemberName> before = new TreeSet<>(key.standbys());
        if (key.leader() != null) {
            before.add(key.leader());
        }
        before.remove(me);
        SortedSet<MemberName> unproven = without(newVoters, ready);
        return Math.min(unproven.size(), key.quorum() + without(unproven, before).size());
    }

    /// Of two steps of one kind in a row only the later counts; after a restart nothing does.
    private static List<Step> collapsed(List<Step> steps) {
        List<Step> result = new ArrayList<>();
        for (Step step : steps) {
            if (!result.isEmpty() && result.getLast().getClass() == step.getClass()) {
                result.removeLast();
            }
            result.add(step);
            if (step instanceof Step.Restart) {
                break;
            }
        }
        return result;
    }

    // ---- primitive steps
    // ---------------------------------------------------------------------------------------

    private void verify() {
        String broken = broken(me, leader, quorum, voters, numsync, sync);
        if (broken != null) {
            throw new Unsafe(broken);
        }
    }

    /// Whether this key and a setting may stand side by side.
    static boolean isSafe(
            MemberName me, SyncState key, int number, SortedSet<MemberName> standbys) {
        return broken(me, key.leader(), key.quorum(), key.standbys(), number, standbys) == null;
    }

    private static @Nullable String broken(
            MemberName me,
            @Nullable MemberName leader,
            int quorum,
            SortedSet<MemberName> voters,
            int numsync,
            SortedSet<MemberName> sync) {
        if (voters.isEmpty()) {
            return null;
        }
        Set<MemberName> a = union(voters, leader == null ? List.of() : List.of(leader));
        Set<MemberName> b = union(sync, List.of(me));
        if (union(a, b).size() > quorum + numsync + 1) {
            return "quorum " + quorum + " and " + numsync + " are too few for " + a + " and " + b;
        }
        return a.containsAll(b) || b.containsAll(a) ? null : a + " and " + b + " are not nested";
    }

    /// @param adjust with fewer confirmed than commits wait for, an election has to hear more
    private void key(int newQuorum, Collection<MemberName> newVoters, boolean adjust) {
        if (confirmed == 0 && voters.isEmpty()) {
            store(0, List.of());
            return;
        }
        int adjusted = newQuorum + (adjust ? Math.max(numsync - confirmed, 0) : 0);
        store(Math.max(adjusted, 0), newVoters);
    }

    private void keyWithLeader(int newQuorum, Collection<MemberName> newVoters) {
        require(
                newQuorum >= 0 && (newQuorum == 0 || newQuorum < newVoters.size()),
                "quorum " + newQuorum);
        leader = me;
        quorum = newQuorum;
        voters = new TreeSet<>(newVoters);
        verify();
        steps.add(new Step.Key(state()));
    }

    private void store(int newQuorum, Collection<MemberName> newVoters) {
        SortedSet<MemberName> set = new TreeSet<>(newVoters);
        if (newQuorum == quorum && set.equals(voters)) {
            if (voters.isEmpty()) {
                steps.add(new Step.Restart());
            }
            return;
        }
        boolean reachable = newQuorum == 0 || newQuorum < set.size();
        if (!reachable && set.equals(voters)) {
            // Nobody has confirmed yet who could be met: the present quorum stays.
            return;
        }
        require(reachable, "quorum " + newQuorum);
        quorum = newQuorum;
        voters = set;
        verify();
        steps.add(new Step.Key(state()));
    }

    private SyncState state() {
        return new SyncState(leader, voters, quorum);
    }

    private void names(int number, Collection<MemberName> standbys) {
        require(number >= 0 && number <= standbys.size(), "number " + number);
        numsync = number;
        sync = new TreeSet<>(standbys);
        verify();
        steps.add(new Step.Names(numsync, sync));
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new Unsafe(what);
        }
    }

    // ---- the way
    // -----------------------------------------------------------------------------------------------

    private void resolve() {
        if (!takeOver()) {
            return;
        }
        if (confirmed == 0 && !common(sync, active).isEmpty()) {
            confirmed = Math.min(common(sync, active).size(), voters.size() - quorum);
        }
        finishTransition();
        dropGone();
        addNew();
        changeNumber();
    }

    /// @return false when replicas should have a moment to connect first
    private boolean takeOver() {
        try {
            if (me.equals(leader)) {
                verify();
                return true;
            }
            SortedSet<MemberName> newVoters = without(voters, Set.of(me));
            if (leader != null) {
                newVoters.add(leader);
            }
            if (sync.isEmpty()) {
                names(newVoters.size() - quorum, newVoters);
            }
            keyWithLeader(quorum, newVoters);
        } catch (Unsafe e) {
            leader = me;
            key(sync.size() - numsync, sync, true);
        }
        return !common(sync, active).isEmpty();
    }

    /// Completes what was interrupted, until the setting and the key name the same standbys.
    private void finishTransition() {
        if (voters.containsAll(sync) && voters.size() > sync.size()) {
            setIsSmaller();
        } else if (sync.containsAll(voters) && sync.size() > voters.size()) {
            setIsLarger();
        }
        require(sync.equals(voters), "the setting names " + sync + ", the key " + voters);
        int margin = quorum + Math.min(numsync, confirmed) - voters.size();
        if (margin > 0) {
            if (numsync > wanted) {
                names(Math.max(wanted, voters.size() - quorum), sync);
            } else {
                key(sync.size() - numsync, voters, true);
            }
        } else if (numsync == wanted && quorum + numsync > voters.size() && numsync > confirmed) {
            key(sync.size() - numsync, voters, true);
        }
    }

    private void setIsSmaller() {
        SortedSet<MemberName> dead = without(without(voters, sync), active);
        if (!dead.isEmpty()) {
            key(
                    voters.size() - dead.size() - numsync,
                    without(voters, dead),
                    active.containsAll(sync));
        }
        SortedSet<MemberName> alive = without(common(voters, active), sync);
        if (!alive.isEmpty()) {
            names(numsync, union(sync, alive));
        }
    }

    private void setIsLarger() {
        SortedSet<MemberName> dead = without(sync, active);
        SortedSet<MemberName> rest = without(sync, dead);
        if (!dead.isEmpty()
                && !rest.isEmpty()
                && (voters.isEmpty() || !common(rest, voters).isEmpty())) {
            if (broken(me, leader, quorum, voters, Math.min(numsync, rest.size()), rest) != null) {
                // Voters among them have to leave the key first.
                dead = without(dead, voters);
                rest = without(sync, dead);
            }
            if (!dead.isEmpty()) {
                names(Math.min(numsync, rest.size()), rest);
            }
        }
        SortedSet<MemberName> added = common(without(sync, voters), active);
        if (!added.isEmpty()) {
            SortedSet<MemberName> all = union(voters, added);
            key(all.size() - numsync, all, true);
        }
        SortedSet<MemberName> extra = without(sync, voters);
        if (!extra.isEmpty()) {
            names(Math.min(numsync, sync.size() - extra.size()), without(sync, extra));
        }
    }

    private void dropGone() {
        SortedSet<MemberName> gone = without(sync, active);
        if (gone.isEmpty()) {
            return;
        }
        if (gone.equals(sync)) {
            key(0, List.of(), false);
            names(0, List.of());
            return;
        }
        if (quorum > 0) {
            SortedSet<MemberName> first = lastOf(gone, quorum);
            gone = without(gone, first);
            SortedSet<MemberName> rest = without(sync, first);
            names(Math.min(Math.max(wanted, numsync), rest.size()), rest);
            SortedSet<MemberName> restVoters = without(voters, first);
            key(restVoters.size() - numsync, restVoters, gone.isEmpty());
        }
        if (!gone.isEmpty()) {
            SortedSet<MemberName> rest = without(sync, gone);
            SortedSet<MemberName> restVoters = without(voters, gone);
            int number = numsync - gone.size();
            int drop = number - Math.min(wanted, rest.size());
            int newQuorum = drop == 0 ? 0 : Math.min(drop, restVoters.size() - 1);
            key(Math.max(newQuorum, 0), restVoters, false);
            names(number, rest);
        }
    }

    private void addNew() {
        SortedSet<MemberName> fresh = without(active, sync);
        if (fresh.isEmpty()) {
            return;
        }
        int target = Math.min(wanted, union(sync, fresh).size());
        int more = target - numsync;
        if (more > 0) {
            SortedSet<MemberName> add = sync.isEmpty() ? fresh : firstOf(fresh, more);
            fresh = without(fresh, add);
            names(numsync + more, union(sync, add));
            SortedSet<MemberName> all = union(voters, add);
            key(all.size() - target, all, true);
        }
        if (!fresh.isEmpty()) {
            SortedSet<MemberName> all = union(voters, fresh);
            key(all.size() - target, all, target > confirmed);
            names(target, union(sync, fresh));
        }
    }

    private void changeNumber() {
        int difference = Math.min(wanted, sync.size()) - numsync;
        if (difference > 0) {
            names(numsync + difference, sync);
            key(voters.size() - numsync, voters, true);
        } else if (difference < 0) {
            if (quorum - difference < voters.size()) {
                key(voters.size() - numsync - difference, voters, wanted > confirmed);
            }
            names(numsync + difference, sync);
        }
    }

    // ---- sets
    // --------------------------------------------------------------------------------------------------

    private static SortedSet<MemberName> union(Collection<MemberName> a, Collection<MemberName> b) {
        SortedSet<MemberName> result = new TreeSet<>(a);
        result.addAll(b);
        return result;
    }

    private static SortedSet<MemberName> without(
            Collection<MemberName> a, Collection<MemberName> b) {
        SortedSet<MemberName> result = new TreeSet<>(a);
        result.removeAll(b);
        return result;
    }

    private static SortedSet<MemberName> common(
            Collection<MemberName> a, Collection<MemberName> b) {
        SortedSet<MemberName> result = new TreeSet<>(a);
        result.retainAll(b);
        return result;
    }

    private static SortedSet<MemberName> firstOf(SortedSet<MemberName> set, int most) {
        return new TreeSet<>(set.stream().limit(most).toList());
    }

    private static SortedSet<MemberName> lastOf(SortedSet<MemberName> set, int most) {
        return new TreeSet<>(set.stream().skip(Math.max(0, set.size() - most)).toList());
    }
}
