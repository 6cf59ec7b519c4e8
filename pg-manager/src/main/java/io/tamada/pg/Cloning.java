package io.tamada.pg;

import io.tamada.ha.model.PostgresState;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.TaskProgress;
import io.tamada.ha.port.TaskResult;
import io.tamada.pg.process.Command;
import io.tamada.pg.process.CommandResult;
import io.tamada.pg.process.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Fills the data directory from somewhere else, by the first method that works.
final class Cloning {

    private static final System.Logger LOG = System.getLogger(Cloning.class.getName());

    private final ServerMemory memory;
    private final BaseBackup baseBackup = new BaseBackup();

    Cloning(ServerMemory memory) {
        this.memory = memory;
    }

    TaskResult clone(Site site, Upstream source, boolean baseBackupOnly, TaskProgress progress)
            throws InterruptedException {
        String obstacle = site.obstacle();
        if (obstacle == null) {
            obstacle = site.unwritable();
        }
        if (obstacle == null && !site.data.hasData()) {
            obstacle = site.data.foreignContent();
        }
        if (obstacle == null && site.postmaster.find() != null) {
            obstacle =
                    "a server runs on "
                            + site.data.root()
                            + ": stop it before its data is replaced";
        }
        if (obstacle != null) {
            return new TaskResult.Failed(obstacle, false);
        }
        memory.filling = true;
        memory.expectedUp = false;
        progress.state(PostgresState.CREATING_REPLICA);
        try {
            List<ReplicaMethod> methods = methods(site, source, baseBackupOnly);
            try {
                return byMethods(site, source, methods, progress);
            } catch (InterruptedException e) {
                boolean kept =
                        methods.stream()
                                .anyMatch(m ->
                                        m instanceof ReplicaMethod.CustomMethod custom
                                                && custom.keepData());
                if (!kept) {
                    site.data.clear("making a replica was cancelled half-way");
                }
                throw e;
            }
        } catch (IOException e) {
            return new TaskResult.Failed("the data directory can't be filled: " + e, true);
        } finally {
            memory.filling = false;
            progress.state(PostgresState.STOPPED);
        }
    }

    private static List<ReplicaMethod> methods(Site site, Upstream source, boolean baseBackupOnly) {
        ReplicaMethod basebackup =
                Objects.requireNonNullElse(
                        site.settings.namedMethods.get(ReplicaMethod.BASEBACKUP),
                        new ReplicaMethod.BaseBackupMethod(Map.of()));
        if (baseBackupOnly) {
            return List.of(basebackup);
        }
        if (source instanceof Upstream.Remote(var remote)
                && !remote.createReplicaMethods().isEmpty()) {
            return remote.createReplicaMethods().stream()
                    .map(name ->
                            Objects.requireNonNullElse(
                                    site.settings.namedMethods.get(name), basebackup))
                    .toList();
        }
        return site.settings.replicaMethods;
    }

    private TaskResult byMethods(
            Site site, Upstream source, List<ReplicaMethod> methods, TaskProgress progress)
            throws IOException, InterruptedException {
        ServerAddress address = RecoverySettings.address(source, site.settings);
        List<String> problems = new ArrayList<>();
        for (ReplicaMethod method : methods) {
            String problem =
                    switch (method) {
                        case ReplicaMethod.BaseBackupMethod(var options) ->
                                address == null
                                        ? "basebackup needs a running source"
                                        : baseBackup.run(site, address, options, progress);
                        case ReplicaMethod.CustomMethod custom ->
                                custom(site, address, custom, progress);
                    };
            if (problem == null) {
                finish(site);
                return TaskResult.success();
            }
            LOG.log(System.Logger.Level.WARNING, problem);
            problems.add(problem);
        }
        return new TaskResult.Failed(String.join("; ", problems), true);
    }

    private void finish(Site site) throws IOException, InterruptedException {
        site.data.closeToOthers();
        site.files.restoreBackups();
        Files.deleteIfExists(site.data.file("promote"));
        Files.deleteIfExists(site.data.file("postmaster.pid"));
        // Whoever starts it next, by whatever means: it is no primary.
        if (site.version().atLeast(120_000) && !site.data.hasStandbySignal()) {
            AtomicFile.write(
                    site.data.file("standby.signal"),
                    "",
                    AtomicFile.permissionsIn(site.data.root()));
        }
        memory.lastFailure = null;
        memory.wasPrimary = false;
    }

    private static @Nullable String custom(
            Site site,
            @Nullable ServerAddress address,
            ReplicaMethod.CustomMethod method,
            TaskProgress progress)
            throws IOException, InterruptedException {
        if (address == null && !method.noLeader()) {
            return method.name() + " needs a running source (no_leader is not set)";
        }
        if (!method.keepData()) {
            site.data.clear("a replica is made by " + method.name());
        }
        ServerAddress source = address == null ? site.settings.listen : address;
        try (ToolLogin login =
                ToolLogin.to(site, source, site.settings.replication, site.settings.database)) {
            List<String> argv = new ArrayList<>(ShellWords.split(method.command()));
            argv.addAll(arguments(site, method, address == null ? "" : login.conninfo()));
            progress.detail(method.name());
            CommandResult result =
                    site.runner.run(
                            Command.of(argv)
                                    .with(login.environment())
                                    .tellingLines(progress::detail),
                            CommandRunner.UNLIMITED);
            if (result.succeeded() && site.data.hasData()) {
                return null;
            }
            if (!method.keepData()) {
                site.data.clear(method.name() + " did not finish");
            }
            return result.succeeded()
                    ? "replica method " + method.name() + " left no cluster in " + site.data.root()
                    : result.problem("replica method " + method.name());
        }
    }

    private static List<String> arguments(
            Site site, ReplicaMethod.CustomMethod method, String conninfo) {
        List<String> result = new ArrayList<>();
        method.options()
                .forEach((name, value) -> {
                    boolean ours =
                            name.equals("no_params")
                                    || name.equals("no_leader")
                                    || name.equals("keep_data");
                    if (!method.noParams() || !ours) {
                        result.add("--" + name + "=" + value);
                    }
                });
        if (!method.noParams()) {
            result.add("--scope=" + site.settings.scope);
            result.add("--role=replica");
            result.add("--datadir=" + site.data.root());
            result.add("--connstring=" + conninfo);
        }
        return result;
    }
}
