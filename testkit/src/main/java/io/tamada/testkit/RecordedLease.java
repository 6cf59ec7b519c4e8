package io.tamada.testkit;

import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.HeldLease;
import io.tamada.ha.dcs.LeaseGrant;
import io.tamada.ha.dcs.LeaseKeeper;
import io.tamada.ha.dcs.LeaseRequest;
import io.tamada.ha.dcs.LeaseResult;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;

/// A lease as a journal recorded it. It proves nothing to anybody: no store stands behind it.
final class RecordedLease {

    private RecordedLease() {}

    /// A lease is made by its keeper alone, which counts from when it asked. So it is asked at the
    /// moment that gives the recorded edge.
    static HeldLease of(LeaseGrant grant, long edgeNanos) {
        Clock clock = new Clock();
        LeaseKeeper keeper = new LeaseKeeper(granting(grant), clock, grant.ttl());
        clock.nanos = edgeNanos - acquired(keeper, grant, clock).edgeNanos();
        return acquired(keeper, grant, clock);
    }

    private static HeldLease acquired(LeaseKeeper keeper, LeaseGrant grant, TimeSource clock) {
        try {
            keeper.acquire(
                    new LeaseRequest(grant.holder(), grant.ttl(), LeaseRequest.Mode.IF_FREE),
                    Deadline.after(clock, Duration.ofSeconds(1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        HeldLease lease = keeper.current();
        if (lease == null) {
            throw new IllegalArgumentException("no lease can be so short: " + grant.ttl());
        }
        return lease;
    }

    private static DistributedConfigStore granting(LeaseGrant grant) {
        return (DistributedConfigStore)
                Proxy.newProxyInstance(
                        RecordedLease.class.getClassLoader(),
                        new Class<?>[] {DistributedConfigStore.class},
                        (_, _, _) -> new LeaseResult.Granted(grant));
    }

    private static final class Clock implements TimeSource {
        private long nanos;

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public Instant wall() {
            return Instant.EPOCH;
        }
    }
}
