package io.tamada.simulator.world;

import io.tamada.dcs.KeyValueStore;
import io.tamada.ha.dcs.DcsCapabilities;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.dcs.WakeUps;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.time.Deadline;
import io.tamada.simulator.baton.Reply;
import io.tamada.simulator.baton.SimProcess;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One process's connection to the [StoreServer], through the network and its faults.
///
/// A call is one message there and one back: either may be lost, so that an applied write may look
/// like silence.
public final class StoreClient implements KeyValueStore {

    private static final DcsCapabilities CAPABILITIES =
            new DcsCapabilities(
                    true,
                    DcsCapabilities.Expiry.STORE,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    true,
                    false);

    /// Keys whose change is worth a push, as the real stores push them.
    private static final Set<String> PUSHED =
            new TreeSet<>(Set.of("leader", "config", "failover", "sync", "status"));

    private final World world;
    private final Machine machine;
    private final SimProcess process;
    private boolean closed;

    public StoreClient(World world, Machine machine, SimProcess process) {
        this.world = world;
        this.machine = machine;
        this.process = process;
    }

    @Override
    public DcsCapabilities capabilities() {
        return CAPABILITIES;
    }

    private <T> @Nullable T ask(Supplier<T> operation, Deadline by) throws InterruptedException {
        Reply<T> reply = new Reply<>(world.scheduler());
        String me = machine.name();
        world.network()
                .send(
                        me,
                        Network.STORE,
                        () -> {
                            if (!world.store().isSilent()) {
                                T result = operation.get();
                                world.network()
                                        .send(Network.STORE, me, () -> reply.complete(result));
                            }
                        });
        return reply.await(machine.clock().worldNanosAt(by.atNanos()));
    }

    private WriteResult write(Supplier<WriteResult> operation, Deadline by)
            throws InterruptedException {
        WriteResult result = ask(operation, by);
        return result == null ? new WriteResult.Unknown("no answer in time") : result;
    }

    private SessionResult session(Supplier<SessionResult> operation, Deadline by)
            throws InterruptedException {
        SessionResult result = ask(operation, by);
        return result == null ? new SessionResult.Unknown("no answer in time") : result;
    }

    @Override
    public Range range(Deadline by) throws InterruptedException {
        Range result = ask(() -> new Range.Seen(world.store().range()), by);
        return result == null ? new Range.Unknown("no answer in time") : result;
    }

    @Override
    public WriteResult put(
            String key, String value, Precondition when, @Nullable Session session, Deadline by)
            throws InterruptedException {
        return write(() -> world.store().put(key, value, when, session), by);
    }

    @Override
    public WriteResult remove(String key, Precondition when, Deadline by)
            throws InterruptedException {
        return write(() -> world.store().remove(key, when), by);
    }

    @Override
    public WriteResult removeOwned(String key, Session session, Deadline by)
            throws InterruptedException {
        return write(() -> world.store().removeOwned(key, session), by);
    }

    @Override
    public WriteResult removeAll(Deadline by) throws InterruptedException {
        return write(() -> world.store().removeAll(), by);
    }

    @Override
    public SessionResult openSession(Duration ttl, Deadline by) throws InterruptedException {
        return session(() -> world.store().openSession(ttl), by);
    }

    @Override
    public SessionResult renewSession(Session session, @Nullable String ownedKey, Deadline by)
            throws InterruptedException {
        return session(() -> world.store().renewSession(session, ownedKey), by);
    }

    @Override
    public Subscription watch(WakeUps wakeUps) {
        boolean[] over = {false};
        world.store()
                .observe((key, _) -> {
                    if (over[0] || closed || process.isDead() || !PUSHED.contains(key)) {
                        return;
                    }
                    world.network()
                            .send(
                                    Network.STORE,
                                    machine.name(),
                                    () -> {
                                        if (!over[0] && !closed && !process.isDead()) {
                                            process.start("watch", () -> wakeUps.wake(hint(key)));
                                        }
                                    });
                });
        return () -> over[0] = true;
    }

    private static WakeUps.Hint hint(String key) {
        return switch (key) {
            case "leader" -> WakeUps.Hint.LEADER;
            case "config" -> WakeUps.Hint.CONFIG;
            case "failover" -> WakeUps.Hint.FAILOVER;
            case "sync" -> WakeUps.Hint.SYNC;
            case "status" -> WakeUps.Hint.STATUS;
            default -> WakeUps.Hint.OTHER;
        };
    }

    @Override
    public void close() {
        closed = true;
    }
}
