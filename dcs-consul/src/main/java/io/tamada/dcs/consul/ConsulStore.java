package io.tamada.dcs.consul;

import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.KeyValueStore;
import io.tamada.ha.dcs.DcsCapabilities;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.dcs.WakeUps;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Revision;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One cluster's keys in Consul. Each write is one transaction, also where a key passes from one
/// session to another.
final class ConsulStore implements KeyValueStore {

    private static final String CLOSED = "this store is closed";
    private static final Revision GONE = new Revision("gone");

    private static final DcsCapabilities CAPABILITIES =
            new DcsCapabilities(
                    true,
                    DcsCapabilities.Expiry.STORE,
                    ConsulSessions.TTL_MIN,
                    Duration.ofMillis(1),
                    true,
                    false);

    private final Keys keys;
    private final ConsulHttp http;
    private final ConsulSessions sessions;
    private final ConsulWatch watch;
    private final Map<String, String> readMode;
    private final @Nullable ServiceRegistration service;
    private volatile boolean closed;

    /// @param sessionName what our sessions are called, for people
    /// @param service null for a store that registers none
    ConsulStore(
            KeyPaths paths,
            ConsulSettings settings,
            ConsulHttp http,
            String sessionName,
            @Nullable ServiceRegistration service,
            TimeSource time) {
        this.keys = new Keys(paths);
        this.http = http;
        this.sessions = new ConsulSessions(http, keys, sessionName, settings.checks());
        this.watch = new ConsulWatch(http, keys, time);
        this.readMode = settings.consistency().query();
        this.service = service;
    }

    @Override
    public void reload(ConfigDocument section) {
        http.use(ConsulSettings.of(section).token());
    }

    @Override
    public DcsCapabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Range range(Deadline by) throws InterruptedException {
        if (closed) {
            return new Range.Unknown(CLOSED);
        }
        return switch (http.read(keys.treeAddress(), with(readMode, "recurse"), by)) {
            case Answer.Silent(String problem, _) -> new Range.Unknown(problem);
            case Answer.Answered answered -> {
                List<Entry> entries = keys.entries(answered);
                yield entries == null
                        ? new Range.Unknown(answered.problem())
                        : new Range.Seen(entries);
            }
        };
    }

    private static Map<String, String> with(Map<String, String> query, String flag) {
        return query.isEmpty()
                ? Map.of(flag, "")
                : Map.of(flag, "", query.keySet().iterator().next(), "");
    }

    @Override
    public WriteResult put(
            String key, String value, Precondition when, @Nullable Session session, Deadline by)
            throws InterruptedException {
        WriteResult result =
                session == null
                        ? plain(key, value, when, by)
                        : owned(key, value, when, session.id(), by);
        if (service != null && result instanceof WriteResult.Applied) {
            service.written(key, value);
        }
        return result;
    }

    private WriteResult plain(String key, String value, Precondition when, Deadline by)
            throws InterruptedException {
        String path = keys.path(key);
        return switch (when) {
            case Precondition.Whatever _ -> applied(new Transaction().set(path, value), by);
            case Precondition.Absent _ ->
                    applied(new Transaction().compareAndSet(path, value, 0), by);
            case Precondition.At(Revision revision) -> {
                long index = index(revision);
                yield index == 0
                        ? changed()
                        : applied(new Transaction().compareAndSet(path, value, index), by);
            }
        };
    }

    /// Consul gives a key of one session to another only after it was freed: where it is another's,
    /// it is deleted and created within one transaction.
    private WriteResult owned(
            String key, String value, Precondition when, String session, Deadline by)
            throws InterruptedException {
        String path = keys.path(key);
        if (when instanceof Precondition.Absent) {
            return applied(
                    new Transaction().compareAndSet(path, value, 0).lock(path, value, session), by);
        }
        long index = when instanceof Precondition.At(Revision revision) ? index(revision) : -1;
        if (index == 0) {
            return changed();
        }
        WriteResult first = applied(guarded(path, index).lock(path, value, session), by);
        return first instanceof WriteResult.Refused(String reason)
                        && reason.endsWith("lock is already held")
                ? applied(guarded(path, index).delete(path).lock(path, value, session), by)
                : first;
    }

    /// @param index -1 for no guard
    private static Transaction guarded(String path, long index) {
        Transaction transaction = new Transaction();
        return index < 0 ? transaction : transaction.requireIndex(path, index);
    }

    @Override
    public WriteResult remove(String key, Precondition when, Deadline by)
            throws InterruptedException {
        if (service != null) {
            service.written(key, null);
        }
        String path = keys.path(key);
        if (when instanceof Precondition.Whatever) {
            return applied(new Transaction().delete(path), by);
        }
        if (when instanceof Precondition.At(Revision revision) && index(revision) > 0) {
            WriteResult guarded = applied(guarded(path, index(revision)).delete(path), by);
            if (!(guarded instanceof WriteResult.Refused)) {
                return guarded;
            }
        }
        // It may be gone, which is as good as deleted.
        return switch (exists(key, by)) {
            case Answer.Silent(String problem, _) -> new WriteResult.Unknown(problem);
            case Answer.Answered answered when answered.status() == 404 ->
                    new WriteResult.Applied(GONE);
            case Answer.Answered answered ->
                    answered.isOk() ? changed() : new WriteResult.Refused(answered.problem());
        };
    }

    private Answer exists(String key, Deadline by) throws InterruptedException {
        return http.read(keys.keyAddress(key), Map.of("consistent", ""), by);
    }

    @Override
    public WriteResult removeOwned(String key, Session session, Deadline by)
            throws InterruptedException {
        String path = keys.path(key);
        return applied(new Transaction().requireSession(path, session.id()).delete(path), by);
    }

    @Override
    public WriteResult removeAll(Deadline by) throws InterruptedException {
        return applied(new Transaction().deleteTree(keys.prefix()), by);
    }

    private WriteResult applied(Transaction transaction, Deadline by) throws InterruptedException {
        if (closed) {
            return new WriteResult.Unknown(CLOSED);
        }
        return switch (http.put("/v1/txn", transaction.json(), by)) {
            case Answer.Silent(String problem, _) -> new WriteResult.Unknown(problem);
            case Answer.Answered answered when answered.isOk() -> {
                Long index = Transaction.written(answered);
                yield new WriteResult.Applied(index == null ? GONE : Revision.of(index));
            }
            case Answer.Answered answered when answered.status() == 409 ->
                    new WriteResult.Refused(reason(Transaction.objection(answered)));
            case Answer.Answered answered ->
                    answered.isRefusal()
                            ? new WriteResult.Refused(answered.problem())
                            : new WriteResult.Unknown(answered.problem());
        };
    }

    private static String reason(String objection) {
        return objection.contains("invalid session") ? SESSION_LOST : objection;
    }

    private static WriteResult changed() {
        return new WriteResult.Refused("the key was changed");
    }

    /// 0 for a token that is none of ours.
    private static long index(Revision revision) {
        String text = revision.value();
        return text.matches("[1-9][0-9]{0,17}") ? Long.parseLong(text) : 0;
    }

    @Override
    public SessionResult openSession(Duration ttl, Deadline by) throws InterruptedException {
        return closed ? new SessionResult.Unknown(CLOSED) : sessions.open(ttl, by);
    }

    @Override
    public SessionResult renewSession(Session session, @Nullable String ownedKey, Deadline by)
            throws InterruptedException {
        return closed ? new SessionResult.Unknown(CLOSED) : sessions.renew(session, ownedKey, by);
    }

    @Override
    public Subscription watch(WakeUps wakeUps) {
        return watch.add(wakeUps);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (service != null) {
                service.close();
            }
            watch.close();
            http.close();
        }
    }
}
