package io.tamada.simulator.world;

import io.tamada.ha.port.Watchdog;
import io.tamada.simulator.baton.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The guard process: outlives the agent, and kills the postmaster before the lease's edge if
/// nobody moves it on.
public final class LeaseGuard implements Watchdog {

    /// How long before the edge it strikes: killing takes less.
    private static final long BEFORE_EDGE = 500_000_000L;

    private final World world;
    private final Machine machine;
    private boolean armed;
    private long strikeAtLocal;
    private @Nullable Timer timer;

    LeaseGuard(World world, Machine machine) {
        this.world = world;
        this.machine = machine;
    }

    @Override
    public boolean activate(Duration ttl, Duration loopWait) {
        if (world.guarded()) {
            armed = true;
        }
        return true;
    }

    @Override
    public void keepAlive(long edgeNanos) {
        if (world.guarded()) {
            armed = true;
            strikeAtLocal = edgeNanos - BEFORE_EDGE;
            arm();
        }
    }

    private void arm() {
        Timer old = timer;
        if (old != null) {
            old.cancel();
        }
        timer = world.scheduler().at(machine.clock().worldNanosAt(strikeAtLocal), this::look);
    }

    /// Strikes if it is time.
    void look() {
        if (!armed || machine.isFrozen() || !machine.isPowered()) {
            return;
        }
        if (machine.clock().nanos() < strikeAtLocal) {
            arm();
            return;
        }
        armed = false;
        if (machine.postgres().phase() != PostgresServer.Phase.DOWN
                && machine.postgres().phase() != PostgresServer.Phase.STANDBY) {
            world.note(machine, "guard", () -> "stops PostgreSQL: the lease is about to end");
            machine.postgres().crash();
        }
    }

    @Override
    public void disable() {
        armed = false;
    }

    void powerLost() {
        armed = false;
    }

    @Override
    public boolean isHealthy() {
        return true;
    }

    @Override
    public void close() {}
}
