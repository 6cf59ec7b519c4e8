package io.tamada.ha.model;

import java.util.Collections;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The `/status` key, written by the lease holder only.
///
/// @param optime the holder's last published WAL position; zero when unknown
/// @param slots replication slot name to position
/// @param retainSlots slots of members seen recently, to be kept while their members are away
public record ClusterStatus(Lsn optime, Map<String, Lsn> slots, Set<String> retainSlots) {

    public static final ClusterStatus UNKNOWN = new ClusterStatus(Lsn.ZERO, Map.of(), Set.of());

    public ClusterStatus {
        slots =
                Collections.unmodifiableSequencedMap(
                        (SequencedMap<String, Lsn>) new TreeMap<>(slots));
        retainSlots = Collections.unmodifiableSortedSet(new TreeSet<>(retainSlots));
    }

    public ClusterStatus withOptime(Lsn position) {
        return new ClusterStatus(position, slots, retainSlots);
    }
}
