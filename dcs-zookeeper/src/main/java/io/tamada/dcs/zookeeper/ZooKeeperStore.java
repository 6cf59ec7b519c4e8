package io.tamada.dcs.zookeeper;

import io.tamada.dcs.KeyValueStore;
import io.tamada.ha.dcs.DcsCapabilities;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.dcs.WakeUps;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.curator.ensemble.EnsembleProvider;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.jspecify.annotations.Nullable;

/// One cluster's keys in ZooKeeper.
///
/// Reads and keys that stay go over one connection, each session of ours has another.
final class ZooKeeperStore implements KeyValueStore {

    static final String CLOSED = "this store is closed";

    /// A server grants twice its tick at least, which is nearly always more.
    private static final Duration TTL_MIN = Duration.ofSeconds(1);

    private static final DcsCapabilities CAPABILITIES =
            new DcsCapabilities(
                    true, DcsCapabilities.Expiry.STORE, TTL_MIN, Duration.ofMillis(1), true, false);

    private final Layout layout;
    private final WorkLine work;
    private final LeaseSessions sessions;
    private final ChangeHints hints;
    private final Snapshot snapshot;
    private final PlainKeys plain;
    private final OwnedKeys owned;
    private volatile boolean closed;

    /// @param timeout after which a dead connection for reads is given up
    ZooKeeperStore(
            Layout layout,
            Dialer dialer,
            EnsembleProvider servers,
            Duration timeout,
            TimeSource time) {
        this.layout = layout;
        this.hints = new ChangeHints(layout.paths());
        this.work = new WorkLine(dialer, servers, timeout, hints::turned);
        this.sessions = new LeaseSessions(dialer, time);
        this.snapshot = new Snapshot(layout, work);
        this.plain = new PlainKeys(layout, work);
        this.owned = new OwnedKeys(layout, plain);
    }

    @Override
    public DcsCapabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Range range(Deadline by) throws InterruptedException {
        return closed ? new Range.Unknown(CLOSED) : snapshot.read(by);
    }

    @Override
    public WriteResult put(
            String key, String value, Precondition when, @Nullable Session session, Deadline by)
            throws InterruptedException {
        if (closed) {
            return new WriteResult.Unknown(CLOSED);
        }
        if (session == null) {
            return plain.put(key, value, when, by);
        }
        LeaseSession own = sessions.find(session);
        return own == null
                ? new WriteResult.Refused(SESSION_LOST)
                : owned.put(key, value, when, own, by);
    }

    @Override
    public WriteResult remove(String key, Precondition when, Deadline by)
            throws InterruptedException {
        return closed ? new WriteResult.Unknown(CLOSED) : plain.remove(key, when, by);
    }

    @Override
    public WriteResult removeOwned(String key, Session session, Deadline by)
            throws InterruptedException {
        return closed ? new WriteResult.Unknown(CLOSED) : plain.removeOwned(key, session, by);
    }

    @Override
    public WriteResult removeAll(Deadline by) throws InterruptedException {
        return closed ? new WriteResult.Unknown(CLOSED) : plain.removeAll(by);
    }

    @Override
    public SessionResult openSession(Duration ttl, Deadline by) throws InterruptedException {
        return closed ? new SessionResult.Unknown(CLOSED) : sessions.open(ttl, by);
    }

    @Override
    public SessionResult renewSession(Session session, @Nullable String ownedKey, Deadline by)
            throws InterruptedException {
        if (closed) {
            return new SessionResult.Unknown(CLOSED);
        }
        LeaseSession own = sessions.find(session);
        if (own == null) {
            return new SessionResult.Lost(SESSION_LOST);
        }
        String key = ownedKey == null ? layout.base() : layout.path(ownedKey);
        LeaseSession.Outcome outcome = own.renew(layout.base(), List.of(Op.getData(key)), by);
        if (!(outcome instanceof LeaseSession.Outcome.Done(Answer answer))) {
            return new SessionResult.Lost(SESSION_LOST);
        }
        List<OpResult> results = answer.results();
        if (results == null) {
            return new SessionResult.Unknown(answer.problem());
        }
        Session renewed = LeaseSessions.described(own);
        if (ownedKey == null) {
            return new SessionResult.Granted(renewed);
        }
        Node node = Node.read(Objects.requireNonNull(results), 0);
        return node != null && own.isNamed(node.session())
                ? new SessionResult.Granted(renewed)
                : new SessionResult.NotOwner(
                        renewed, "the key belongs to somebody else, or is gone");
    }

    @Override
    public Subscription watch(WakeUps wakeUps) {
        return hints.add(wakeUps);
    }

    /// The ensemble has other servers than before: those that are gone are left.
    void serversChanged() {
        if (!closed) {
            work.move();
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            sessions.close();
            work.close();
        }
    }
}
