package io.tamada.ha.policy;

import io.tamada.ha.dcs.LeaseRequest;
import io.tamada.ha.model.ClusterView;
import org.jspecify.annotations.Nullable;

/// The lease as such: what we believe of it, and what the store says.
final class LeaseRules {

    @Nullable Decision decide(Deliberation d, ClusterView view) {
        boolean mine = view.leader().isHeldBy(d.me());
        if (d.seen.lease() != null && !mine) {
            d.because("the store shows " + holder(view) + " as leader");
            return d.coordinate(Rule.LEASE_GONE, new CoordinationStep.Abandon());
        }
        if (d.seen.lease() == null && mine && d.notYet(Rule.LEASE_REGAINED) && mayRegain(d)) {
            return d.acquire(Rule.LEASE_REGAINED, LeaseRequest.Mode.IF_FREE);
        }
        return null;
    }

    /// The key carries our name from before a restart of the agent, or from a lease whose edge has
    /// passed here. While we are giving it away it is left to expire.
    private static boolean mayRegain(Deliberation d) {
        return d.memory.steppingDown == null
                && d.seen.memory().bootstrap() == Memory.Bootstrap.NONE;
    }

    private static String holder(ClusterView view) {
        return view.leaderName() == null ? "nobody" : view.leaderName().toString();
    }
}
