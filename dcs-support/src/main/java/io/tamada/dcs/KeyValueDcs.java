package io.tamada.dcs;

import io.tamada.dcs.KeyValueStore.Session;
import io.tamada.dcs.KeyValueStore.SessionResult;
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
import io.tamada.ha.dcs.StoreServers;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.dcs.WakeUps;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Revision;
import io.tamada.ha.time.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The store contract, written once over a key-value store.
///
/// The member entry and the leader key share one session, so whatever keeps the one alive keeps the
/// other too: who gives up the lease while it goes on publishing itself has to release it. Another
/// ttl means another session; both keys pass over to it while they belong to the old one, so that
/// neither is ever free.
public final class KeyValueDcs implements DistributedConfigStore {

    private static final String NO_MEMBER = "this store was opened without being a member";

    private final KeyValueStore store;
    private final @Nullable MemberName member;
    private final Sessions sessions;
    private final OwnMember own;
    private final LeaderLease lease;
    private final ClusterDecoder decoder;

    /// @param member who we are; null for a tool that takes no lease and publishes nothing
    /// @param ttl of the first session, until a call asks for another
    public KeyValueDcs(KeyValueStore store, @Nullable MemberName member, Duration ttl) {
        this(store, member, ttl, new ReentrantLock(), new ClusterDecoder());
    }

    /// As above, with the lock that keeps two callers from opening two sessions, and with a decoder
    /// that several connections to one cluster may share: what has not changed is decoded once for
    /// all of them.
    public KeyValueDcs(
            KeyValueStore store,
            @Nullable MemberName member,
            Duration ttl,
            Lock opening,
            ClusterDecoder decoder) {
        this.store = store;
        this.member = member == null ? null : KeyPaths.withoutSlash(member);
        this.decoder = decoder;
        this.sessions = new Sessions(store, opening, ttl);
        this.own = new OwnMember(store, sessions);
        this.lease = new LeaderLease(store, sessions, own);
    }

    @Override
    public DcsCapabilities capabilities() {
        return store.capabilities();
    }

    @Override
    public ReadResult read(Deadline by) throws InterruptedException {
        return switch (store.range(by)) {
            case KeyValueStore.Range.Seen(var entries) ->
                    new ReadResult.Seen(decoder.decode(entries));
            case KeyValueStore.Range.Unknown(String problem) -> new ReadResult.Unknown(problem);
        };
    }

    @Override
    public WriteResult write(DcsEntry entry, Precondition when, Deadline by)
            throws InterruptedException {
        String key = KeyPaths.key(entry.key());
        String text = ClusterCodec.encode(entry);
        if (entry instanceof DcsEntry.Member(var status)) {
            requireSelf(status.name());
            return own.write(key, text, when, by);
        }
        return store.put(key, text, when, null, by);
    }

    @Override
    public WriteResult delete(DcsKey key, Precondition when, Deadline by)
            throws InterruptedException {
        WriteResult result = store.remove(KeyPaths.key(key), when, by);
        if (member != null
                && key.equals(DcsKey.member(member))
                && !(result instanceof WriteResult.Refused)) {
            own.withdrawn();
        }
        return result;
    }

    @Override
    public LeaseResult acquireLeader(LeaseRequest request, Deadline by)
            throws InterruptedException {
        requireSelf(request.holder());
        return lease.acquire(request, by);
    }

    @Override
    public LeaseResult renewLeader(LeaseRenewal renewal, Deadline by) throws InterruptedException {
        requireSelf(renewal.held().holder());
        return lease.renew(renewal, by);
    }

    @Override
    public WriteResult releaseLeader(LeaseGrant held, Deadline by) throws InterruptedException {
        requireSelf(held.holder());
        return lease.release(held, by);
    }

    @Override
    public WriteResult keepSession(Duration ttl, Deadline by) throws InterruptedException {
        if (member == null) {
            throw new IllegalStateException(NO_MEMBER);
        }
        return switch (kept(ttl, by)) {
            case SessionResult.Granted(Session now) -> settled(now, by);
            case SessionResult.NotOwner(Session now, _) -> settled(now, by);
            case SessionResult.Lost(String reason) -> new WriteResult.Refused(reason);
            case SessionResult.Unknown(String problem) -> new WriteResult.Unknown(problem);
        };
    }

    private SessionResult kept(Duration ttl, Deadline by) throws InterruptedException {
        Session session = sessions.current();
        if (session == null || (!sessions.serves(ttl) && !lease.isBoundTo(session))) {
            return sessions.fresh(ttl, by);
        }
        SessionResult renewed = store.renewSession(session, null, by);
        if (renewed instanceof SessionResult.Lost) {
            sessions.forget(session);
        }
        return renewed;
    }

    private WriteResult settled(Session session, Deadline by) throws InterruptedException {
        return own.settle(session, by)
                ? new WriteResult.Applied(new Revision(session.id()))
                : new WriteResult.Refused(
                        "the session was replaced: the member entry has to be written again");
    }

    @Override
    public WriteResult deleteCluster(Deadline by) throws InterruptedException {
        return store.removeAll(by);
    }

    @Override
    public void reload(ConfigDocument section) {
        store.reload(section);
    }

    @Override
    public Optional<StoreServers> servers() {
        return store.servers();
    }

    @Override
    public Subscription watch(WakeUps wakeUps) {
        return store.watch(wakeUps);
    }

    @Override
    public void close() {
        store.close();
    }

    private void requireSelf(MemberName name) {
        if (member == null) {
            throw new IllegalStateException(NO_MEMBER);
        }
        if (!member.equals(name)) {
            throw new IllegalArgumentException(
                    "this is the store of " + member + ", not of " + name);
        }
    }
}
