package io.tamada.ha.policy;

import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.FailsafeMode;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.Peer;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.model.PeerAnswer.Answered;
import io.tamada.ha.model.PeerAnswer.Silent;
import io.tamada.ha.model.TimelineHistory;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Who is eligible, who is ahead, and why not. Arithmetic over answers that were already given.
final class Candidates {

    private Candidates() {}

    /// Everybody with a REST address but me: members now, members when there last was a leader,
    /// failsafe members.
    static Map<MemberName, Peer> everybody(Deliberation d, ClusterView view) {
        Map<MemberName, Peer> peers = new TreeMap<>();
        view.failsafe().forEach((name, url) -> peers.put(name, new Peer(name, url)));
        ClusterView before = d.memory.lastHealthy;
        if (before != null) {
            addAll(peers, before.members().values());
        }
        addAll(peers, view.members().values());
        peers.remove(d.me());
        return peers;
    }

    /// The current members with a REST address but me.
    static Map<MemberName, Peer> members(Deliberation d, ClusterView view) {
        Map<MemberName, Peer> peers = new TreeMap<>();
        addAll(peers, view.members().values());
        peers.remove(d.me());
        return peers;
    }

    private static void addAll(Map<MemberName, Peer> peers, Collection<MemberStatus> members) {
        for (MemberStatus m : members) {
            String url = m.apiUrl();
            if (url != null) {
                peers.put(m.name(), new Peer(m.name(), url));
            }
        }
    }

    /// True while synchronous replication is both wanted and recorded in the store.
    static boolean syncActive(Deliberation d, ClusterView view) {
        return d.seen.settings().replication().isSynchronous() && view.sync().value().isActive();
    }

    static boolean quorumActive(Deliberation d, ClusterView view) {
        return d.seen.settings().replication().isQuorum() && view.sync().value().isActive();
    }

    /// Where a primary may go on by the consent of those in the list, nobody else takes over.
    static boolean isOutOfFailsafe(Deliberation d, ClusterView view, MemberName name) {
        return d.seen.settings().failsafe() != FailsafeMode.OFF
                && !view.failsafe().isEmpty()
                && !view.failsafe().containsKey(name);
    }

    static String silence(@Nullable PeerAnswer answer) {
        return answer instanceof Silent(String reason) ? reason : "not asked";
    }

    /// The lag limit and the timeline, which hold before any peer is asked.
    static @Nullable String unfit(
            Deliberation d, ClusterView view, Lsn mine, int timeline, boolean checkLag) {
        long lag = view.status().optime().minus(mine);
        if (checkLag && lag > d.seen.settings().maximumLagOnFailover()) {
            return "my WAL position is "
                    + lag
                    + " bytes behind the last known of the leader, more than"
                    + " maximum_lag_on_failover";
        }
        if (d.standbyCluster()) {
            return null;
        }
        if (isOnOldTimeline(d, view.timeline(), timeline)) {
            return "my timeline " + timeline + " is behind the cluster's " + view.timeline();
        }
        return hasDiverged(view.history(), timeline, mine)
                ? "my timeline "
                        + timeline
                        + " went on to "
                        + mine
                        + ", where the cluster's history does not"
                : null;
    }

    static boolean hasDiverged(ClusterView view, Answered a) {
        return a.timeline() != null
                && hasDiverged(view.history(), a.timeline().value(), a.position());
    }

    /// WAL of a timeline that ended before that position is on no branch that the cluster took.
    static boolean hasDiverged(@Nullable TimelineHistory history, int timeline, Lsn position) {
        if (history == null || timeline == 0) {
            return false;
        }
        for (TimelineHistory.Switch end : history.switches()) {
            if (end.parent().value() >= timeline) {
                return end.parent().value() > timeline || position.isAfter(end.at());
            }
        }
        return false;
    }

    /// Those of the peers who may take over from me, best first, with the reason noted for those
    /// who may not.
    ///
    /// @param atLeast the position that they must have; null to apply the lag limit against `mine`
    static List<MemberName> successors(
            Deliberation d,
            ClusterView view,
            Collection<Peer> peers,
            Lsn mine,
            @Nullable Lsn atLeast) {
        Map<MemberName, Answered> good = new TreeMap<>();
        for (Peer peer : peers) {
            if (!(d.answerOf(peer.name()) instanceof Answered a)) {
                d.because(peer.name() + " does not answer: " + silence(d.answerOf(peer.name())));
                continue;
            }
            String reason = unfitSuccessor(d, view, a, mine, atLeast);
            if (reason == null) {
                good.put(peer.name(), a);
            } else {
                d.because(peer.name() + " " + reason);
            }
        }
        Comparator<Answered> best =
                Comparator.comparing(Answered::position)
                        .thenComparingInt(a -> a.tags().failoverPriority())
                        .reversed();
        return good.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(best))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static @Nullable String unfitSuccessor(
            Deliberation d, ClusterView view, Answered a, Lsn mine, @Nullable Lsn atLeast) {
        if (a.tags().noFailover()) {
            return "is not allowed to promote";
        }
        if (a.watchdogFailed()) {
            return "has no usable watchdog";
        }
        if (atLeast != null ? a.position().isBefore(atLeast) : tooFar(d, a.position(), mine)) {
            return "is behind at " + a.position();
        }
        int newest = Math.max(view.timeline(), ownTimeline(d));
        if (isOnOldTimeline(d, newest, a.timeline() == null ? 0 : a.timeline().value())) {
            return "is on timeline " + a.timeline() + " while the cluster is on " + newest;
        }
        return null;
    }

    /// Of this primary, which may not have published it yet; 0 when it isn't known.
    private static int ownTimeline(Deliberation d) {
        return d.seen.postgres() instanceof LocalPostgres.Primary p && p.server().timeline() != null
                ? p.server().timeline().value()
                : 0;
    }

    /// A server that is promoted from an old timeline may number its new one like one that the
    /// cluster has used already, and from then on a comparison by number would miss a divergence.
    /// Hence only an operator may do that. `check_timeline` also keeps out servers whose timeline
    /// is not known.
    private static boolean isOnOldTimeline(Deliberation d, int newest, int timeline) {
        return timeline < newest && (timeline > 0 || d.seen.settings().checkTimeline());
    }

    private static boolean tooFar(Deliberation d, Lsn theirs, Lsn mine) {
        return mine.minus(theirs) > d.seen.settings().maximumLagOnFailover();
    }
}
