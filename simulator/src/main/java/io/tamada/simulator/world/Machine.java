package io.tamada.simulator.world;

import io.tamada.ha.model.MemberName;
import io.tamada.simulator.baton.SimClock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One member's machine: its clocks, its disk with PostgreSQL, its lease guard and the agent.
public final class Machine {

    private final World world;
    private final String name;
    private final SimClock clock;
    private final PostgresServer postgres;
    private final LeaseGuard guard;
    private final List<Runnable> deferred = new ArrayList<>();
    private boolean powered = true;
    private boolean frozen;
    private long powerCycles;
    private @Nullable AgentProcess agent;

    Machine(World world, String name) {
        this.world = world;
        this.name = name;
        this.clock =
                new SimClock(
                        world.scheduler(), world.scheduler().random().nextLong(1_000_000_000_000L));
        this.postgres = new PostgresServer(world, this);
        this.guard = new LeaseGuard(world, this);
    }

    public String name() {
        return name;
    }

    public MemberName member() {
        return MemberName.of(name);
    }

    public SimClock clock() {
        return clock;
    }

    public PostgresServer postgres() {
        return postgres;
    }

    public LeaseGuard guard() {
        return guard;
    }

    /// The agent that runs here; null when none does.
    public @Nullable AgentProcess agent() {
        return agent;
    }

    public void agent(@Nullable AgentProcess value) {
        agent = value;
    }

    /// Powered, and not frozen as a whole.
    public boolean isRunning() {
        return powered && !frozen;
    }

    public boolean isPowered() {
        return powered;
    }

    public boolean isFrozen() {
        return frozen;
    }

    /// Does something here after a while: not while the machine is frozen, not after it lost its
    /// power.
    void in(long delayNanos, Runnable action) {
        long mine = powerCycles;
        world.scheduler()
                .in(
                        delayNanos,
                        () -> {
                            if (powerCycles != mine) {
                                return;
                            }
                            if (frozen) {
                                deferred.add(action);
                            } else {
                                action.run();
                            }
                        });
    }

    /// Everything here stands still, while clocks go on.
    public void freeze() {
        if (powered && !frozen) {
            frozen = true;
            if (agent != null) {
                agent.process().freeze();
            }
        }
    }

    /// Goes on. The guard looks first: it has the deadline at hand and nothing else to do.
    public void thaw() {
        if (!frozen) {
            return;
        }
        frozen = false;
        guard.look();
        List<Runnable> missed = List.copyOf(deferred);
        deferred.clear();
        missed.forEach(Runnable::run);
        if (agent != null) {
            agent.process().thaw();
        }
        postgres.confirmedMore();
    }

    /// Everything here ends; the disk stays.
    public void powerOff() {
        if (!powered) {
            return;
        }
        powered = false;
        frozen = false;
        powerCycles++;
        deferred.clear();
        if (agent != null) {
            agent.process().kill();
            agent = null;
        }
        guard.powerLost();
        postgres.powerLost();
    }

    /// Comes up again, with nothing started yet.
    public void powerOn() {
        powered = true;
    }
}
