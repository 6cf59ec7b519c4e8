package io.tamada.agent;

import io.tamada.ha.dcs.DcsCapabilities;
import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.DcsKey;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.LeaseGrant;
import io.tamada.ha.dcs.LeaseRenewal;
import io.tamada.ha.dcs.LeaseRequest;
import io.tamada.ha.dcs.LeaseResult;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.ReadResult;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.dcs.WakeUps;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.time.Deadline;
import io.tamada.testkit.InMemoryStore;
import io.tamada.testkit.ManualTime;
import java.time.Duration;

/// A store that can only be looked at: whoever writes to it fails.
///
/// @param latency how long a look takes
record ShownStore(ReadResult shown, ManualTime time, Duration latency)
        implements DistributedConfigStore {

    @Override
    public DcsCapabilities capabilities() {
        return InMemoryStore.CAPABILITIES;
    }

    @Override
    public ReadResult read(Deadline by) {
        time.advance(latency);
        return shown;
    }

    private static AssertionError written() {
        return new AssertionError("nothing may be written");
    }

    @Override
    public WriteResult write(DcsEntry entry, Precondition when, Deadline by) {
        throw written();
    }

    @Override
    public WriteResult delete(DcsKey key, Precondition when, Deadline by) {
        throw written();
    }

    @Override
    public LeaseResult acquireLeader(LeaseRequest request, Deadline by) {
        throw written();
    }

    @Override
    public LeaseResult renewLeader(LeaseRenewal renewal, Deadline by) {
        throw written();
    }

    @Override
    public WriteResult releaseLeader(LeaseGrant held, Deadline by) {
        throw written();
    }

    @Override
    public WriteResult keepSession(Duration ttl, Deadline by) {
        throw written();
    }

    @Override
    public WriteResult deleteCluster(Deadline by) {
        throw written();
    }

    @Override
    public Subscription watch(WakeUps wakeUps) {
        return () -> {};
    }

    @Override
    public void close() {}
}
