package io.tamada.dcs.raft;

import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.KeyValueStore;
import io.tamada.dcs.raft.machine.Command;
import io.tamada.dcs.raft.machine.Command.Condition;
import io.tamada.dcs.raft.machine.CommandCodec;
import io.tamada.dcs.raft.machine.KvEntry;
import io.tamada.dcs.raft.machine.Outcome;
import io.tamada.ha.dcs.DcsCapabilities;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.StoreServers;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.dcs.WakeUps;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.Revision;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One cluster's keys in the group's store.
///
/// Reads are answered by the leader after a majority has confirmed that it leads, so they show
/// every write that was applied before. A call that nobody could answer in time is *unknown*.
final class RaftStore implements KeyValueStore {

    /// Sessions can't be shorter: an election of the raft leader has to fit in.
    private static final Duration TTL_MIN = Duration.ofSeconds(1);

    private static final Duration TTL_MAX = Duration.ofDays(1);

    private static final DcsCapabilities CAPABILITIES =
            new DcsCapabilities(
                    true, DcsCapabilities.Expiry.STORE, TTL_MIN, Duration.ofMillis(1), true, false);

    private final GroupClient client;
    private final KeyPaths paths;
    private final ChangeWatch watch;
    private final AutoCloseable group;
    private volatile boolean closed;

    /// @param group what is closed with the store
    RaftStore(GroupClient client, KeyPaths paths, TimeSource time, AutoCloseable group) {
        this.client = client;
        this.paths = paths;
        this.watch = new ChangeWatch(client, paths, time);
        this.group = group;
    }

    @Override
    public DcsCapabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Range range(Deadline by) throws InterruptedException {
        return switch (ask(new Ask.Range(paths.prefix()), by)) {
            case Reply.Entries(List<KvEntry> entries) -> new Range.Seen(relative(entries));
            case Reply.Failed(String problem) -> new Range.Unknown(problem);
            case Reply.Decided _,
                    Reply.Changes _,
                    Reply.Joined _,
                    Reply.Members _,
                    Reply.Census _,
                    Reply.NotLeader _ ->
                    new Range.Unknown("an answer to another question");
        };
    }

    private List<Entry> relative(List<KvEntry> entries) {
        List<Entry> found = new ArrayList<>();
        for (KvEntry entry : entries) {
            String key = paths.relative(entry.key());
            if (key != null) {
                found.add(
                        new Entry(
                                key,
                                entry.value(),
                                Revision.of(entry.revision()),
                                entry.session() == 0 ? null : Long.toString(entry.session())));
            }
        }
        return found;
    }

    @Override
    public WriteResult put(
            String key, String value, Precondition when, @Nullable Session session, Deadline by)
            throws InterruptedException {
        Condition condition = condition(when);
        long owner = session == null ? 0 : number(session.id());
        if (owner < 0) {
            return new WriteResult.Refused(SESSION_LOST);
        }
        return condition == null
                ? new WriteResult.Refused("the key was never at this revision")
                : written(new Command.Put(paths.absolute(key), value, condition, owner), by);
    }

    @Override
    public WriteResult remove(String key, Precondition when, Deadline by)
            throws InterruptedException {
        Condition condition = condition(when);
        // A revision that this store never gave is met by an absent key only.
        return written(
                new Command.Remove(
                        paths.absolute(key), condition == null ? new Condition.At(-1) : condition),
                by);
    }

    @Override
    public WriteResult removeOwned(String key, Session session, Deadline by)
            throws InterruptedException {
        return written(new Command.RemoveOwned(paths.absolute(key), number(session.id())), by);
    }

    @Override
    public WriteResult removeAll(Deadline by) throws InterruptedException {
        return written(new Command.RemoveAll(paths.prefix()), by);
    }

    private WriteResult written(Command command, Deadline by) throws InterruptedException {
        Reply reply = propose(command, false, by);
        return switch (reply) {
            case Reply.Decided(Outcome.Applied(long revision)) ->
                    new WriteResult.Applied(Revision.of(revision));
            case Reply.Decided(Outcome.Refused(String reason)) -> new WriteResult.Refused(reason);
            case Reply.Decided(Outcome.SessionLost _) -> new WriteResult.Refused(SESSION_LOST);
            default -> new WriteResult.Unknown(problem(reply));
        };
    }

    @Override
    public SessionResult openSession(Duration ttl, Deadline by) throws InterruptedException {
        // Asked twice, one of the two sessions is never used and ends by itself.
        return session(new Command.OpenSession(bounded(ttl)), by);
    }

    @Override
    public SessionResult renewSession(Session session, @Nullable String ownedKey, Deadline by)
            throws InterruptedException {
        String owned = ownedKey == null ? "" : paths.absolute(ownedKey);
        return session(
                new Command.RenewSession(number(session.id()), bounded(session.ttl()), owned), by);
    }

    private SessionResult session(Command command, Deadline by) throws InterruptedException {
        Reply reply = propose(command, true, by);
        return switch (reply) {
            case Reply.Decided(Outcome.SessionGranted(long id, long ttl)) ->
                    new SessionResult.Granted(session(id, ttl));
            case Reply.Decided(Outcome.SessionLost _) -> new SessionResult.Lost(SESSION_LOST);
            case Reply.Decided(Outcome.NotOwner(long id, long ttl)) ->
                    new SessionResult.NotOwner(
                            session(id, ttl), "the key belongs to somebody else, or is gone");
            default -> new SessionResult.Unknown(problem(reply));
        };
    }

    private Reply propose(Command command, boolean repeatable, Deadline by)
            throws InterruptedException {
        byte[] bytes = CommandCodec.bytes(command);
        if (bytes.length > LeaderDesk.COMMAND_MAX) {
            return new Reply.Decided(
                    new Outcome.Refused(
                            "the value has "
                                    + bytes.length
                                    + " bytes, and at most "
                                    + LeaderDesk.COMMAND_MAX
                                    + " are possible"));
        }
        return ask(new Ask.Propose(bytes, repeatable), by);
    }

    private Reply ask(Ask ask, Deadline by) throws InterruptedException {
        return closed ? new Reply.Failed("this store is closed") : client.ask(ask, by);
    }

    private static String problem(Reply reply) {
        return reply instanceof Reply.Failed(String problem)
                ? problem
                : "an answer to another question";
    }

    private static Session session(long id, long ttlNanos) {
        return new Session(Long.toString(id), Duration.ofNanos(ttlNanos));
    }

    private static long bounded(Duration ttl) {
        Duration least = ttl.compareTo(TTL_MIN) < 0 ? TTL_MIN : ttl;
        return (least.compareTo(TTL_MAX) > 0 ? TTL_MAX : least).toNanos();
    }

    /// The number in a token of ours; below zero for any other text.
    private static long number(String token) {
        return token.matches("[0-9]{1,18}") ? Long.parseLong(token) : -1;
    }

    private static @Nullable Condition condition(Precondition when) {
        return switch (when) {
            case Precondition.Absent _ -> new Condition.Absent();
            case Precondition.At(Revision revision) ->
                    number(revision.value()) < 0
                            ? null
                            : new Condition.At(number(revision.value()));
            case Precondition.Whatever _ -> new Condition.Whatever();
        };
    }

    @Override
    public Optional<StoreServers> servers() {
        return Optional.of(new RaftServers(client));
    }

    @Override
    public Subscription watch(WakeUps wakeUps) {
        return watch.add(wakeUps);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        watch.close();
        try {
            group.close();
        } catch (Exception e) {
            System.getLogger(RaftStore.class.getName())
                    .log(System.Logger.Level.WARNING, "the raft node did not stop cleanly", e);
        }
    }
}
