package io.tamada.ha.dcs;

import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Holds the leader lease, and the only arithmetic there is about it.
///
/// With `c` the clock just before a granting or renewing request was sent and `T` the time granted,
/// the store cannot expire the lease before `c + T`; the *edge* is `c + T` less a thousandth for
/// clocks that run at different rates. Thread-safe: the loop acquires and releases, a thread of its
/// own renews.
public final class LeaseKeeper {

    /// Clocks of two machines may differ in rate by this part.
    private static final int RATE_BOUND = 1000;

    /// At the latest after this part of the ttl a renewal is due, so that one lost renewal is
    /// survived.
    private static final int RENEWALS_PER_TTL = 3;

    private final DistributedConfigStore store;
    private final TimeSource time;
    private final ReentrantLock calls = new ReentrantLock();

    private volatile @Nullable HeldLease held;
    private volatile long renewedAt;
    private volatile boolean refused;
    private volatile Duration ttl;

    public LeaseKeeper(DistributedConfigStore store, TimeSource time, Duration ttl) {
        this.store = store;
        this.time = time;
        this.ttl = ttl;
    }

    /// The lease, if it is held and its edge has not passed.
    public @Nullable HeldLease current() {
        HeldLease lease = held;
        return lease != null && lease.edgeNanos() - time.nanos() > 0 ? lease : null;
    }

    boolean holds(String session) {
        HeldLease lease = current();
        return lease != null && lease.grant().session().equals(session);
    }

    /// True when the store said that the lease is not ours any more, until the next grant.
    public boolean wasRefused() {
        return refused;
    }

    /// The ttl to ask for from now on.
    public void useTtl(Duration value) {
        ttl = value;
    }

    /// The clock reading at which the next renewal is due; meaningful only while a lease is held.
    public long renewalDueNanos() {
        return renewedAt + ttl.dividedBy(RENEWALS_PER_TTL).toNanos();
    }

    /// Asks for the leader key.
    public LeaseResult acquire(LeaseRequest request, Deadline by) throws InterruptedException {
        calls.lockInterruptibly();
        try {
            long sent = time.nanos();
            return judged(store.acquireLeader(request, by), sent);
        } finally {
            calls.unlock();
        }
    }

    /// Renews the lease that is held. Refused when none is.
    public LeaseResult renew(Deadline by) throws InterruptedException {
        calls.lockInterruptibly();
        try {
            HeldLease lease = held;
            if (lease == null) {
                return new LeaseResult.Refused("no lease is held");
            }
            Duration wanted = ttl;
            long sent = time.nanos();
            if (wanted.compareTo(lease.grant().ttl()) < 0) {
                // Even if no answer comes the store may count by the shorter ttl from now on.
                long edge = edge(sent, wanted);
                held =
                        edge - lease.edgeNanos() < 0
                                ? new HeldLease(this, lease.grant(), edge)
                                : lease;
            }
            return judged(store.renewLeader(new LeaseRenewal(lease.grant(), wanted), by), sent);
        } finally {
            calls.unlock();
        }
    }

    private LeaseResult judged(LeaseResult result, long sentNanos) {
        switch (result) {
            case LeaseResult.Granted(LeaseGrant grant) -> {
                held = new HeldLease(this, grant, edge(sentNanos, grant.ttl()));
                renewedAt = sentNanos;
                refused = false;
            }
            case LeaseResult.Refused _ -> {
                held = null;
                refused = true;
            }
            case LeaseResult.Unknown _ -> {
                // What is held stays held until its edge; nothing new is believed.
            }
        }
        return result;
    }

    static long edge(long sentNanos, Duration granted) {
        return sentNanos + granted.minus(granted.dividedBy(RATE_BOUND)).toNanos();
    }

    /// Gives the lease back. From the moment this is called it is not believed any more, whatever
    /// comes of the call.
    public WriteResult release(Deadline by) throws InterruptedException {
        calls.lockInterruptibly();
        try {
            HeldLease lease = held;
            held = null;
            return lease == null
                    ? new WriteResult.Refused("no lease is held")
                    : store.releaseLeader(lease.grant(), by);
        } finally {
            calls.unlock();
        }
    }

    /// Stops believing in the lease without telling the store, which will let it expire.
    public void abandon() {
        held = null;
    }
}
