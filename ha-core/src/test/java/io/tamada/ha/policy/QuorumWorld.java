package io.tamada.ha.policy;

import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.ReplicationMode;
import io.tamada.ha.model.SyncState;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/// What synchronous replication in quorum mode consists of: the key and the setting. The primary is
/// always `a`.
///
/// @param key `/sync`
/// @param number how many the setting wants
/// @param names whom the setting names
record QuorumWorld(SyncState key, int number, Set<MemberName> names) {

    static final MemberName ME = MemberName.of("a");

    QuorumWorld {
        names = Set.copyOf(names);
    }

    static QuorumWorld of(String leader, int quorum, String voters, int number, String names) {
        SyncState key =
                leader.isEmpty()
                        ? SyncState.EMPTY
                        : SyncState.of(MemberName.of(leader), members(voters), quorum);
        return new QuorumWorld(key, number, members(names));
    }

    /// One member for each letter.
    static Set<MemberName> members(String letters) {
        Set<MemberName> members = new TreeSet<>();
        letters.chars().forEach(c -> members.add(MemberName.of(String.valueOf((char) c))));
        return members;
    }

    static String letters(Collection<MemberName> members) {
        StringBuilder letters = new StringBuilder();
        new TreeSet<>(members).forEach(letters::append);
        return letters.toString();
    }

    SyncNames running() {
        return names.isEmpty()
                ? SyncNames.OFF
                : new SyncNames(
                        SyncNames.Kind.QUORUM,
                        number,
                        names.stream().map(MemberName::value).sorted().toList());
    }

    SyncStep next(Set<MemberName> active, Set<MemberName> confirmed, int wanted, boolean strict) {
        return SyncRules.quorumStep(
                ME,
                key,
                running(),
                new SyncCandidates(active, confirmed, new SyncMemory("", Lsn.ZERO, confirmed)),
                new ReplicationMode.Quorum(wanted, strict));
    }

    /// This world after a step that changes it.
    QuorumWorld after(SyncStep step) {
        return switch (step) {
            case SyncStep.WriteKey(SyncState state) -> new QuorumWorld(state, number, names);
            case SyncStep.SetNames(String text) -> {
                SyncNames parsed = SyncNames.parse(text);
                yield new QuorumWorld(key, parsed.number(), parsed.members());
            }
            case SyncStep.Settled _, SyncStep.Await _, SyncStep.Lacking _ -> this;
        };
    }

    /// The sentence that must hold between any two steps: whoever is elected by `quorum` voters
    /// besides itself has met somebody who confirmed.
    ///
    /// An election sees `quorum + 1` of A, the voters and the key's leader. A commit is on the
    /// primary and on any `number` of B. They miss each other only if that many of A can be found
    /// without the primary, such that enough of B is left over.
    boolean isSafe() {
        Set<MemberName> electorate = new TreeSet<>(key.standbys());
        if (key.leader() != null) {
            electorate.add(key.leader());
        }
        if (electorate.isEmpty()) {
            return true;
        }
        electorate.remove(ME);
        int elected = key.quorum() + 1;
        if (electorate.size() < elected) {
            return true;
        }
        Set<MemberName> outside = new TreeSet<>(electorate);
        outside.removeAll(names);
        int fromNames = Math.max(0, elected - outside.size());
        return names.size() - fromNames < Math.min(number, names.size());
    }

    /// All is as it should be for these standbys.
    boolean isTarget(Set<MemberName> active, int wanted) {
        int confirmations = Math.min(wanted, active.size());
        return key.isLeader(ME)
                && key.standbys().equals(active)
                && names.equals(active)
                && number == (active.isEmpty() ? 0 : confirmations)
                && key.quorum() == active.size() - confirmations;
    }

    @Override
    public String toString() {
        return "/sync "
                + (key.leader() == null ? "-" : key.leader())
                + ":"
                + letters(key.standbys())
                + " q"
                + key.quorum()
                + ", "
                + number
                + " of "
                + letters(names);
    }
}
