package io.tamada.pg;

import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.PostgresState;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskProgress;
import io.tamada.ha.port.TaskResult;
import io.tamada.pg.process.Command;
import io.tamada.pg.process.CommandResult;
import io.tamada.pg.process.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Brings a new cluster into the world: `initdb` or the user's method, then roles and scripts.
final class Bootstrap {

    private static final System.Logger LOG = System.getLogger(Bootstrap.class.getName());

    private final ServerMemory memory;
    private final ServerStart start;
    private final ServerStop stop;
    private final Configuration configuration;
    private final Callbacks callbacks;

    Bootstrap(
            ServerMemory memory,
            ServerStart start,
            ServerStop stop,
            Configuration configuration,
            Callbacks callbacks) {
        this.memory = memory;
        this.start = start;
        this.stop = stop;
        this.configuration = configuration;
        this.callbacks = callbacks;
    }

    TaskResult initialize(Site site, TaskProgress progress, long fence)
            throws InterruptedException {
        String obstacle = obstacle(site);
        if (obstacle != null) {
            return new TaskResult.Failed(obstacle, false);
        }
        BootstrapSettings.Custom custom = site.settings.bootstrap.custom();
        memory.bootstrapping = true;
        memory.filling = true;
        try {
            String problem =
                    custom == null ? initdb(site, progress) : custom(site, custom, progress);
            if (problem != null) {
                return new TaskResult.Failed(problem, true);
            }
        } catch (IOException e) {
            return new TaskResult.Failed("a new cluster can't be made: " + e, true);
        } finally {
            memory.filling = false;
        }
        progress.state(
                custom == null
                        ? PostgresState.STARTING
                        : PostgresState.STARTING_AFTER_CUSTOM_BOOTSTRAP);
        return start.start(site, mode(custom), site.settings.startTimeout, fence);
    }

    private static ServerStart.Mode mode(BootstrapSettings.@Nullable Custom custom) {
        if (custom == null) {
            return new ServerStart.Mode.Primary();
        }
        if (!custom.recoveryConf().isEmpty()) {
            return new ServerStart.Mode.PointInTime(custom.recoveryConf());
        }
        return custom.keepExistingRecoveryConf()
                ? new ServerStart.Mode.AsLeft()
                : new ServerStart.Mode.Primary();
    }

    private static @Nullable String obstacle(Site site) throws InterruptedException {
        String obstacle = site.obstacle();
        if (obstacle == null) {
            obstacle = site.unwritable();
        }
        try {
            boolean filled = obstacle == null && !site.data.isEmpty();
            return filled
                    ? "data directory "
                            + site.data.root()
                            + " is not empty: nothing is made over it"
                    : obstacle;
        } catch (IOException e) {
            return "data directory " + site.data.root() + " can't be read: " + e.getMessage();
        }
    }

    private static @Nullable String initdb(Site site, TaskProgress progress)
            throws IOException, InterruptedException {
        progress.state(PostgresState.INITIALIZING);
        String problem = Initdb.run(site);
        if (problem != null) {
            progress.state(PostgresState.INITDB_FAILED);
            return problem;
        }
        appendHba(site);
        return null;
    }

    private static void appendHba(Site site) throws IOException {
        var parameters = site.settings.parameters.base();
        boolean own = parameters != null && parameters.containsKey("hba_file");
        if (site.settings.hba.base() == null && !own) {
            site.files.appendHba(site.settings.bootstrap.hba());
        }
    }

    private static @Nullable String custom(
            Site site, BootstrapSettings.Custom method, TaskProgress progress)
            throws IOException, InterruptedException {
        progress.state(PostgresState.CUSTOM_BOOTSTRAP);
        List<String> argv = new ArrayList<>(ShellWords.split(method.command()));
        if (!method.noParams()) {
            argv.add("--scope=" + site.settings.scope);
            argv.add("--datadir=" + site.data.root());
        }
        // Without the usual parameters it still gets those of its own.
        method.arguments().forEach((name, value) -> argv.add("--" + name + "=" + value));
        CommandResult result =
                site.runner.run(
                        Command.of(argv).tellingLines(line -> progress.detail(line)),
                        CommandRunner.UNLIMITED);
        if (!result.succeeded()) {
            progress.state(PostgresState.CUSTOM_BOOTSTRAP_FAILED);
            return result.problem("bootstrap method " + method.name());
        }
        if (!site.data.hasData()) {
            progress.state(PostgresState.CUSTOM_BOOTSTRAP_FAILED);
            return "bootstrap method " + method.name() + " left no cluster in " + site.data.root();
        }
        site.data.closeToOthers();
        site.files.restoreBackups();
        Files.deleteIfExists(site.data.file("promote"));
        appendHba(site);
        return null;
    }

    /// Users, rights and the user's script; afterwards the cluster is in service.
    TaskResult finish(Site site, TaskProgress progress) throws InterruptedException {
        String script = site.settings.bootstrap.postCommand();
        try (Connection connection = Sql.open(site.local().patient(site.settings.startTimeout))) {
            Roles.superuser(connection, site.settings);
            if (script != null && !script.isBlank()) {
                progress.detail("post_bootstrap");
                TaskResult.Failed failure = postCommand(site, script);
                if (failure != null) {
                    return failure;
                }
            }
            Roles.others(connection, site.settings, site.version());
        } catch (SQLException e) {
            return new TaskResult.Failed(
                    "roles could not be made in the new cluster: " + Sql.problem(e), true);
        } catch (IOException e) {
            return new TaskResult.Failed("post_bootstrap could not be run: " + e, true);
        }
        memory.bootstrapping = false;
        memory.toldRole = MemberRole.PRIMARY;
        memory.role = MemberRole.PRIMARY;
        saveBackups(site);
        configuration.becomeOrdinary(site);
        callbacks.call(site.settings, Callbacks.Event.ON_START, MemberRole.PRIMARY);
        return TaskResult.success();
    }

    private static TaskResult.@Nullable Failed postCommand(Site site, String script)
            throws IOException, InterruptedException {
        ServerAddress address = site.localAddress(site.settings.useUnixSocket);
        try (ToolLogin login =
                ToolLogin.to(site, address, site.settings.superuser, site.settings.database)) {
            List<String> argv = new ArrayList<>(ShellWords.split(script));
            argv.add(login.conninfo());
            CommandResult result =
                    site.runner.run(
                            Command.of(argv)
                                    .with(login.environment())
                                    .with(
                                            "PGOPTIONS",
                                            "-c synchronous_commit=local -c statement_timeout=0"),
                            CommandRunner.UNLIMITED);
            return result.succeeded()
                    ? null
                    : new TaskResult.Failed(result.problem("post_bootstrap"), true);
        }
    }

    static void saveBackups(Site site) {
        try {
            site.files.saveBackups();
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Copies of the configuration files can''t be kept: {0}",
                    e);
        }
    }

    TaskResult discard(Site site, TaskProgress progress) throws InterruptedException {
        TaskResult stopped =
                stop.stop(
                        site,
                        new ServerStop.How(
                                PostgresTask.Stop.Mode.IMMEDIATE,
                                false,
                                site.settings.startTimeout,
                                false),
                        progress);
        if (!stopped.succeeded()) {
            return stopped;
        }
        memory.bootstrapping = false;
        memory.role = MemberRole.UNINITIALIZED;
        try {
            site.data.moveAside();
            return TaskResult.success();
        } catch (IOException e) {
            return new TaskResult.Failed(
                    "the data of the failed bootstrap can't be moved aside: " + e, true);
        }
    }
}
