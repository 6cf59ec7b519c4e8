package io.tamada.ha.dcs;

import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Revision;
import io.tamada.ha.time.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/// A store whose answers about the lease are written down beforehand. For the rest it has none.
public final class ScriptedStore implements DistributedConfigStore {

    private final Deque<Supplier<LeaseResult>> answers = new ArrayDeque<>();
    final List<Object> asked = new ArrayList<>();

    /// A store that has no answers yet.
    public ScriptedStore() {
        // They are given by `next`.
    }

    void next(Supplier<LeaseResult> answer) {
        answers.add(answer);
    }

    /// A lease as the keeper makes them.
    public static HeldLease lease(MemberName holder, Duration ttl, long edgeNanos) {
        LeaseGrant grant = new LeaseGrant(holder, Revision.of(1), holder.value(), ttl);
        return new HeldLease(
                new LeaseKeeper(new ScriptedStore(), new TestClock(), ttl), grant, edgeNanos);
    }

    @Override
    public LeaseResult acquireLeader(LeaseRequest request, Deadline by) {
        asked.add(request);
        return answers.remove().get();
    }

    @Override
    public LeaseResult renewLeader(LeaseRenewal renewal, Deadline by) {
        asked.add(renewal);
        return answers.remove().get();
    }

    @Override
    public WriteResult releaseLeader(LeaseGrant held, Deadline by) {
        asked.add(held);
        return new WriteResult.Unknown("not told");
    }

    @Override
    public DcsCapabilities capabilities() {
        return new DcsCapabilities(
                true,
                DcsCapabilities.Expiry.STORE,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                true,
                false);
    }

    @Override
    public ReadResult read(Deadline by) {
        return new ReadResult.Seen(ClusterView.EMPTY);
    }

    @Override
    public WriteResult write(DcsEntry entry, Precondition when, Deadline by) {
        return new WriteResult.Unknown("not scripted");
    }

    @Override
    public WriteResult delete(DcsKey key, Precondition when, Deadline by) {
        return new WriteResult.Unknown("not scripted");
    }

    @Override
    public WriteResult keepSession(Duration ttl, Deadline by) {
        return new WriteResult.Unknown("not scripted");
    }

    @Override
    public WriteResult deleteCluster(Deadline by) {
        return new WriteResult.Unknown("not scripted");
    }

    @Override
    public Subscription watch(WakeUps wakeUps) {
        return () -> {};
    }

    @Override
    public void close() {}
}
