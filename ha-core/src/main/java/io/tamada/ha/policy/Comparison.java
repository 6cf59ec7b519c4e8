package io.tamada.ha.policy;

import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Peer;
import io.tamada.ha.model.PeerAnswer.Answered;
import io.tamada.ha.model.SyncState;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Am I good enough to lead, by what the peers answered? Every one of them is named, with what
/// keeps it from leading or lets it go first, so that the journal tells of all candidates.
final class Comparison {

    private final Deliberation d;
    private final ClusterView view;
    private final Lsn mine;
    private final int timeline;
    private final @Nullable MemberName formerLeader;
    private final boolean sync;
    private final boolean quorum;
    private final SyncState state;

    /// @param mine my WAL position
    /// @param timeline my timeline; 0 when unknown
    /// @param formerLeader whose equal position doesn't outrank mine; null for nobody
    Comparison(
            Deliberation d,
            ClusterView view,
            Lsn mine,
            int timeline,
            @Nullable MemberName formerLeader) {
        this.d = d;
        this.view = view;
        this.mine = mine;
        this.timeline = timeline;
        this.formerLeader = formerLeader;
        this.sync = Candidates.syncActive(d, view);
        this.quorum = Candidates.quorumActive(d, view);
        this.state = view.sync().value();
    }

    /// The result of comparing myself with the others.
    sealed interface Verdict {
        record Best() implements Verdict {}

        record NotBest(String reason) implements Verdict {}
    }

    /// What a peer means for me.
    private enum Standing {
        /// It has to lead, or may.
        GOES_FIRST,
        /// It is ahead, but can't be waited for.
        AHEAD,
        /// It confirms that it has nothing that I lack.
        CONFIRMS,
        /// It says nothing for or against me.
        OUT
    }

    private record Finding(Standing standing, String sentence) {}

    /// @param peers whom to compare with
    Verdict with(Collection<Peer> peers) {
        int votes = !quorum || state.includes(d.me()) ? 0 : -1;
        boolean someoneAhead = false;
        String first = null;
        for (Peer peer : peers) {
            Finding finding = finding(peer.name());
            d.because(finding.sentence());
            switch (finding.standing()) {
                case GOES_FIRST -> first = first == null ? finding.sentence() : first;
                case AHEAD -> someoneAhead = true;
                case CONFIRMS -> votes += state.includes(peer.name()) ? 1 : 0;
                case OUT -> {}
            }
        }
        if (first != null) {
            return new Verdict.NotBest(first);
        }
        boolean ledLast = state.isLeader(d.me()) && !anotherLedLast();
        if (!quorum || votes >= state.quorum() || (!someoneAhead && ledLast)) {
            return new Verdict.Best();
        }
        return new Verdict.NotBest(
                "only " + Math.max(votes, 0) + " of " + state.quorum() + " needed voters confirm");
    }

    /// The key still names me as its leader, but somebody else has led, and may have acknowledged
    /// commits, before it was rewritten.
    private boolean anotherLedLast() {
        ClusterView before = d.memory.lastHealthy;
        return before != null && !before.leader().isHeldBy(d.me());
    }

    private Finding finding(MemberName peer) {
        if (!(d.answerOf(peer) instanceof Answered a)) {
            return new Finding(
                    Standing.OUT,
                    peer + " does not answer: " + Candidates.silence(d.answerOf(peer)));
        }
        if (!a.inRecovery()) {
            return new Finding(Standing.GOES_FIRST, peer + " still accepts writes");
        }
        if (mayLead(peer, a)
                && a.timeline() != null
                && timeline > 0
                && a.timeline().value() > timeline) {
            return new Finding(
                    Standing.GOES_FIRST,
                    peer + " is on timeline " + a.timeline() + ", mine is " + timeline);
        }
        if (!(sync && state.includes(peer)) && Candidates.hasDiverged(view, a)) {
            return new Finding(
                    Standing.OUT,
                    peer
                            + " has WAL of timeline "
                            + a.timeline()
                            + " that the cluster's history has not");
        }
        if (a.watchdogFailed()) {
            return new Finding(Standing.OUT, peer + " has no usable watchdog");
        }
        if (a.position().isZero()) {
            return new Finding(Standing.OUT, peer + " has no WAL position");
        }
        return a.position().isAfter(mine) ? ahead(peer, a) : notAhead(peer, a);
    }

    private boolean mayLead(MemberName peer, Answered a) {
        return !a.tags().noFailover() && !Candidates.isOutOfFailsafe(d, view, peer);
    }

    private Finding ahead(MemberName peer, Answered a) {
        boolean voter = state.includes(peer);
        boolean mayLead = mayLead(peer, a);
        if (!mayLead && !(quorum && voter)) {
            return new Finding(
                    Standing.OUT, peer + " is ahead at " + a.position() + " but may not lead");
        }
        if (sync && state.isLeader(peer)) {
            return new Finding(
                    Standing.AHEAD, peer + " led before and is ahead at " + a.position());
        }
        if (quorum && !mayLead) {
            return new Finding(
                    Standing.AHEAD,
                    peer + " is ahead at " + a.position() + ", may not lead, and gives no vote");
        }
        return new Finding(
                Standing.GOES_FIRST,
                "Wal position of "
                        + peer
                        + " is ahead of my wal position: "
                        + a.position()
                        + " against "
                        + mine);
    }

    private Finding notAhead(MemberName peer, Answered a) {
        boolean voter = state.includes(peer);
        boolean equal = a.position().equals(mine);
        int myPriority = d.seen.me().tags().failoverPriority();
        int theirs = a.tags().failoverPriority();
        if (mayLead(peer, a) && equal && theirs > myPriority && !(quorum && !voter)) {
            return peer.equals(formerLeader)
                    ? new Finding(Standing.CONFIRMS, peer + " has a higher priority but led before")
                    : new Finding(
                            Standing.GOES_FIRST,
                            peer
                                    + " has equally tolerable WAL position and priority "
                                    + theirs
                                    + ", while this node has priority "
                                    + myPriority);
        }
        return new Finding(
                Standing.CONFIRMS,
                peer
                        + (equal ? " is as far: " + mine : " is behind: " + a.position())
                        + (equal ? "" : ", mine is " + mine)
                        + (mayLead(peer, a) ? "" : "; it may not lead"));
    }
}
