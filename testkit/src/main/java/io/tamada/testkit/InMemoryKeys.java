package io.tamada.testkit;

import io.tamada.dcs.KeyValueStore;
import io.tamada.dcs.KeyValueStore.Entry;
import io.tamada.dcs.KeyValueStore.Session;
import io.tamada.dcs.KeyValueStore.SessionResult;
import io.tamada.ha.dcs.DcsCapabilities;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.Revision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The keys and sessions of an [InMemoryStore]. Not thread-safe: the store guards it.
final class InMemoryKeys {

    /// @param expiresAt the reading of the clock at which it is gone
    private record Life(Session session, long expiresAt) {}

    private final DcsCapabilities capabilities;
    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<String, Life> sessions = new LinkedHashMap<>();
    private final List<String> changed = new ArrayList<>();
    private long now;
    private long revision;
    private long opened;

    InMemoryKeys(DcsCapabilities capabilities) {
        this.capabilities = capabilities;
    }

    List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    /// The keys that changed since this was last asked.
    List<String> takeChanged() {
        return InMemoryStore.drained(changed);
    }

    OptionalLong nextExpiry() {
        return sessions.values().stream().mapToLong(Life::expiresAt).min();
    }

    /// Moves on to a moment; sessions that run out until then are gone.
    void expireUntil(long nanos) {
        now = nanos;
        List.copyOf(sessions.values()).stream()
                .filter(life -> life.expiresAt() - nanos <= 0)
                .forEach(life -> expire(life.session().id()));
    }

    boolean expire(String session) {
        boolean lived = sessions.remove(session) != null;
        for (Entry entry : List.copyOf(entries.values())) {
            if (session.equals(entry.session())) {
                drop(entry.key());
            }
        }
        return lived;
    }

    WriteResult put(String key, String value, Precondition when, @Nullable Session session) {
        if (session != null && !sessions.containsKey(session.id())) {
            return new WriteResult.Refused(KeyValueStore.SESSION_LOST);
        }
        if (!holds(key, when)) {
            return refused(key);
        }
        Revision next = Revision.of(++revision);
        entries.put(key, new Entry(key, value, next, session == null ? null : session.id()));
        changed.add(key);
        return new WriteResult.Applied(next);
    }

    WriteResult remove(String key, Precondition when) {
        if (!entries.containsKey(key)) {
            return new WriteResult.Applied(Revision.of(revision));
        }
        return holds(key, when) ? drop(key) : refused(key);
    }

    WriteResult removeOwned(String key, Session session) {
        Entry entry = entries.get(key);
        return entry != null && session.id().equals(entry.session()) ? drop(key) : refused(key);
    }

    WriteResult removeAll() {
        List.copyOf(entries.keySet()).forEach(this::drop);
        return new WriteResult.Applied(Revision.of(revision));
    }

    SessionResult open(Duration wanted) {
        Session session = new Session("session-" + ++opened, granted(wanted));
        sessions.put(session.id(), new Life(session, now + session.ttl().toNanos()));
        return new SessionResult.Granted(session);
    }

    SessionResult renew(Session session, @Nullable String ownedKey) {
        Life life = sessions.get(session.id());
        if (life == null) {
            return new SessionResult.Lost(KeyValueStore.SESSION_LOST);
        }
        Session lives = life.session();
        sessions.put(lives.id(), new Life(lives, now + lives.ttl().toNanos()));
        Entry owned = ownedKey == null ? null : entries.get(ownedKey);
        if (ownedKey != null && (owned == null || !lives.id().equals(owned.session()))) {
            return new SessionResult.NotOwner(
                    lives, ownedKey + (owned == null ? " is gone" : " is somebody else's"));
        }
        return new SessionResult.Granted(lives);
    }

    private Duration granted(Duration wanted) {
        Duration atLeast =
                wanted.compareTo(capabilities.shortestTtl()) < 0
                        ? capabilities.shortestTtl()
                        : wanted;
        long step = capabilities.ttlStep().toNanos();
        return Duration.ofNanos(Math.ceilDiv(atLeast.toNanos(), step) * step);
    }

    private boolean holds(String key, Precondition when) {
        Entry entry = entries.get(key);
        return switch (when) {
            case Precondition.Absent() -> entry == null;
            case Precondition.At(Revision wanted) ->
                    entry != null && entry.revision().equals(wanted);
            case Precondition.Whatever() -> true;
        };
    }

    private WriteResult drop(String key) {
        entries.remove(key);
        changed.add(key);
        return new WriteResult.Applied(Revision.of(++revision));
    }

    private WriteResult refused(String key) {
        Entry entry = entries.get(key);
        return new WriteResult.Refused(
                key + (entry == null ? " is absent" : " is at revision " + entry.revision()));
    }
}
