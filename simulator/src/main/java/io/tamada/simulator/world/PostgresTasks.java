package io.tamada.simulator.world;

import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.PostgresState;
import io.tamada.ha.model.SystemId;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskProgress;
import io.tamada.ha.port.TaskResult;
import io.tamada.simulator.baton.Reply;
import io.tamada.simulator.world.PostgresServer.Phase;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Long work on the simulated server, done in the thread that asks for it.
final class PostgresTasks {

    private static final long MILLIS = 1_000_000L;
    private static final long SECONDS = 1000 * MILLIS;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private final World world;
    private final Machine machine;
    private final PostgresServer server;
    private final PostgresPort port;

    PostgresTasks(World world, Machine machine, PostgresPort port) {
        this.world = world;
        this.machine = machine;
        this.server = machine.postgres();
        this.port = port;
    }

    private void takeTime(long low, long high) throws InterruptedException {
        Reply.pause(world.scheduler(), low + world.scheduler().random().nextLong(high - low));
    }

    private static TaskResult failed(String problem) {
        return new TaskResult.Failed(problem, true);
    }

    /// Waits until something holds of the server; false when time is up.
    private boolean awaitServer(BooleanSupplier condition, long untilNanos)
            throws InterruptedException {
        while (!condition.getAsBoolean()) {
            if (world.scheduler().nowNanos() >= untilNanos) {
                return false;
            }
            server.nextChange().await(untilNanos);
        }
        return true;
    }

    private long limit(Duration timeout) {
        return world.scheduler().nowNanos() + timeout.toNanos();
    }

    /// The server behind an upstream, if it answers from here.
    @Nullable PostgresServer reachable(Upstream source) {
        if (!(source instanceof Upstream.Member(var name, _))) {
            return null;
        }
        Machine other = world.machine(name.value());
        if (other == null
                || !other.isRunning()
                || !world.network().connects(machine.name(), other.name())) {
            return null;
        }
        PostgresServer there = other.postgres();
        boolean serves = there.phase() == Phase.PRIMARY || there.phase() == Phase.STANDBY;
        return serves && !there.isHung() ? there : null;
    }

    TaskResult run(PostgresTask task, TaskProgress progress) throws InterruptedException {
        return switch (task) {
            case PostgresTask.Initialize() -> initialize(progress);
            case PostgresTask.FinishBootstrap() -> {
                takeTime(100 * MILLIS, SECONDS);
                yield server.phase() == Phase.PRIMARY
                        ? TaskResult.success()
                        : failed("the server is gone");
            }
            case PostgresTask.DiscardBootstrap() -> {
                halt();
                server.removeData("failed bootstrap");
                yield TaskResult.success();
            }
            case PostgresTask.Clone(Upstream source, _) -> clone(source, "clone", progress);
            case PostgresTask.StartPrimary(Duration timeout) -> start(false, timeout);
            case PostgresTask.StartStandby(Upstream upstream, _, Duration timeout) -> {
                if (server.hasData()) {
                    server.data().upstream = upstream;
                }
                yield start(true, timeout);
            }
            case PostgresTask.Stop stop -> stop(stop);
            case PostgresTask.Restart(@Nullable Upstream upstream, Duration timeout) ->
                    restart(upstream, timeout);
            case PostgresTask.Promote promote -> promote(promote);
            case PostgresTask.Rewind(Upstream source) -> rewind(source);
            case PostgresTask.CrashRecovery() -> crashRecovery();
            case PostgresTask.CopyLogicalSlots _ -> restart(null, Duration.ofMinutes(5));
            case PostgresTask.Reinitialize(Upstream source, _) -> {
                halt();
                yield clone(source, "reinitialize", progress);
            }
        };
    }

    private TaskResult initialize(TaskProgress progress) throws InterruptedException {
        if (server.hasData()) {
            return new TaskResult.Failed("the data directory is not empty", false);
        }
        progress.state(PostgresState.INITIALIZING);
        takeTime(SECONDS, 4 * SECONDS);
        if (world.scheduler().random().nextInt(50) == 0) {
            return new TaskResult.Failed("initdb failed", true);
        }
        long id = 7_000_000_000_000L + world.scheduler().random().nextLong(1_000_000_000L);
        server.install(new DataDirectory(new SystemId(Long.toString(id)), 0x1000000));
        return start(false, Duration.ofMinutes(1));
    }

    private TaskResult start(boolean standby, Duration timeout) throws InterruptedException {
        if (!server.hasData()) {
            return new TaskResult.Failed("there is no data", false);
        }
        if (server.data().damage != null) {
            port.failed(server.data().damage);
            return new TaskResult.Failed(String.valueOf(server.data().damage), false);
        }
        if (server.phase() == Phase.DOWN) {
            port.stopIsAsked(false);
            if (server.data().backupLabel && !standby) {
                return new TaskResult.Failed(
                        "the data is a backup that must be recovered as a standby", false);
            }
            server.start(standby);
        }
        awaitServer(() -> server.phase() != Phase.STARTING, limit(timeout));
        return switch (server.phase()) {
            case STARTING -> new TaskResult.StillStarting();
            case DOWN, STOPPING -> failed("the server did not start");
            case STANDBY, PROMOTING, PRIMARY -> TaskResult.success();
        };
    }

    private TaskResult stop(PostgresTask.Stop stop) throws InterruptedException {
        port.stopIsAsked(true);
        if (stop.mode() == PostgresTask.Stop.Mode.IMMEDIATE) {
            halt();
            return TaskResult.success();
        }
        if (stop.checkpoint()) {
            takeTime(10 * MILLIS, 2 * SECONDS);
        }
        server.stopFast();
        Duration limit = stop.timeout() == null ? Duration.ofHours(1) : stop.timeout();
        if (!awaitServer(() -> server.phase() == Phase.DOWN, limit(limit))) {
            halt();
        }
        return TaskResult.success();
    }

    private void halt() throws InterruptedException {
        port.stopIsAsked(true);
        server.stopImmediately();
        if (!awaitServer(() -> server.phase() == Phase.DOWN, limit(Duration.ofSeconds(1)))) {
            server.crash();
        }
    }

    private TaskResult restart(@Nullable Upstream upstream, Duration timeout)
            throws InterruptedException {
        boolean standby =
                server.phase() == Phase.STANDBY
                        || (server.phase() == Phase.DOWN
                                && server.hasData()
                                && server.data().standbySignal);
        port.stopIsAsked(true);
        server.stopFast();
        if (!awaitServer(() -> server.phase() == Phase.DOWN, limit(STOP_LIMIT))) {
            return failed("the server did not stop");
        }
        if (upstream != null && server.hasData()) {
            server.data().upstream = upstream;
        }
        return start(standby, timeout);
    }

    private TaskResult promote(PostgresTask.Promote promote) throws InterruptedException {
        takeTime(MILLIS, 20 * MILLIS);
        if (!promote.lease().isHeldNow()) {
            return failed("the lease is not held any more");
        }
        if (server.phase() != Phase.STANDBY) {
            return failed("the server is not a standby");
        }
        server.promote();
        awaitServer(() -> server.phase() != Phase.PROMOTING, limit(promote.timeout()));
        return server.phase() == Phase.PRIMARY
                ? TaskResult.success()
                : failed("promotion has not ended in time");
    }

    private TaskResult clone(Upstream source, String reason, TaskProgress progress)
            throws InterruptedException {
        if (reachable(source) == null) {
            return failed("the source does not answer");
        }
        if (server.phase() != Phase.DOWN) {
            return failed("the server runs");
        }
        progress.state(PostgresState.CREATING_REPLICA);
        server.removeData(reason);
        takeTime(2 * SECONDS, 20 * SECONDS);
        PostgresServer from = reachable(source);
        if (from == null || world.scheduler().random().nextInt(30) == 0) {
            return failed("the base backup was interrupted");
        }
        server.install(new DataDirectory(from.data()));
        return TaskResult.success();
    }

    private TaskResult rewind(Upstream source) throws InterruptedException {
        if (server.phase() != Phase.DOWN) {
            port.stopIsAsked(true);
            server.stopFast();
            if (!awaitServer(() -> server.phase() == Phase.DOWN, limit(STOP_LIMIT))) {
                return failed("the server did not stop");
            }
        }
        PostgresServer from = reachable(source);
        if (from == null || from.phase() != Phase.PRIMARY) {
            return failed("the source is no primary that answers");
        }
        DataDirectory data = server.data();
        if (!data.systemId.equals(from.data().systemId)) {
            return new TaskResult.Failed("another system identifier", false);
        }
        if (from.data().branch.timeline() == data.branch.timeline()
                && !Divergences.sameHistory(from.data().branch, data.branch)) {
            return new TaskResult.Failed("pg_rewind sees one timeline and does nothing", false);
        }
        if (from.data().checkpointTimeline == data.branch.timeline()) {
            // pg_rewind reads the control files: it sees one timeline and does nothing.
            return TaskResult.success();
        }
        takeTime(200 * MILLIS, 5 * SECONDS);
        from = reachable(source);
        if (from == null
                || from.phase() != Phase.PRIMARY
                || world.scheduler().random().nextInt(40) == 0) {
            return failed("pg_rewind lost its source");
        }
        data.follow(from.data());
        data.standbySignal = true;
        return TaskResult.success();
    }

    private TaskResult crashRecovery() throws InterruptedException {
        if (server.phase() != Phase.DOWN || !server.hasData()) {
            return failed("there is nothing to recover");
        }
        takeTime(200 * MILLIS, 4 * SECONDS);
        DataDirectory data = server.data();
        data.beginWriting();
        data.append(104);
        data.checkpoint = data.position;
        data.checkpointTimeline = data.branch.timeline();
        data.state = ControlData.State.SHUT_DOWN;
        return TaskResult.success();
    }
}
