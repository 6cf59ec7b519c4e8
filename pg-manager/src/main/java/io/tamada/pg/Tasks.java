package io.tamada.pg;

import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.PostgresState;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskProgress;
import io.tamada.ha.port.TaskResult;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The engine's long work, put together from what each part can do.
final class Tasks {

    private final ServerMemory memory;
    private final Configuration configuration;
    private final Callbacks callbacks;
    private final ServerStart start;
    private final ServerStop stop;
    private final Promotion promotion;
    private final Bootstrap bootstrap;
    private final Cloning cloning;
    private final Rewind rewind;
    private final LogicalSlotCopy logicalSlots;

    Tasks(
            TimeSource time,
            ServerMemory memory,
            Configuration configuration,
            Changes changes,
            Callbacks callbacks) {
        this.memory = memory;
        this.configuration = configuration;
        this.callbacks = callbacks;
        start = new ServerStart(time, memory, configuration, changes);
        stop = new ServerStop(time, memory, changes, callbacks);
        promotion = new Promotion(time, memory, configuration, changes);
        bootstrap = new Bootstrap(memory, start, stop, configuration, callbacks);
        cloning = new Cloning(memory);
        rewind = new Rewind(memory, stop);
        logicalSlots = new LogicalSlotCopy();
    }

    TaskResult run(Site site, PostgresTask task, TaskProgress progress)
            throws InterruptedException {
        long fence = memory.fences.get();
        return switch (task) {
            case PostgresTask.Initialize() -> bootstrap.initialize(site, progress, fence);
            case PostgresTask.FinishBootstrap() -> bootstrap.finish(site, progress);
            case PostgresTask.DiscardBootstrap() -> bootstrap.discard(site, progress);
            case PostgresTask.Clone(Upstream source, boolean baseBackupOnly) ->
                    cloning.clone(site, source, baseBackupOnly, progress);
            case PostgresTask.StartPrimary(Duration timeout) ->
                    start(site, new ServerStart.Mode.Primary(), timeout, progress, fence);
            case PostgresTask.StartStandby(Upstream upstream, boolean leading, Duration timeout) ->
                    start(
                            site,
                            new ServerStart.Mode.Standby(upstream, leading),
                            timeout,
                            progress,
                            fence);
            case PostgresTask.Stop order ->
                    stop.stop(
                            site,
                            new ServerStop.How(
                                    order.mode(), order.checkpoint(), order.timeout(), true),
                            progress);
            case PostgresTask.Restart(Upstream upstream, Duration timeout) ->
                    restart(site, upstream, timeout, progress, fence);
            case PostgresTask.Promote(var lease, Duration timeout) ->
                    promotion.promote(site, lease, timeout, progress);
            case PostgresTask.Rewind(Upstream source) -> rewind.run(site, source, progress);
            case PostgresTask.CrashRecovery() -> CrashRecovery.run(site, memory);
            case PostgresTask.CopyLogicalSlots(Upstream leader, var names) ->
                    copySlots(site, leader, names, progress, fence);
            case PostgresTask.Reinitialize(Upstream source, boolean baseBackupOnly) ->
                    reinitialize(site, source, baseBackupOnly, progress);
        };
    }

    private TaskResult start(
            Site site, ServerStart.Mode mode, Duration timeout, TaskProgress progress, long fence)
            throws InterruptedException {
        progress.state(PostgresState.STARTING);
        TaskResult result = start.start(site, mode, timeout, fence);
        if (result.succeeded()) {
            progress.state(PostgresState.RUNNING);
            Bootstrap.saveBackups(site);
            if (memory.rewriteWhenReady) {
                configuration.catchUp(site);
            }
            // A demoted primary that comes back as a replica has changed its role rather than
            // started.
            MemberRole told = memory.toldRole;
            boolean wasOther = told != null && told.isPrimary() != memory.role.isPrimary();
            memory.toldRole = memory.role;
            callbacks.call(
                    site.settings,
                    wasOther ? Callbacks.Event.ON_ROLE_CHANGE : Callbacks.Event.ON_START,
                    memory.role);
        } else if (result instanceof TaskResult.Failed) {
            progress.state(PostgresState.START_FAILED);
        }
        return result;
    }

    private TaskResult restart(
            Site site,
            @Nullable Upstream upstream,
            Duration timeout,
            TaskProgress progress,
            long fence)
            throws InterruptedException {
        boolean standby = site.data.hasRecoverySignal();
        Upstream follow = upstream != null ? upstream : memory.upstream;
        TaskProgress restarting =
                new TaskProgress() {
                    @Override
                    public void state(PostgresState state) {
                        progress.state(PostgresState.RESTARTING);
                    }

                    @Override
                    public void detail(String text) {
                        progress.detail(text);
                    }
                };
        restarting.state(PostgresState.RESTARTING);
        TaskResult stopped =
                stop.stop(
                        site,
                        new ServerStop.How(PostgresTask.Stop.Mode.FAST, true, null, false),
                        restarting);
        if (!stopped.succeeded()) {
            progress.state(PostgresState.RESTART_FAILED);
            return stopped;
        }
        ServerStart.Mode mode =
                !standby
                        ? new ServerStart.Mode.Primary()
                        : follow == null
                                ? new ServerStart.Mode.AsLeft()
                                : new ServerStart.Mode.Standby(follow, memory.leading);
        TaskResult started = start.start(site, mode, timeout, fence);
        if (started.succeeded()) {
            progress.state(PostgresState.RUNNING);
            callbacks.call(site.settings, Callbacks.Event.ON_RESTART, memory.role);
        } else if (started instanceof TaskResult.Failed) {
            progress.state(PostgresState.RESTART_FAILED);
        }
        return started;
    }

    private TaskResult reinitialize(
            Site site, Upstream source, boolean baseBackupOnly, TaskProgress progress)
            throws InterruptedException {
        TaskResult stopped =
                stop.stop(
                        site,
                        new ServerStop.How(
                                PostgresTask.Stop.Mode.IMMEDIATE,
                                false,
                                memory.cluster.timings().retryTimeout(),
                                true),
                        progress);
        return stopped.succeeded()
                ? cloning.clone(site, source, baseBackupOnly, progress)
                : stopped;
    }

    private TaskResult copySlots(
            Site site,
            Upstream leader,
            java.util.Set<String> names,
            TaskProgress progress,
            long fence)
            throws InterruptedException {
        Upstream upstream = memory.upstream;
        LogicalSlotCopy.Fetched fetched = logicalSlots.fetch(site, leader, names);
        if (fetched.problem() != null) {
            return new TaskResult.Failed(fetched.problem(), true);
        }
        if (fetched.states().isEmpty()) {
            return TaskResult.success();
        }
        TaskResult stopped =
                stop.stop(
                        site,
                        new ServerStop.How(PostgresTask.Stop.Mode.FAST, false, null, false),
                        progress);
        if (!stopped.succeeded()) {
            return stopped;
        }
        String problem = logicalSlots.install(site, fetched.states());
        ServerStart.Mode mode =
                new ServerStart.Mode.Standby(upstream != null ? upstream : leader, memory.leading);
        TaskResult started = start.start(site, mode, site.settings.startTimeout, fence);
        return started.succeeded() && problem != null
                ? new TaskResult.Failed(problem, true)
                : started;
    }
}
