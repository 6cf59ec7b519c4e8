package io.tamada.ha.policy;

import io.tamada.ha.OperatorRequest;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Peer;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.PostgresOrder;
import io.tamada.ha.port.PostgresTask;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What to do next: one thing, whose outcome is part of the next observation.
public sealed interface Decision {

    /// The rule that fired.
    Rule rule();

    /// Nothing to do; look again after `atMost`, or when woken.
    record Hold(Rule rule, Duration atMost) implements Decision {}

    /// Ask these peers where they stand.
    record AskPeers(Rule rule, Set<Peer> peers) implements Decision {
        public AskPeers {
            peers = Set.copyOf(peers);
        }
    }

    /// The store is silent: ask these peers whether we may stay primary.
    record AskConsent(Rule rule, Set<Peer> peers) implements Decision {
        public AskConsent {
            peers = Set.copyOf(peers);
        }
    }

    /// Ask a source whether the local data can follow it.
    record Compare(Rule rule, Upstream source) implements Decision {}

    /// One guarded write to the store, or one call for the lease.
    record Coordinate(Rule rule, CoordinationStep step) implements Decision {}

    /// One short order to PostgreSQL.
    record Operate(Rule rule, PostgresOrder order) implements Decision {}

    /// Begin a long task in the background.
    ///
    /// @param request the operator's request that it fulfils; null for none
    record Begin(Rule rule, PostgresTask task, @Nullable Long request) implements Decision {}

    /// Cancel the running task.
    record Cancel(Rule rule) implements Decision {}

    /// Stop accepting writes now, whatever runs, by force if it must be.
    record Fence(Rule rule) implements Decision {}

    /// Arm or disarm the watchdog.
    record Guard(Rule rule, boolean on) implements Decision {}

    /// Tell an operator how the request ended.
    record Answer(Rule rule, long request, OperatorRequest.Outcome outcome) implements Decision {}

    /// End the agent.
    record Exit(Rule rule, int code) implements Decision {}

    /// The members that a question goes to, by name.
    static Set<MemberName> namesOf(Set<Peer> peers) {
        return peers.stream()
                .map(Peer::name)
                .collect(java.util.stream.Collectors.toUnmodifiableSet());
    }
}
