package io.tamada.pg;

import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.HeldLease;
import io.tamada.ha.dcs.LeaseGrant;
import io.tamada.ha.dcs.LeaseKeeper;
import io.tamada.ha.dcs.LeaseRequest;
import io.tamada.ha.dcs.LeaseResult;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Revision;
import io.tamada.ha.time.Deadline;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Objects;

/// Leases of a store that grants everything.
final class Leases {

    private static final Duration TTL = Duration.ofMinutes(10);

    private Leases() {}

    static HeldLease held() {
        return acquired(keeper());
    }

    static HeldLease lost() {
        LeaseKeeper keeper = keeper();
        HeldLease lease = acquired(keeper);
        try {
            keeper.release(Deadline.after(TestServer.TIME, TTL));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return lease;
    }

    private static HeldLease acquired(LeaseKeeper keeper) {
        try {
            keeper.acquire(
                    new LeaseRequest(MemberName.of("me"), TTL, LeaseRequest.Mode.IF_FREE),
                    Deadline.after(TestServer.TIME, TTL));
            return Objects.requireNonNull(keeper.current());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static LeaseKeeper keeper() {
        LeaseGrant grant = new LeaseGrant(MemberName.of("me"), Revision.of(1), "session", TTL);
        DistributedConfigStore store =
                (DistributedConfigStore)
                        Proxy.newProxyInstance(
                                Leases.class.getClassLoader(),
                                new Class<?>[] {DistributedConfigStore.class},
                                (_, method, _) ->
                                        method.getName().equals("acquireLeader")
                                                ? new LeaseResult.Granted(grant)
                                                : new WriteResult.Refused("only leases here"));
        return new LeaseKeeper(store, TestServer.TIME, TTL);
    }
}
