package io.tamada.simulator.world;

import io.tamada.dcs.KeyValueStore;
import io.tamada.simulator.baton.BatonScheduler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Everything around the engines: machines, network, store, and who watches.
public final class World {

    private final BatonScheduler scheduler;
    private final Network network;
    private final long nanosPerByte;
    private final StoreServer store;
    private final Map<String, Machine> machines = new TreeMap<>();
    private final boolean guarded;
    private final Story story;
    private final List<WorldObserver> observers = new ArrayList<>();
    private final WorldObserver oracle;

    /// @param guarded whether each machine has a lease guard
    public World(BatonScheduler scheduler, boolean guarded, Story story) {
        this.scheduler = scheduler;
        this.network = new Network(scheduler);
        this.store = new StoreServer(scheduler);
        this.nanosPerByte = scheduler.random().nextInt(3) == 0 ? 2000 : 10;
        this.guarded = guarded;
        this.story = story;
        this.oracle = new Announcer(observers);
        network.onChange(this::checkStreams);
    }

    public BatonScheduler scheduler() {
        return scheduler;
    }

    public Network network() {
        return network;
    }

    public StoreServer store() {
        return store;
    }

    /// Everything that the store holds at this instant.
    public List<KeyValueStore.Entry> storedEntries() {
        return store.range();
    }

    public Collection<Machine> machines() {
        return Collections.unmodifiableCollection(machines.values());
    }

    public @Nullable Machine machine(String name) {
        return machines.get(name);
    }

    /// Adds a powered machine with an empty disk.
    public Machine addMachine(String name) {
        Machine machine = new Machine(this, name);
        machines.put(name, machine);
        scheduler.in(
                scheduler.random().nextLong(5 * PostgresServer.SECONDS), machine.postgres()::tick);
        return machine;
    }

    /// Somebody reads the story.
    public boolean isTold() {
        return story.isTold();
    }

    public boolean guarded() {
        return guarded;
    }

    public void observe(WorldObserver observer) {
        observers.add(observer);
    }

    WorldObserver oracle() {
        return oracle;
    }

    /// How fast WAL travels: in some worlds a standby takes seconds to catch up.
    long nanosPerByte() {
        return nanosPerByte;
    }

    /// How long an end of a stream waits for the other before it gives up.
    long streamTimeoutNanos() {
        return 10 * PostgresServer.SECONDS;
    }

    private void checkStreams() {
        for (Machine machine : machines.values()) {
            for (Replication r : List.copyOf(machine.postgres().followers())) {
                r.check(scheduler.nowNanos());
            }
        }
    }

    public void note(Machine machine, String what, Supplier<String> text) {
        story.tell(scheduler.nowNanos(), machine.name(), what, text);
    }

    public void note(String where, String what, Supplier<String> text) {
        story.tell(scheduler.nowNanos(), where, what, text);
    }
}
