package io.tamada.simulator.world;

import io.tamada.simulator.baton.BatonScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Carries messages between machines, the store and the clients: late, lost, doubled or not at all,
/// as faults say.
public final class Network {

    /// The store's address; machines have their names.
    public static final String STORE = "store";

    /// Where the clients are.
    public static final String CLIENTS = "clients";

    private static final long MILLIS = 1_000_000L;

    /// One direction between two addresses.
    public record Route(String from, String to) implements Comparable<Route> {
        @Override
        public int compareTo(Route other) {
            int byFrom = from.compareTo(other.from);
            return byFrom != 0 ? byFrom : to.compareTo(other.to);
        }
    }

    private final BatonScheduler scheduler;
    private final Set<Route> blocked = new TreeSet<>();
    private final Map<String, Long> slowedNanos = new TreeMap<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private double lossRate;
    private double doubleRate;

    public Network(BatonScheduler scheduler) {
        this.scheduler = scheduler;
    }

    /// Is called whenever a route was blocked or opened.
    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    public void block(String from, String to) {
        blocked.add(new Route(from, to));
        listeners.forEach(Runnable::run);
    }

    public void open(String from, String to) {
        blocked.remove(new Route(from, to));
        listeners.forEach(Runnable::run);
    }

    /// Every message to or from this address takes up to so much longer; zero ends it.
    public void slow(String address, long nanos) {
        if (nanos == 0) {
            slowedNanos.remove(address);
        } else {
            slowedNanos.put(address, nanos);
        }
    }

    /// The part of the messages that is lost, and the part that arrives twice.
    public void disturb(double loss, double doubled) {
        lossRate = loss;
        doubleRate = doubled;
    }

    /// Opens all routes and ends all disturbance.
    public void heal() {
        blocked.clear();
        slowedNanos.clear();
        disturb(0, 0);
        listeners.forEach(Runnable::run);
    }

    public boolean passes(String from, String to) {
        return blocked.isEmpty() || !blocked.contains(new Route(from, to));
    }

    public boolean connects(String one, String other) {
        return passes(one, other) && passes(other, one);
    }

    /// How long a message takes on its way now.
    public long delayNanos(String from, String to) {
        long delay = MILLIS / 5 + scheduler.random().nextLong(MILLIS);
        long slowed =
                Math.max(slowedNanos.getOrDefault(from, 0L), slowedNanos.getOrDefault(to, 0L));
        return slowed == 0 ? delay : delay + scheduler.random().nextLong(slowed);
    }

    /// Sends a message that may get lost. What it does on arrival happens outside all threads.
    public void send(String from, String to, Runnable onArrival) {
        boolean lost = lossRate > 0 && scheduler.random().nextDouble() < lossRate;
        if (lost || !passes(from, to)) {
            return;
        }
        Runnable arrival =
                () -> {
                    if (passes(from, to)) {
                        onArrival.run();
                    }
                };
        scheduler.in(delayNanos(from, to), arrival);
        if (doubleRate > 0 && scheduler.random().nextDouble() < doubleRate) {
            scheduler.in(
                    delayNanos(from, to) + scheduler.random().nextLong(1000 * MILLIS), arrival);
        }
    }
}
