package io.tamada.ha.model;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The `/sync` key: which members are certain to hold every acknowledged commit.
///
/// @param leader the primary that wrote it; null when synchronous replication isn't active
/// @param standbys the voters, sorted
/// @param quorum how many voters besides itself a candidate must hear; 0 in priority mode
public record SyncState(@Nullable MemberName leader, SortedSet<MemberName> standbys, int quorum) {

    /// No leader, no voters: the asynchronous rules apply.
    public static final SyncState EMPTY = new SyncState(null, new TreeSet<>(), 0);

    public SyncState {
        standbys = Collections.unmodifiableSortedSet(new TreeSet<>(standbys));
        if (quorum < 0 || (quorum > 0 && quorum >= standbys.size())) {
            throw new IllegalArgumentException(
                    "sync: quorum "
                            + quorum
                            + " can't be reached by "
                            + standbys.size()
                            + " voters");
        }
        if (leader == null && !standbys.isEmpty()) {
            throw new IllegalArgumentException("sync: standbys " + standbys + " without a leader");
        }
    }

    public static SyncState of(MemberName leader, Collection<MemberName> standbys, int quorum) {
        return new SyncState(leader, new TreeSet<>(standbys), quorum);
    }

    public boolean isActive() {
        return leader != null;
    }

    public boolean isLeader(MemberName name) {
        return leader != null && leader.sameStandby(name);
    }

    public boolean lists(MemberName name) {
        return standbys.stream().anyMatch(name::sameStandby);
    }

    /// Leader or voter.
    public boolean includes(MemberName name) {
        return isLeader(name) || lists(name);
    }
}
