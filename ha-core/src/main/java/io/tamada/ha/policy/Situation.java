package io.tamada.ha.policy;

import io.tamada.ha.dcs.HeldLease;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.LeaderKey;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.port.PostgresTask;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Our standing, as far as it decides which rules apply. Each case holds just what its rules need.
///
/// The order of the cases is the order in which they are recognised: the first that fits counts.
public sealed interface Situation {

    /// The agent was asked to end.
    record Leaving(@Nullable ClusterView view) implements Situation {}

    /// The store did not answer.
    record StoreSilent(String problem) implements Situation {}

    /// A long task runs.
    record Busy(ClusterView view, PostgresTask task, Duration elapsed) implements Situation {}

    /// We are making a new cluster.
    record Bootstrapping(ClusterView view, Memory.Bootstrap phase) implements Situation {}

    /// There is no data to run on.
    ///
    /// @param problem why it can't be read; null when it is simply empty
    record NoData(ClusterView view, @Nullable String problem) implements Situation {}

    /// There is data, but no server runs.
    record Down(ClusterView view, LocalPostgres.Stopped postgres) implements Situation {}

    /// A server runs and we hold the lease: the only case that carries the proof.
    record Leading(ClusterView view, HeldLease lease) implements Situation {}

    /// A server runs and somebody else leads, in the store's word or by a promise we gave.
    record Following(ClusterView view, MemberName leader) implements Situation {}

    /// A server runs and nobody leads.
    record Leaderless(ClusterView view) implements Situation {}

    /// Recognises the situation.
    static Situation of(Observation seen) {
        ClusterView view = seen.store() instanceof StoreAnswer.Seen(ClusterView v) ? v : null;
        if (seen.leaving()) {
            return new Leaving(view);
        }
        if (view == null) {
            return new StoreSilent(((StoreAnswer.Silent) seen.store()).problem());
        }
        if (seen.task() instanceof TaskView.Running(PostgresTask task, Duration elapsed, _)) {
            return new Busy(view, task, elapsed);
        }
        if (seen.memory().bootstrap() != Memory.Bootstrap.NONE) {
            return new Bootstrapping(view, seen.memory().bootstrap());
        }
        return switch (seen.postgres()) {
            case LocalPostgres.NoData(String problem) -> new NoData(view, problem);
            case LocalPostgres.Stopped stopped -> new Down(view, stopped);
            case LocalPostgres.Starting _,
                    LocalPostgres.Stopping _,
                    LocalPostgres.Standby _,
                    LocalPostgres.Primary _,
                    LocalPostgres.Unresponsive _ ->
                    running(seen, view);
        };
    }

    private static Situation running(Observation seen, ClusterView view) {
        if (seen.lease() != null) {
            return new Leading(view, seen.lease());
        }
        return switch (view.leader()) {
            case LeaderKey.HeldBy(MemberName name, _, _) -> new Following(view, name);
            case LeaderKey.Free() -> promised(seen, view);
        };
    }

    /// A primary that goes on without the store, and asked us, leads as long as our promise runs.
    private static Situation promised(Observation seen, ClusterView view) {
        FailsafePromise promise = seen.ping();
        if (promise != null
                && seen.now() - promise.atNanos() < seen.settings().timings().ttl().toNanos()
                && !promise.ping().name().equals(seen.me().name())) {
            return new Following(view, promise.ping().name());
        }
        return new Leaderless(view);
    }
}
