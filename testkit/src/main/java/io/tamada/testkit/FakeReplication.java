package io.tamada.testkit;

import io.tamada.dcs.Timestamps;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.SystemId;
import io.tamada.ha.model.Timeline;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The world that [FakePostgres] servers share: who streams from whom, and what clients were told.
///
/// What takes time is an event with a moment. No thread serves them: whoever uses a server, or
/// moves the clock and then calls [#tick], finds done what was due. A simulation asks
/// [#nextDueNanos] how far it may move the clock. Thread-safe, never blocks, deterministic when its
/// callers are.
public final class FakeReplication {

    private record Event(long atNanos, long order, Runnable action) {}

    private final TimeSource time;
    private final Map<MemberName, FakeServer> servers = new TreeMap<>();
    private final List<Commit> commits = new ArrayList<>();
    private final List<Runnable> toNotify = new ArrayList<>();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>((a, b) ->
                    a.atNanos() == b.atNanos()
                            ? Long.compare(a.order(), b.order())
                            : Long.signum(a.atNanos() - b.atNanos()));
    private BiPredicate<MemberName, MemberName> reachable = (_, _) -> true;
    private Duration delay = Duration.ofMillis(1);
    private Duration timeout = Duration.ofSeconds(10);
    private Duration reconnect = Duration.ofSeconds(1);
    private long scheduled;
    private long clusters;
    private long now;

    /// A world without servers, whose network is perfect.
    public FakeReplication(TimeSource time) {
        this.time = time;
        this.now = time.nanos();
    }

    /// Which server can reach which, asked whenever something is sent; both directions are asked.
    /// Must not call back.
    public synchronized FakeReplication network(BiPredicate<MemberName, MemberName> canReach) {
        reachable = canReach;
        return this;
    }

    /// How long WAL travels to a standby, and its confirmation back.
    public synchronized FakeReplication delay(Duration oneWay) {
        delay = oneWay;
        return this;
    }

    /// After how long without contact a streaming connection is given up (`wal_sender_timeout`).
    public synchronized FakeReplication timeout(Duration value) {
        timeout = value;
        return this;
    }

    /// How long a standby waits before it tries to connect again (`wal_retrieve_retry_interval`).
    public synchronized FakeReplication reconnect(Duration value) {
        reconnect = value;
        return this;
    }

    /// A new server without data.
    ///
    /// @param waiter how its tasks wait
    public FakePostgres server(MemberName name, Waiter waiter) {
        return server(name, waiter, FakeWork.usual());
    }

    /// A new server without data.
    ///
    /// @param work how its tasks go
    public synchronized FakePostgres server(MemberName name, Waiter waiter, FakeWork work) {
        FakeServer server = new FakeServer(this, name);
        if (servers.putIfAbsent(name, server) != null) {
            throw new IllegalArgumentException("there is a server named " + name + " already");
        }
        return new FakePostgres(this, server, waiter, work);
    }

    /// Does what is due by now.
    public void tick() {
        perform(() -> true);
    }

    /// The reading of the clock at which [#tick] will next have something to do.
    public synchronized OptionalLong nextDueNanos() {
        Event next = events.peek();
        return next == null ? OptionalLong.empty() : OptionalLong.of(next.atNanos());
    }

    /// Every commit that a client made, in order.
    public synchronized List<Commit> commits() {
        return List.copyOf(commits);
    }

    /// Commits that a client was told are safe and that this log doesn't have.
    public synchronized List<Commit> lostBy(Wal wal) {
        return commits.stream().filter(c -> c.isAcknowledged() && !c.isIn(wal)).toList();
    }

    /// Drops what is known of commits so far, so that long runs need no more memory.
    public synchronized void forgetCommits() {
        commits.removeIf(c -> c.state() != Commit.State.PENDING);
    }

    /// Runs something after all that was due, then tells those who listen.
    <R> R perform(Supplier<R> action) {
        R result;
        List<Runnable> notices;
        synchronized (this) {
            long until = time.nanos();
            for (Event next = events.peek();
                    next != null && next.atNanos() - until <= 0;
                    next = events.peek()) {
                events.remove();
                now = next.atNanos();
                next.action().run();
            }
            now = until;
            result = action.get();
            notices = InMemoryStore.drained(toNotify);
        }
        notices.forEach(Runnable::run);
        return result;
    }

    // What follows is for servers and streams, with this world's lock held.

    long now() {
        return now;
    }

    Duration delay() {
        return delay;
    }

    Duration timeout() {
        return timeout;
    }

    Duration reconnect() {
        return reconnect;
    }

    TimeSource time() {
        return time;
    }

    String wallText() {
        return Timestamps.iso(time.wall());
    }

    void after(Duration duration, Runnable action) {
        events.add(new Event(now + duration.toNanos(), scheduled++, action));
    }

    void notifyLater(List<Runnable> listeners) {
        toNotify.addAll(listeners);
    }

    boolean linked(FakeServer a, FakeServer b) {
        return reachable.test(a.name(), b.name()) && reachable.test(b.name(), a.name());
    }

    /// The server behind an upstream; a remote one is found by its host name.
    @Nullable FakeServer find(Upstream upstream) {
        return switch (upstream) {
            case Upstream.None() -> null;
            case Upstream.Member(MemberName name, _) -> servers.get(name);
            case Upstream.Remote(var source) ->
                    source.host() == null ? null : servers.get(MemberName.of(source.host()));
        };
    }

    SystemId newCluster() {
        return new SystemId(Long.toString(7_000_000_000_000_000_000L + ++clusters));
    }

    Wal newWal() {
        return new Wal(
                new Wal.Branch(Timeline.FIRST, null, Lsn.ZERO, wallText()), Lsn.of(0x1000000));
    }

    void record(Commit commit) {
        commits.add(commit);
    }
}
