package io.tamada.ha.policy;

import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.Peer;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Could somebody take over from this leader now?
final class SuccessionRules {

    private SuccessionRules() {}

    sealed interface Answer {

        /// @param best first choice first
        record Yes(List<MemberName> best) implements Answer {}

        record No(String reason) implements Answer {}

        /// Peers have to be asked first.
        record Ask(Decision question) implements Answer {}
    }

    /// @param only the one requested candidate; null for any
    /// @param except who must not count; null for nobody
    /// @param manual a manual failover, which may go to an asynchronous standby
    /// @param atLeast the position that they must have; null for the lag limit
    static Answer ask(
            Deliberation d,
            ClusterView view,
            @Nullable MemberName only,
            @Nullable MemberName except,
            boolean manual,
            Lsn mine,
            @Nullable Lsn atLeast) {
        Collection<Peer> peers =
                Candidates.members(d, view).values().stream()
                        .filter(p -> only == null || p.name().equals(only))
                        .filter(p -> !p.name().equals(except))
                        .filter(p -> !noFailover(view, p.name()))
                        .filter(p -> manual || syncAllows(d, view, p.name()))
                        .toList();
        if (peers.isEmpty()) {
            return new Answer.No(
                    only == null
                            ? "there is no other member that may lead"
                            : only + " may not lead");
        }
        Decision question = d.askMissing(Rule.ASK_SUCCESSORS, peers);
        if (question != null) {
            return new Answer.Ask(question);
        }
        List<MemberName> good = Candidates.successors(d, view, peers, mine, atLeast);
        int needed =
                only == null && Candidates.quorumActive(d, view)
                        ? view.sync().value().quorum() + 1
                        : 1;
        return good.size() >= needed
                ? new Answer.Yes(good)
                : new Answer.No("no candidate is healthy and close enough");
    }

    private static boolean noFailover(ClusterView view, MemberName name) {
        MemberStatus member = view.member(name);
        return member != null && member.tags().noFailover();
    }

    /// Only a standby that commits wait for may follow.
    private static boolean syncAllows(Deliberation d, ClusterView view, MemberName name) {
        return !Candidates.syncActive(d, view) || view.sync().value().lists(name);
    }

    static Answer forRequest(Deliberation d, ClusterView view, FailoverRequest request, Lsn mine) {
        return ask(
                d,
                view,
                request.target(),
                null,
                request instanceof FailoverRequest.Failover,
                mine,
                null);
    }
}
