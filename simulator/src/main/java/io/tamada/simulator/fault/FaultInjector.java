package io.tamada.simulator.fault;

import io.tamada.simulator.fault.Fault.Direction;
import io.tamada.simulator.world.AgentProcess;
import io.tamada.simulator.world.Machine;
import io.tamada.simulator.world.Network;
import io.tamada.simulator.world.World;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// Makes faults happen, and heals them.
public final class FaultInjector {

    private final World world;
    private final Supervisor supervisor;
    private final Operators operators;
    private final Set<String> keptDown = new TreeSet<>();
    private long injected;

    public FaultInjector(World world, Supervisor supervisor, Operators operators) {
        this.world = world;
        this.supervisor = supervisor;
        this.operators = operators;
    }

    /// How many there were.
    public long injected() {
        return injected;
    }

    /// Sets an episode going, from now on.
    public void schedule(List<FaultPlan.Entry> plan) {
        for (FaultPlan.Entry entry : plan) {
            world.scheduler().in(entry.atNanos(), () -> begin(entry));
        }
    }

    private void begin(FaultPlan.Entry entry) {
        injected++;
        world.note(
                "fault",
                "begins",
                () -> entry.fault() + " for " + entry.lastsNanos() / 1_000_000 + " ms");
        apply(entry.fault());
        world.scheduler()
                .in(
                        entry.lastsNanos(),
                        () -> {
                            world.note("fault", "ends", () -> entry.fault().toString());
                            end(entry.fault());
                        });
    }

    private Machine machine(String name) {
        return Objects.requireNonNull(world.machine(name));
    }

    private void apply(Fault fault) {
        Network network = world.network();
        switch (fault) {
            case Fault.KillAgent(String name) -> {
                keptDown.add(name);
                supervisor.kill(machine(name));
            }
            case Fault.StopAgent(String name) -> {
                keptDown.add(name);
                supervisor.stop(machine(name));
            }
            case Fault.CrashPostgres(String name) -> {
                if (machine(name).isRunning()) {
                    machine(name).postgres().crash();
                }
            }
            case Fault.PowerOff(String name) -> machine(name).powerOff();
            case Fault.FreezeAgent(String name) -> {
                AgentProcess agent = machine(name).agent();
                if (agent != null) {
                    agent.process().freeze();
                }
            }
            case Fault.FreezeMachine(String name) -> machine(name).freeze();
            case Fault.HangPostgres(String name) -> machine(name).postgres().hang(true);
            case Fault.CutFromStore(String name, Direction direction) ->
                    cut(name, Network.STORE, direction, true);
            case Fault.CutFromPeer(String name, String peer, Direction direction) ->
                    cut(name, peer, direction, true);
            case Fault.CutFromPeers(String name) -> cutFromPeers(name, true);
            case Fault.Isolate(String name, boolean fromClients) ->
                    isolate(name, fromClients, true);
            case Fault.SilentStore() -> world.store().silence(true);
            case Fault.SlowNetwork(String address, var upTo) ->
                    network.slow(address, upTo.toNanos());
            case Fault.LossyNetwork(double lost, double doubled) -> network.disturb(lost, doubled);
            case Fault.SlowPostgres(String name, var upTo) ->
                    machine(name).postgres().slowDown(upTo.toNanos());
            case Fault.ClockRate(String name, double rate) -> machine(name).clock().runAt(rate);
            case Fault.WallJump(String name, var by) ->
                    machine(name).clock().jumpWall(by.toNanos());
            case Fault.Switchover(String candidate) -> operators.switchover(candidate);
            case Fault.Failover(String candidate) -> operators.failover(candidate);
            case Fault.Pause() -> operators.pause(true);
            case Fault.Restart(String name) -> operators.restart(machine(name));
            case Fault.Reinitialize(String name) -> operators.reinitialize(machine(name));
            case Fault.Configure(String setting, Object value) ->
                    operators.configure(setting, value);
            case Fault.RemoveMember(String name) -> {
                keptDown.add(name);
                supervisor.stop(machine(name));
            }
        }
    }

    private void end(Fault fault) {
        Network network = world.network();
        switch (fault) {
            case Fault.KillAgent(String name) -> up(name);
            case Fault.StopAgent(String name) -> up(name);
            case Fault.RemoveMember(String name) -> up(name);
            case Fault.PowerOff(String name) -> powerOn(name);
            case Fault.FreezeAgent(String name) -> {
                AgentProcess agent = machine(name).agent();
                if (agent != null && !machine(name).isFrozen()) {
                    agent.process().thaw();
                }
            }
            case Fault.FreezeMachine(String name) -> machine(name).thaw();
            case Fault.HangPostgres(String name) -> machine(name).postgres().hang(false);
            case Fault.CutFromStore(String name, Direction direction) ->
                    cut(name, Network.STORE, direction, false);
            case Fault.CutFromPeer(String name, String peer, Direction direction) ->
                    cut(name, peer, direction, false);
            case Fault.CutFromPeers(String name) -> cutFromPeers(name, false);
            case Fault.Isolate(String name, boolean fromClients) ->
                    isolate(name, fromClients, false);
            case Fault.SilentStore() -> world.store().silence(false);
            case Fault.SlowNetwork(String address, _) -> network.slow(address, 0);
            case Fault.LossyNetwork _ -> network.disturb(0, 0);
            case Fault.SlowPostgres(String name, _) -> machine(name).postgres().slowDown(0);
            case Fault.ClockRate(String name, _) -> machine(name).clock().runAt(1);
            case Fault.WallJump(String name, var by) ->
                    machine(name).clock().jumpWall(-by.toNanos());
            case Fault.Pause() -> operators.pause(false);
            case Fault.Configure(String setting, _) -> operators.restore(setting);
            case Fault.CrashPostgres _,
                    Fault.Switchover _,
                    Fault.Failover _,
                    Fault.Restart _,
                    Fault.Reinitialize _ -> {
                // Over as soon as it has happened.
            }
        }
    }

    private void cut(String name, String other, Direction direction, boolean block) {
        if (name.equals(other)) {
            return;
        }
        if (direction != Direction.IN) {
            route(name, other, block);
        }
        if (direction != Direction.OUT) {
            route(other, name, block);
        }
    }

    private void route(String from, String to, boolean block) {
        if (block) {
            world.network().block(from, to);
        } else {
            world.network().open(from, to);
        }
    }

    private void isolate(String name, boolean fromClients, boolean block) {
        cut(name, Network.STORE, Direction.BOTH, block);
        cutFromPeers(name, block);
        if (fromClients) {
            cut(name, Network.CLIENTS, Direction.BOTH, block);
        }
    }

    private void cutFromPeers(String name, boolean block) {
        for (Machine other : world.machines()) {
            cut(name, other.name(), Direction.BOTH, block);
        }
    }

    private void up(String name) {
        keptDown.remove(name);
        supervisor.start(machine(name));
    }

    private void powerOn(String name) {
        if (!machine(name).isPowered()) {
            machine(name).powerOn();
            if (!keptDown.contains(name)) {
                supervisor.start(machine(name));
            }
        }
    }

    /// Ends everything that still goes wrong.
    public void heal() {
        world.note("fault", "healed", () -> "everything");
        world.network().heal();
        world.store().silence(false);
        keptDown.clear();
        for (Machine m : world.machines()) {
            m.clock().runAt(1);
            m.thaw();
            m.postgres().hang(false);
            m.postgres().slowDown(0);
            AgentProcess agent = m.agent();
            if (agent != null && agent.process().isFrozen()) {
                agent.process().thaw();
            }
            if (!m.isPowered()) {
                m.powerOn();
            }
            supervisor.start(m);
        }
        operators.restoreAll();
    }
}
