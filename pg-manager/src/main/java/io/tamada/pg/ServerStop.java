package io.tamada.pg;

import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.PostgresState;
import io.tamada.ha.port.PostgresTask.Stop.Mode;
import io.tamada.ha.port.TaskProgress;
import io.tamada.ha.port.TaskResult;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import io.tamada.pg.process.Command;
import io.tamada.pg.process.CommandResult;
import io.tamada.pg.process.CommandRunner;
import io.tamada.pg.process.OsProcess;
import io.tamada.pg.process.Signal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Stops the server: asked first, harder when its time is over.
final class ServerStop {

    private static final System.Logger LOG = System.getLogger(ServerStop.class.getName());
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration CONTROL_WAIT = Duration.ofSeconds(5);

    private final TimeSource time;
    private final ServerMemory memory;
    private final Changes changes;
    private final Callbacks callbacks;

    ServerStop(TimeSource time, ServerMemory memory, Changes changes, Callbacks callbacks) {
        this.time = time;
        this.memory = memory;
        this.changes = changes;
        this.callbacks = callbacks;
    }

    /// How to stop.
    ///
    /// @param checkpoint one beforehand
    /// @param timeout when to become harder; null for never
    /// @param tellCallback whether `on_stop` is called; not as part of a restart
    record How(Mode mode, boolean checkpoint, @Nullable Duration timeout, boolean tellCallback) {}

    TaskResult stop(Site site, How how, TaskProgress progress) throws InterruptedException {
        Postmaster.Running running = site.postmaster.find();
        if (running == null) {
            return site.postmaster.isSingleUser()
                    ? new TaskResult.Failed(
                            "the data is in use by a server in single-user mode", true)
                    : TaskResult.success();
        }
        boolean ready = running.file().status().equals("ready");
        if (how.checkpoint() && how.mode() == Mode.FAST && ready) {
            progress.detail("checkpoint");
            Checkpoint.run(site, how.timeout());
        }
        progress.state(PostgresState.STOPPING);
        progress.detail("stopping");
        beforeStop(site);
        memory.stops(running.process());
        MemberRole role = memory.role;
        boolean stopped = signalAndWait(site, running.process(), how);
        if (!stopped) {
            return new TaskResult.Failed(
                    "PostgreSQL could not be stopped, not even by force", true);
        }
        if (role.isPrimary()) {
            memory.role = MemberRole.DEMOTED;
        }
        progress.state(PostgresState.STOPPED);
        if (how.tellCallback()) {
            callbacks.call(site.settings, Callbacks.Event.ON_STOP, role);
        }
        changes.tell();
        return TaskResult.success();
    }

    private boolean signalAndWait(Site site, OsProcess process, How how)
            throws InterruptedException {
        process.signal(how.mode() == Mode.FAST ? Signal.INT : Signal.QUIT);
        if (awaitGone(site, process, how.timeout())) {
            return true;
        }
        if (how.mode() == Mode.FAST) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "PostgreSQL did not stop within {0}: stopping it at once",
                    how.timeout());
            process.signal(Signal.QUIT);
            if (awaitGone(site, process, how.timeout())) {
                return true;
            }
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "PostgreSQL did not stop within {0}: killing it",
                how.timeout());
        return site.postmaster.kill();
    }

    /// Tells those who wait for it as soon as the shutdown checkpoint is on disk: the server goes
    /// on living until its standbys have it.
    private boolean awaitGone(Site site, OsProcess process, @Nullable Duration timeout)
            throws InterruptedException {
        Deadline by = Deadline.after(time, timeout == null ? CommandRunner.UNLIMITED : timeout);
        boolean told = false;
        while (process.isAlive()) {
            if (by.hasPassed()) {
                return false;
            }
            if (!told && site.control.hasChanged()) {
                ControlData control = site.control.read(CONTROL_WAIT);
                if (control != null && control.shutdown() != null) {
                    told = true;
                    changes.tell();
                }
            }
            Thread.sleep(POLL);
        }
        return true;
    }

    private static void beforeStop(Site site) throws InterruptedException {
        String script = site.settings.beforeStop;
        if (script == null || script.isBlank()) {
            return;
        }
        CommandResult result =
                site.runner.run(Command.of(ShellWords.split(script)), CommandRunner.UNLIMITED);
        if (!result.succeeded()) {
            LOG.log(System.Logger.Level.WARNING, result.problem("before_stop"));
        }
    }
}
