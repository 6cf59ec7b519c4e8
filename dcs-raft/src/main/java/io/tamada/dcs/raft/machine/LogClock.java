package io.tamada.dcs.raft.machine;

import io.tamada.ha.time.TimeSource;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The time of the log: how the leader stamps commands, and how the next leader goes on from there.
///
/// Every node remembers the machine's time after the last entry that it applied, and the reading of
/// its own elapsed clock at which it had received that entry: the *anchor*. A node that begins to
/// lead stamps with `anchor time + (own clock − anchor reading)`, and keeps that one running clock
/// for as long as it leads.
///
/// **No lease ends early.** Take a session that was granted or renewed by an entry with the
/// effective stamp `s`, stamped at the real moment `t`, for the time `T`. Its end is `s + T`; it is
/// over when an entry with a stamp of at least that is applied. Claim: whoever stamps at a real
/// moment `u ≥ t` in an entry that comes later in the log, stamps at most `s + (u − t)`. For one
/// leader this holds because its running clock moves with real time. For the next one: when it
/// begins to lead it has applied everything that earlier leaders committed, also what it had
/// received but not known to be committed, so its anchor is the largest stamp there is, `m ≥ s`.
/// That stamp was made at some moment `v ≥ t`, so by the same claim `m ≤ s + (v − t)`, and the node
/// applied it at some moment `w ≥ v`. At `u` it stamps `m + (u − w) ≤ s + (v − t) + (u − v) = s +
/// (u − t)`. Hence the end is never reached before `t + T`, and the holder counts from before it
/// sent the request, which is not after `t`. An anchor read back from disk after a restart is only
/// later still: the time that all members were down is not counted.
///
/// For this a node must anchor anew at *every* entry, and never go on from an older anchor because
/// that reads more: its clock may then be ahead of a leader that applied an entry later than
/// itself, and would end early what that leader granted. For the same reason a stamp is only good
/// within the term whose clock made it ([Leadership#term]): a node that lost and regained the lead
/// in between has a new clock.
///
/// **No lease ends late by more than replication takes.** The only real time that is not counted is
/// `w − v`, the delay between stamping an entry and receiving it on the node that leads next. (When
/// an entry is applied does not matter: a follower learns late that it is committed, and after the
/// leader's death only with the next leader.)
public final class LogClock {

    /// More entries are never received and not yet applied; of more, the oldest count as received
    /// when applied.
    private static final int UNAPPLIED_MAX = 1 << 16;

    private final TimeSource source;
    private final NavigableMap<Long, Long> received = new TreeMap<>();
    private long anchorTime;
    private long anchorReading;
    private @Nullable Leadership leadership;
    private @Nullable Leadership latest;

    public LogClock(TimeSource source) {
        this.source = source;
        this.anchorReading = source.nanos();
    }

    /// One leader's running clock.
    ///
    /// @param term the only term in which its stamps may enter the log
    public record Leadership(long term, long startTime, long startReading, TimeSource source) {

        /// The stamp of a command that is proposed now.
        public long stamp() {
            return startTime + Math.max(0, source.nanos() - startReading);
        }
    }

    /// Entries have come in, from the leader or from ourselves; they replace any of the same or a
    /// higher index.
    public synchronized void received(long firstIndex, int count) {
        long now = source.nanos();
        received.tailMap(firstIndex, true).clear();
        for (int i = 0; i < count; i++) {
            received.put(firstIndex + i, now);
        }
        while (received.size() > UNAPPLIED_MAX) {
            received.pollFirstEntry();
        }
    }

    /// To be called after each applied entry and each loaded snapshot, with the machine's time
    /// after it. What was read from disk counts as received now.
    public synchronized void applied(long index, long machineTime) {
        Long reading = received.get(index);
        anchorTime = machineTime;
        anchorReading = reading == null ? source.nanos() : reading;
        received.headMap(index, true).clear();
    }

    /// This node leads, and has applied all that earlier leaders committed. There is one clock per
    /// term: who leads on in a term after all goes on with the clock it had.
    public synchronized Leadership lead(long term) {
        Leadership before = latest;
        Leadership now =
                before != null && before.term() == term
                        ? before
                        : new Leadership(term, anchorTime, anchorReading, source);
        latest = now;
        leadership = now;
        return now;
    }

    /// This node leads no more.
    public synchronized void follow() {
        leadership = null;
    }

    /// The running clock while this node leads, else null.
    public synchronized @Nullable Leadership leadership() {
        return leadership;
    }
}
