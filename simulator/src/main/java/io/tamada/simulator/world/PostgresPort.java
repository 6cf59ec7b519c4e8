package io.tamada.simulator.world;

import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.Divergence;
import io.tamada.ha.port.OrderResult;
import io.tamada.ha.port.PostgresControl;
import io.tamada.ha.port.PostgresOrder;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.SlotPlan;
import io.tamada.ha.port.TaskProgress;
import io.tamada.ha.port.TaskResult;
import io.tamada.ha.time.Deadline;
import io.tamada.simulator.baton.Reply;
import io.tamada.simulator.world.PostgresServer.Phase;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An agent's hold on its machine's PostgreSQL server. Dies with the agent; the server doesn't.
public final class PostgresPort implements PostgresControl {

    private static final long MILLIS = 1_000_000L;

    private final World world;
    private final Machine machine;
    private final PostgresServer server;
    private final PostgresTasks tasks;
    private boolean stopAsked;
    private boolean sawItRunning;
    private @Nullable Long silentSince;
    private @Nullable String lastFailure;

    public PostgresPort(World world, Machine machine) {
        this.world = world;
        this.machine = machine;
        this.server = machine.postgres();
        this.tasks = new PostgresTasks(world, machine, this);
    }

    private void takeTime(long low, long high) throws InterruptedException {
        Reply.pause(world.scheduler(), low + world.scheduler().random().nextLong(high - low));
    }

    void stopIsAsked(boolean asked) {
        stopAsked = asked;
    }

    void failed(@Nullable String problem) {
        lastFailure = problem;
    }

    @Override
    public LocalPostgres look(Deadline by) throws InterruptedException {
        takeTime(MILLIS, 5 * MILLIS);
        Phase phase = server.phase();
        if (server.isHung()) {
            Reply.pause(world.scheduler(), Math.min(by.remaining().toNanos(), 2000 * MILLIS));
            Long since = silentSince;
            if (since == null) {
                since = machine.clock().nanos();
                silentSince = since;
            }
            return new LocalPostgres.Unresponsive(
                    server.data().control(),
                    phase == Phase.PRIMARY || server.wasPrimary(),
                    Duration.ofNanos(machine.clock().nanos() - since),
                    "statement timeout");
        }
        silentSince = null;
        if (phase != Phase.DOWN) {
            sawItRunning = true;
            lastFailure = null;
        }
        return Looks.of(
                server,
                Duration.ofNanos(world.scheduler().nowNanos() - server.phaseSince()),
                stopped());
    }

    private LocalPostgres stopped() {
        DataDirectory data = server.disk();
        if (data == null) {
            return new LocalPostgres.NoData(null);
        }
        boolean crashed = sawItRunning && !stopAsked;
        return new LocalPostgres.Stopped(
                data.control(),
                crashed,
                data.standbySignal,
                data.backupLabel,
                data.damage != null ? data.damage : lastFailure);
    }

    @Override
    public OrderResult apply(PostgresOrder order, Deadline by) throws InterruptedException {
        takeTime(MILLIS, 20 * MILLIS);
        DataDirectory data = server.disk();
        if (data == null) {
            return new OrderResult.Failed("there is no data");
        }
        switch (order) {
            case PostgresOrder.Follow(Upstream upstream, _) -> {
                world.note(machine, "order", () -> "follow " + Looks.name(upstream));
                server.followFrom(upstream);
            }
            case PostgresOrder.SetSynchronousStandbys(String value) ->
                    server.setSynchronousStandbys(value);
            case PostgresOrder.StartCheckpoint() -> server.startCheckpoint();
            case PostgresOrder.SyncSlots(SlotPlan plan) -> Slots.sync(data, plan);
            case PostgresOrder.Configure _,
                    PostgresOrder.ResumeReplay _,
                    PostgresOrder.AssumeRole _ -> {
                // Of no consequence here.
            }
        }
        return new OrderResult.Done();
    }

    @Override
    public TaskResult run(PostgresTask task, TaskProgress progress) {
        world.note(machine, "task", () -> task.title() + " begins");
        TaskResult result;
        try {
            result = tasks.run(task, progress);
        } catch (InterruptedException e) {
            result = new TaskResult.Cancelled();
        }
        TaskResult ended = result;
        world.note(machine, "task", () -> task.title() + " ends: " + ended);
        return ended;
    }

    @Override
    public Divergence divergenceFrom(Upstream source, Deadline by) throws InterruptedException {
        takeTime(5 * MILLIS, 100 * MILLIS);
        PostgresServer other = tasks.reachable(source);
        DataDirectory data = server.disk();
        if (data == null || data.damage != null) {
            return new Divergence.Undecided("there is no usable data here");
        }
        if (other == null) {
            return new Divergence.Undecided("the source does not answer");
        }
        if (other.phase() != Phase.PRIMARY) {
            return new Divergence.Undecided("the source is not a primary");
        }
        if (!Divergences.isComparable(data, server.phase() == Phase.STANDBY)) {
            return new Divergence.Undecided("the local server is not ready to be compared");
        }
        return Divergences.compare(data, other.data());
    }

    @Override
    public boolean fence(Deadline by) {
        stopAsked = true;
        world.note(machine, "fence", () -> "postmaster is " + server.phase());
        try {
            if (server.phase() != Phase.DOWN) {
                takeTime(5 * MILLIS, 100 * MILLIS);
                server.crash();
            }
        } catch (InterruptedException e) {
            server.crash();
            Thread.currentThread().interrupt();
        }
        return server.phase() == Phase.DOWN;
    }

    @Override
    public Subscription onChange(Runnable wakeUp) {
        AgentProcess agent = machine.agent();
        Runnable end =
                server.listen(() -> {
                    if (agent != null && !agent.process().isDead()) {
                        agent.process().start("postgres-watch", wakeUp);
                    }
                });
        return end::run;
    }

    @Override
    public void close() {}
}
