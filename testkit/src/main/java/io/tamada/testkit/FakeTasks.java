package io.tamada.testkit;

import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.PostgresState;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskProgress;
import io.tamada.ha.port.TaskResult;
import io.tamada.testkit.FakeServer.Stage;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The long tasks of a simulated server: what each does when, and what becomes of it when the world
/// changes meanwhile.
///
/// Between two steps the world's lock is free, so that a crash, a fence or another server can come
/// in between.
final class FakeTasks {

    private static final Duration CHECKPOINT = Duration.ofMillis(200);

    private final FakeReplication world;
    private final FakeServer server;
    private final Waiter waiter;

    FakeTasks(FakeReplication world, FakeServer server, Waiter waiter) {
        this.world = world;
        this.server = server;
        this.waiter = waiter;
    }

    TaskResult run(PostgresTask task, FakeWork.Course course, TaskProgress progress)
            throws InterruptedException {
        if (course.failure() != null) {
            pause(course.takes());
            world.perform(() -> server.lastFailure = course.failure());
            return new TaskResult.Failed(course.failure(), course.retry());
        }
        return switch (task) {
            case PostgresTask.Initialize _ -> initialize(course, progress);
            case PostgresTask.FinishBootstrap _ -> paused(course);
            case PostgresTask.DiscardBootstrap _ -> discard(course);
            case PostgresTask.Clone(Upstream source, _) -> copy(source, course, progress);
            case PostgresTask.Reinitialize(Upstream source, _) -> {
                world.perform(this::kill);
                yield copy(source, course, progress);
            }
            case PostgresTask.StartPrimary(Duration timeout) ->
                    start(false, null, timeout, course, progress);
            case PostgresTask.StartStandby(Upstream upstream, _, Duration timeout) ->
                    start(true, upstream, timeout, course, progress);
            case PostgresTask.Stop stop -> stop(stop.mode(), stop.timeout(), course, progress);
            case PostgresTask.Restart(Upstream upstream, Duration timeout) ->
                    restart(upstream, timeout, course, progress);
            case PostgresTask.Promote promote -> promote(promote, course);
            case PostgresTask.Rewind(Upstream source) -> rewind(source, course);
            case PostgresTask.CrashRecovery _ -> recover(course);
            case PostgresTask.CopyLogicalSlots _ -> paused(course);
        };
    }

    private TaskResult initialize(FakeWork.Course course, TaskProgress progress)
            throws InterruptedException {
        progress.state(PostgresState.INITIALIZING);
        if (look(() -> server.data != null)) {
            return failed("the data directory is not empty");
        }
        pause(course.takes());
        world.perform(() -> {
            server.data = new FakeData(world.newCluster(), world.newWal());
            server.beginStart(false, Duration.ZERO);
            return true;
        });
        world.tick();
        progress.state(PostgresState.RUNNING);
        return TaskResult.success();
    }

    private TaskResult discard(FakeWork.Course course) throws InterruptedException {
        pause(course.takes());
        return world.perform(() -> {
            kill();
            server.data = null;
            return TaskResult.success();
        });
    }

    private TaskResult copy(Upstream upstream, FakeWork.Course course, TaskProgress progress)
            throws InterruptedException {
        progress.state(PostgresState.CREATING_REPLICA);
        if (look(() -> server.stage != Stage.DOWN)) {
            return failed("a server runs on the data directory");
        }
        world.perform(() -> server.data = null);
        long until = world.time().nanos() + course.takes().toNanos();
        boolean lost = waiter.await(() -> look(() -> source(upstream) == null), until);
        return world.perform(() -> {
            FakeServer source = source(upstream);
            if (lost || source == null) {
                return failed("the source of the copy is gone or can't be reached");
            }
            FakeData copy = FakeData.copyOf(source.dataThere());
            copy.backupLabel = true;
            copy.standbySignal = true;
            server.data = copy;
            server.crashed = false;
            server.lastFailure = null;
            return TaskResult.success();
        });
    }

    private TaskResult start(
            boolean standby,
            @Nullable Upstream upstream,
            Duration timeout,
            FakeWork.Course course,
            TaskProgress progress)
            throws InterruptedException {
        progress.state(PostgresState.STARTING);
        String obstacle =
                world.perform(() -> {
                    String found = obstacle();
                    if (found == null) {
                        server.dataThere().standbySignal = standby;
                        server.upstream = upstream == null ? Upstream.none() : upstream;
                        server.beginStart(standby, course.takes());
                    } else {
                        server.lastFailure = found;
                    }
                    return found;
                });
        if (obstacle != null) {
            progress.state(PostgresState.START_FAILED);
            return new TaskResult.Failed(obstacle, false);
        }
        return started(timeout, progress);
    }

    private @Nullable String obstacle() {
        FakeData data = server.data;
        if (data == null) {
            return "there is no data";
        }
        return server.stage != Stage.DOWN ? "a server runs already" : data.broken;
    }

    private TaskResult started(Duration timeout, TaskProgress progress)
            throws InterruptedException {
        world.tick();
        long until = world.time().nanos() + timeout.toNanos();
        boolean decided = waiter.await(() -> look(() -> server.stage != Stage.STARTING), until);
        if (!decided) {
            return new TaskResult.StillStarting();
        }
        boolean up = look(() -> server.stage == Stage.UP);
        progress.state(up ? PostgresState.RUNNING : PostgresState.START_FAILED);
        return up ? TaskResult.success() : failed("the server ended while it started");
    }

    private TaskResult stop(
            PostgresTask.Stop.Mode mode,
            @Nullable Duration timeout,
            FakeWork.Course course,
            TaskProgress progress)
            throws InterruptedException {
        progress.state(PostgresState.STOPPING);
        long epoch = look(() -> server.epoch);
        if (mode == PostgresTask.Stop.Mode.IMMEDIATE) {
            return world.perform(() -> {
                kill();
                return TaskResult.success();
            });
        }
        if (look(() -> server.stage == Stage.UP)) {
            world.perform(() -> {
                server.beginStop();
                return true;
            });
            pause(course.takes());
            long until =
                    timeout == null ? Long.MAX_VALUE : world.time().nanos() + timeout.toNanos();
            BooleanSupplier settled =
                    () -> look(() -> server.epoch != epoch || (!server.frozen && server.mayEnd()));
            boolean clean = waiter.await(settled, until);
            world.perform(() -> {
                if (server.epoch == epoch && clean) {
                    server.endStop();
                } else if (server.epoch == epoch) {
                    kill();
                }
                return true;
            });
        } else {
            world.perform(this::kill);
        }
        progress.state(PostgresState.STOPPED);
        return TaskResult.success();
    }

    private TaskResult restart(
            @Nullable Upstream upstream,
            Duration timeout,
            FakeWork.Course course,
            TaskProgress progress)
            throws InterruptedException {
        progress.state(PostgresState.RESTARTING);
        boolean standby = look(() -> server.recovery);
        Upstream source = upstream == null ? look(() -> server.upstream) : upstream;
        Duration half = course.takes().dividedBy(2);
        FakeWork.Course part = FakeWork.Course.of(half);
        TaskResult stopped = stop(PostgresTask.Stop.Mode.FAST, timeout, part, TaskProgress.SILENT);
        return stopped.succeeded() ? start(standby, source, timeout, part, progress) : stopped;
    }

    private TaskResult promote(PostgresTask.Promote task, FakeWork.Course course)
            throws InterruptedException {
        long epoch = look(() -> server.epoch);
        pause(course.takes());
        if (!task.lease().isHeldNow()) {
            return failed("the lease ran out before the promotion");
        }
        return world.perform(() -> {
            if (server.epoch != epoch
                    || server.stage != Stage.UP
                    || !server.recovery
                    || server.frozen) {
                return failed("no standby runs here");
            }
            server.promote();
            server.checkpointAfter(CHECKPOINT);
            return TaskResult.success();
        });
    }

    private TaskResult rewind(Upstream upstream, FakeWork.Course course)
            throws InterruptedException {
        String obstacle = look(this::rewindObstacle);
        if (obstacle != null) {
            return new TaskResult.Failed(obstacle, false);
        }
        if (look(() -> source(upstream) == null)) {
            return failed("the source of the rewind can't be reached");
        }
        // From here on the directory is neither what it was nor what it will be.
        world.perform(() -> server.dataThere().broken = "a rewind was begun and not finished");
        pause(course.takes());
        return world.perform(() -> {
            FakeServer source = source(upstream);
            if (source == null || source.wal().common(server.wal()) == null) {
                return failed("the source of the rewind is gone, or is of another cluster");
            }
            FakeData copy = FakeData.copyOf(source.dataThere());
            copy.standbySignal = true;
            server.data = copy;
            server.crashed = false;
            return TaskResult.success();
        });
    }

    private @Nullable String rewindObstacle() {
        FakeData data = server.data;
        if (data == null || server.stage != Stage.DOWN) {
            return "a rewind needs the data of a stopped server";
        }
        if (!data.rewindable) {
            return "the data has neither checksums nor wal_log_hints";
        }
        return data.state == ControlData.State.SHUT_DOWN
                        || data.state == ControlData.State.SHUT_DOWN_IN_RECOVERY
                ? data.broken
                : "the server was not shut down cleanly";
    }

    private TaskResult recover(FakeWork.Course course) throws InterruptedException {
        pause(course.takes());
        return world.perform(() -> {
            FakeData data = server.data;
            if (data == null || server.stage != Stage.DOWN || data.broken != null) {
                return failed("there is no data of a stopped server");
            }
            data.shutDownAsPrimary();
            data.state = ControlData.State.SHUT_DOWN;
            return TaskResult.success();
        });
    }

    /// The server to copy from, while it runs and can be reached.
    private @Nullable FakeServer source(Upstream upstream) {
        FakeServer source = world.find(upstream);
        return source != null
                        && source.stage == Stage.UP
                        && !source.frozen
                        && world.linked(source, server)
                ? source
                : null;
    }

    private boolean kill() {
        if (server.stage != Stage.DOWN) {
            server.ended();
        }
        return true;
    }

    private TaskResult paused(FakeWork.Course course) throws InterruptedException {
        pause(course.takes());
        return TaskResult.success();
    }

    private void pause(Duration duration) throws InterruptedException {
        waiter.pause(world.time().nanos() + duration.toNanos());
    }

    private <R> R look(Supplier<R> question) {
        synchronized (world) {
            return question.get();
        }
    }

    private static TaskResult failed(String problem) {
        return new TaskResult.Failed(problem, true);
    }
}
