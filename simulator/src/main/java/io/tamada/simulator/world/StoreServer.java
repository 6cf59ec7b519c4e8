package io.tamada.simulator.world;

import io.tamada.dcs.KeyValueStore;
import io.tamada.dcs.KeyValueStore.Entry;
import io.tamada.dcs.KeyValueStore.Session;
import io.tamada.dcs.KeyValueStore.SessionResult;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.Revision;
import io.tamada.simulator.baton.BatonScheduler;
import io.tamada.simulator.baton.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The store itself: one linearizable key-value server with sessions, which expire by its own
/// clock.
public final class StoreServer {

    private record Item(String value, long revision, @Nullable String session) {}

    private final class Lease {
        private final String id;
        private Duration ttl;
        private Timer expiry;

        Lease(String id, Duration ttl) {
            this.id = id;
            this.ttl = ttl;
            this.expiry = armed();
        }

        private Timer armed() {
            long late =
                    scheduler.random().nextInt(4) == 0
                            ? scheduler.random().nextLong(500_000_000L)
                            : 0;
            return scheduler.in(ttl.toNanos() + late, () -> expire(id));
        }

        void renew() {
            expiry.cancel();
            expiry = armed();
        }
    }

    private final BatonScheduler scheduler;
    private final TreeMap<String, Item> items = new TreeMap<>();
    private final Map<String, Lease> sessions = new TreeMap<>();
    private final List<BiConsumer<String, @Nullable String>> observers = new ArrayList<>();
    private long revision;
    private long sessionsOpened;
    private boolean silent;

    public StoreServer(BatonScheduler scheduler) {
        this.scheduler = scheduler;
    }

    /// Is told of each change: the key, and its new value or null when it was deleted.
    public void observe(BiConsumer<String, @Nullable String> observer) {
        observers.add(observer);
    }

    /// Whether it answers at all. Its clock goes on when it doesn't.
    public void silence(boolean on) {
        silent = on;
    }

    boolean isSilent() {
        return silent;
    }

    /// The value of a key, as an all-knowing observer sees it.
    public @Nullable String value(String key) {
        Item item = items.get(key);
        return item == null ? null : item.value();
    }

    List<Entry> range() {
        List<Entry> entries = new ArrayList<>(items.size());
        items.forEach((key, item) ->
                entries.add(
                        new Entry(
                                key, item.value(), Revision.of(item.revision()), item.session())));
        return entries;
    }

    WriteResult put(String key, String value, Precondition when, @Nullable Session session) {
        if (session != null && !sessions.containsKey(session.id())) {
            return new WriteResult.Refused(KeyValueStore.SESSION_LOST);
        }
        String reason = refusal(items.get(key), when);
        if (reason != null) {
            return new WriteResult.Refused(reason);
        }
        Revision written = Revision.of(++revision);
        items.put(key, new Item(value, revision, session == null ? null : session.id()));
        changed(key, value);
        return new WriteResult.Applied(written);
    }

    /// Writes as an operator or another tool would, without precondition.
    public void force(String key, String value) {
        put(key, value, Precondition.whatever(), null);
    }

    WriteResult remove(String key, Precondition when) {
        Item item = items.get(key);
        if (item == null) {
            return new WriteResult.Applied(Revision.of(++revision));
        }
        String reason = refusal(item, when);
        if (reason != null) {
            return new WriteResult.Refused(reason);
        }
        delete(key);
        return new WriteResult.Applied(Revision.of(revision));
    }

    WriteResult removeOwned(String key, Session session) {
        Item item = items.get(key);
        if (item == null || !session.id().equals(item.session())) {
            return new WriteResult.Refused("not owned by session " + session.id());
        }
        delete(key);
        return new WriteResult.Applied(Revision.of(revision));
    }

    WriteResult removeAll() {
        List.copyOf(items.keySet()).forEach(this::delete);
        return new WriteResult.Applied(Revision.of(revision));
    }

    SessionResult openSession(Duration ttl) {
        Session session = new Session("s" + ++sessionsOpened, ttl);
        sessions.put(session.id(), new Lease(session.id(), ttl));
        return new SessionResult.Granted(session);
    }

    SessionResult renewSession(Session session, @Nullable String ownedKey) {
        Lease lease = sessions.get(session.id());
        if (lease == null) {
            return new SessionResult.Lost("session " + session.id() + " has expired");
        }
        lease.ttl = session.ttl();
        lease.renew();
        if (ownedKey != null) {
            Item item = items.get(ownedKey);
            if (item == null || !session.id().equals(item.session())) {
                return new SessionResult.NotOwner(
                        session, ownedKey + " is not owned by session " + session.id());
            }
        }
        return new SessionResult.Granted(session);
    }

    private static @Nullable String refusal(@Nullable Item item, Precondition when) {
        return switch (when) {
            case Precondition.Absent() -> item == null ? null : "the key exists";
            case Precondition.At(Revision at) ->
                    item != null && Revision.of(item.revision()).equals(at)
                            ? null
                            : "the key is not at revision " + at;
            case Precondition.Whatever() -> null;
        };
    }

    private void expire(String id) {
        sessions.remove(id);
        items.entrySet().stream()
                .filter(e -> id.equals(e.getValue().session()))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::delete);
    }

    private void delete(String key) {
        revision++;
        items.remove(key);
        changed(key, null);
    }

    private void changed(String key, @Nullable String value) {
        for (int i = 0; i < observers.size(); i++) {
            observers.get(i).accept(key, value);
        }
    }
}
