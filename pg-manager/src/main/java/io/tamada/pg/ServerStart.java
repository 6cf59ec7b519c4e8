package io.tamada.pg;

import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.TaskResult;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import io.tamada.pg.process.DetachedLauncher;
import io.tamada.pg.process.OsProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Starts the server and waits until it takes connections.
final class ServerStart {

    private static final System.Logger LOG = System.getLogger(ServerStart.class.getName());
    private static final Duration POLL = Duration.ofMillis(10);

    private final TimeSource time;
    private final ServerMemory memory;
    private final Configuration configuration;
    private final Changes changes;

    /// As what the server starts.
    sealed interface Mode {
        record Primary() implements Mode {}

        record Standby(Upstream upstream, boolean leading) implements Mode {}

        /// Recovers to a target and goes on as a primary.
        record PointInTime(Map<String, String> recoveryConf) implements Mode {}

        /// With the recovery settings that a bootstrap script has left.
        record AsLeft() implements Mode {}
    }

    ServerStart(
            TimeSource time, ServerMemory memory, Configuration configuration, Changes changes) {
        this.time = time;
        this.memory = memory;
        this.configuration = configuration;
        this.changes = changes;
    }

    /// @param fence the number of fences when the task began: after another one nothing is started
    TaskResult start(Site site, Mode mode, Duration timeout, long fence)
            throws InterruptedException {
        Deadline by = Deadline.after(time, timeout);
        Postmaster.Running running = site.postmaster.find();
        if (running != null) {
            return awaitReady(site, running.process(), null, by);
        }
        String obstacle = site.obstacle();
        if (obstacle == null) {
            obstacle = site.unwritable();
        }
        if (obstacle == null && site.postmaster.isSingleUser()) {
            obstacle =
                    "the data is in use by a server in single-user mode: wait until it has ended";
        }
        if (obstacle == null && !site.postmaster.killOrphans()) {
            obstacle = "sessions of a dead server on " + site.data.root() + " can't be ended";
        }
        if (obstacle != null) {
            return failed(obstacle, false);
        }
        try {
            Parameters parameters = write(site, mode);
            makeDirectories(parameters);
            ServerLog log = ServerLog.openAt(site.serverLog());
            OsProcess process = launch(site, parameters, fence);
            return process == null ? died(log) : awaitReady(site, process, log, by);
        } catch (IOException e) {
            return failed("PostgreSQL could not be started: " + e, true);
        }
    }

    private Parameters write(Site site, Mode mode) throws IOException, InterruptedException {
        PgVersion version = site.version();
        memory.rewriteWhenReady = false;
        return switch (mode) {
            case Mode.Primary() -> {
                memory.role = MemberRole.PRIMARY;
                memory.upstream = null;
                memory.wasPrimary = true;
                yield configuration.writeForStart(site, MemberRole.PRIMARY, null, false);
            }
            case Mode.Standby(Upstream upstream, boolean leading) -> {
                MemberRole role = leading ? MemberRole.STANDBY_LEADER : MemberRole.REPLICA;
                memory.role = role;
                memory.upstream = upstream;
                memory.wasPrimary = false;
                memory.leading = leading;
                yield configuration.writeForStart(
                        site,
                        role,
                        RecoverySettings.standby(
                                site.settings, memory.cluster, version, upstream, leading),
                        true);
            }
            case Mode.PointInTime(var recoveryConf) ->
                    configuration.writeForStart(
                            site,
                            MemberRole.REPLICA,
                            RecoverySettings.pointInTime(recoveryConf),
                            false);
            case Mode.AsLeft() -> configuration.writeAsLeft(site);
        };
    }

    private static void makeDirectories(Parameters parameters) throws IOException {
        String sockets = parameters.values().get("unix_socket_directories");
        for (String directory :
                sockets == null ? List.<String>of() : List.of(sockets.split(",", -1))) {
            if (directory.strip().startsWith("/")) {
                Files.createDirectories(Path.of(directory.strip()));
            }
        }
    }

    private @Nullable OsProcess launch(Site site, Parameters parameters, long fence)
            throws IOException {
        List<String> argv =
                new ArrayList<>(
                        List.of(
                                site.binaries.path("postgres"),
                                "-D",
                                site.data.root().toString(),
                                "--config-file=" + site.files.conf()));
        argv.addAll(parameters.arguments());
        Map<String, String> environment = new HashMap<>();
        Long stale = site.postmaster.staleNumber();
        if (stale != null) {
            environment.put("PG_GRANDPARENT_PID", stale.toString());
        }
        String arenas = System.getenv("PG_MALLOC_ARENA_MAX");
        if (arenas != null) {
            environment.put("MALLOC_ARENA_MAX", arenas);
        }
        // A fence waits for the lock, and finds what was launched; one that came before is seen
        // here.
        synchronized (memory.fences) {
            if (memory.fences.get() != fence) {
                throw new IOException("the server was fenced meanwhile");
            }
            memory.startingSinceNanos = time.nanos();
            OsProcess process =
                    site.postmaster.launch(() ->
                            DetachedLauncher.launch(
                                    argv, site.data.root(), site.serverLog(), environment));
            if (process != null) {
                changes.watchPostmaster(process);
                LOG.log(
                        System.Logger.Level.INFO,
                        "Started PostgreSQL, process {0}",
                        Long.toString(process.pid()));
            }
            return process;
        }
    }

    private TaskResult awaitReady(
            Site site, OsProcess process, @Nullable ServerLog log, Deadline by)
            throws InterruptedException {
        while (true) {
            if (!process.isAlive()) {
                return died(log);
            }
            Postmaster.Running running = site.postmaster.find();
            String status = running == null ? "" : running.file().status();
            if (status.equals("ready") || status.equals("standby")) {
                memory.seenUp(process);
                memory.lastFailure = null;
                changes.tell();
                return TaskResult.success();
            }
            if (by.hasPassed()) {
                return new TaskResult.StillStarting();
            }
            Thread.sleep(POLL);
        }
    }

    private TaskResult died(@Nullable ServerLog log) {
        String said = log == null ? "" : log.complaint();
        return failed(
                "PostgreSQL ended while starting" + (said.isEmpty() ? "" : ": " + said), true);
    }

    private TaskResult failed(String problem, boolean retry) {
        memory.lastFailure = problem;
        memory.expectedUp = false;
        return new TaskResult.Failed(problem, retry);
    }
}
