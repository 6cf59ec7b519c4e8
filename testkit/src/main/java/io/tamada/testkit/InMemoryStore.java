package io.tamada.testkit;

import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.KeyValueDcs;
import io.tamada.dcs.KeyValueStore.Entry;
import io.tamada.ha.dcs.DcsCapabilities;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.dcs.WakeUps;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// A key-value store in memory, to which any number of clients connect: what a store's servers are
/// to its clients.
///
/// Sessions run out by the clock that it is given. No thread serves it: whoever calls, or moves the
/// clock and then calls [#tick], finds done what was due. Thread-safe, never blocks, deterministic
/// when its callers are.
public final class InMemoryStore {

    /// Any ttl, one snapshot, changes told at once.
    public static final DcsCapabilities CAPABILITIES =
            new DcsCapabilities(
                    true,
                    DcsCapabilities.Expiry.STORE,
                    Duration.ofMillis(1),
                    Duration.ofMillis(1),
                    true,
                    false);

    /// A request on its way, whose caller has given up waiting.
    private record InFlight(long atNanos, long order, Supplier<?> request) {}

    /// Not a record: two subscriptions with equal parts are still two.
    private static final class Watcher {
        private final StoreNetwork network;
        private final WakeUps wakeUps;

        Watcher(StoreNetwork network, WakeUps wakeUps) {
            this.network = network;
            this.wakeUps = wakeUps;
        }
    }

    private final TimeSource time;
    private final DcsCapabilities capabilities;
    private final InMemoryKeys keys;
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final PriorityQueue<InFlight> inFlight =
            new PriorityQueue<>((a, b) ->
                    a.atNanos() == b.atNanos()
                            ? Long.compare(a.order(), b.order())
                            : Long.signum(a.atNanos() - b.atNanos()));
    private long sent;

    public InMemoryStore(TimeSource time) {
        this(time, CAPABILITIES);
    }

    /// A store that claims these capabilities: it rounds times to live as they say.
    public InMemoryStore(TimeSource time, DcsCapabilities capabilities) {
        this.time = time;
        this.capabilities = capabilities;
        this.keys = new InMemoryKeys(capabilities);
    }

    /// A client of its own connection.
    public InMemoryKeyValueStore connect(Waiter waiter, StoreNetwork network) {
        return new InMemoryKeyValueStore(this, time, waiter, network);
    }

    /// A member's store, over a connection of its own.
    public KeyValueDcs dcs(MemberName member, Duration ttl, Waiter waiter, StoreNetwork network) {
        return new KeyValueDcs(connect(waiter, network), member, ttl);
    }

    /// Does what is due by now: sessions that ran out, requests that arrive late.
    public void tick() {
        perform(() -> true);
    }

    /// The reading of the clock at which [#tick] will next have something to do.
    public synchronized OptionalLong nextDueNanos() {
        OptionalLong expiry = keys.nextExpiry();
        InFlight next = inFlight.peek();
        if (next == null) {
            return expiry;
        }
        return OptionalLong.of(
                expiry.isPresent() && expiry.getAsLong() - next.atNanos() < 0
                        ? expiry.getAsLong()
                        : next.atNanos());
    }

    /// All keys as they are now, sorted.
    public List<Entry> entries() {
        return perform(keys::entries);
    }

    /// Ends a session as if its time had run out.
    public void expire(String session) {
        perform(() -> keys.expire(session));
    }

    DcsCapabilities capabilities() {
        return capabilities;
    }

    InMemoryKeys keys() {
        return keys;
    }

    /// Runs one request, after all that was due before it, and tells the watchers.
    <R> R perform(Supplier<R> request) {
        R result;
        List<String> changed;
        synchronized (this) {
            long now = time.nanos();
            for (InFlight next = inFlight.peek();
                    next != null && next.atNanos() - now <= 0;
                    next = inFlight.peek()) {
                inFlight.remove();
                keys.expireUntil(next.atNanos());
                Object _ = next.request().get();
            }
            keys.expireUntil(now);
            result = request.get();
            changed = keys.takeChanged();
        }
        changed.forEach(this::tell);
        return result;
    }

    /// Takes a request that arrives at a later moment.
    synchronized void performAt(long atNanos, Supplier<?> request) {
        inFlight.add(new InFlight(atNanos, sent++, request));
    }

    private void tell(String key) {
        WakeUps.Hint hint = KeyPaths.hint(key);
        for (Watcher watcher : watchers) {
            if (watcher.network.delivers(hint)) {
                watcher.wakeUps.wake(hint);
            }
        }
    }

    Subscription watch(StoreNetwork network, WakeUps wakeUps) {
        Watcher watcher = new Watcher(network, wakeUps);
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    static <T> List<T> drained(List<T> list) {
        List<T> copy = new ArrayList<>(list);
        list.clear();
        return copy;
    }
}
