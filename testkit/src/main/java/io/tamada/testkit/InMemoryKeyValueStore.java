package io.tamada.testkit;

import io.tamada.dcs.KeyValueStore;
import io.tamada.ha.dcs.DcsCapabilities;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.dcs.WakeUps;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import io.tamada.testkit.StoreNetwork.Call;
import io.tamada.testkit.StoreNetwork.Fate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One client of an [InMemoryStore], behind a [StoreNetwork] that may fail. Made by
/// [InMemoryStore#connect].
public final class InMemoryKeyValueStore implements KeyValueStore {

    private final InMemoryStore server;
    private final TimeSource time;
    private final Waiter waiter;
    private final StoreNetwork network;
    private final List<Subscription> watches = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    InMemoryKeyValueStore(
            InMemoryStore server, TimeSource time, Waiter waiter, StoreNetwork network) {
        this.server = server;
        this.time = time;
        this.waiter = waiter;
        this.network = network;
    }

    @Override
    public DcsCapabilities capabilities() {
        return server.capabilities();
    }

    @Override
    public Range range(Deadline by) throws InterruptedException {
        return call(
                Call.RANGE, () -> new Range.Seen(server.keys().entries()), Range.Unknown::new, by);
    }

    @Override
    public WriteResult put(
            String key, String value, Precondition when, @Nullable Session session, Deadline by)
            throws InterruptedException {
        return write(Call.PUT, () -> server.keys().put(key, value, when, session), by);
    }

    @Override
    public WriteResult remove(String key, Precondition when, Deadline by)
            throws InterruptedException {
        return write(Call.REMOVE, () -> server.keys().remove(key, when), by);
    }

    @Override
    public WriteResult removeOwned(String key, Session session, Deadline by)
            throws InterruptedException {
        return write(Call.REMOVE, () -> server.keys().removeOwned(key, session), by);
    }

    @Override
    public WriteResult removeAll(Deadline by) throws InterruptedException {
        return write(Call.REMOVE, () -> server.keys().removeAll(), by);
    }

    @Override
    public SessionResult openSession(Duration ttl, Deadline by) throws InterruptedException {
        return call(
                Call.OPEN_SESSION, () -> server.keys().open(ttl), SessionResult.Unknown::new, by);
    }

    @Override
    public SessionResult renewSession(Session session, @Nullable String ownedKey, Deadline by)
            throws InterruptedException {
        return call(
                Call.RENEW_SESSION,
                () -> server.keys().renew(session, ownedKey),
                SessionResult.Unknown::new,
                by);
    }

    @Override
    public Subscription watch(WakeUps wakeUps) {
        if (closed) {
            return () -> {};
        }
        Subscription watch = server.watch(network, wakeUps);
        watches.add(watch);
        return () -> {
            watches.remove(watch);
            watch.close();
        };
    }

    @Override
    public void close() {
        closed = true;
        watches.forEach(Subscription::close);
        watches.clear();
    }

    private WriteResult write(Call call, Supplier<WriteResult> onServer, Deadline by)
            throws InterruptedException {
        return call(call, onServer, WriteResult.Unknown::new, by);
    }

    private <R> R call(Call call, Supplier<R> onServer, Function<String, R> unknown, Deadline by)
            throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (closed) {
            return unknown.apply("this client is closed");
        }
        if (by.hasPassed()) {
            return unknown.apply("the deadline had passed before the request was sent");
        }
        return switch (network.fate(call)) {
            case Fate.RequestLost() -> timedOut(unknown, by);
            case Fate.ReplyLost(Duration there) -> {
                R _ = delivered(onServer, unknown, there, by);
                yield timedOut(unknown, by);
            }
            case Fate.Delivered(Duration there, Duration back) -> {
                R result = delivered(onServer, unknown, there, by);
                if (time.nanos() + back.toNanos() - by.atNanos() >= 0) {
                    yield timedOut(unknown, by);
                }
                pause(back);
                yield result;
            }
        };
    }

    private <R> R delivered(
            Supplier<R> onServer, Function<String, R> unknown, Duration there, Deadline by)
            throws InterruptedException {
        long arrival = time.nanos() + there.toNanos();
        if (arrival - by.atNanos() >= 0) {
            server.performAt(arrival, onServer);
            return timedOut(unknown, by);
        }
        pause(there);
        return server.perform(onServer);
    }

    private <R> R timedOut(Function<String, R> unknown, Deadline by) throws InterruptedException {
        waiter.pause(by.atNanos());
        return unknown.apply("the store did not answer in time");
    }

    private void pause(Duration duration) throws InterruptedException {
        if (!duration.isZero()) {
            waiter.pause(time.nanos() + duration.toNanos());
        }
    }
}
