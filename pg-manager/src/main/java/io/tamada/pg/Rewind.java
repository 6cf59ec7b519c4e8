package io.tamada.pg;

import io.tamada.ha.model.PostgresState;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskProgress;
import io.tamada.ha.port.TaskResult;
import io.tamada.pg.process.Command;
import io.tamada.pg.process.CommandResult;
import io.tamada.pg.process.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Undoes what the local timeline has beyond the fork, by `pg_rewind`.
final class Rewind {

    private static final System.Logger LOG = System.getLogger(Rewind.class.getName());
    private static final Duration CONTROL_WAIT = Duration.ofSeconds(10);
    private static final int FETCHES_MAX = 10_000;
    private static final Pattern MISSING_WAL = Pattern.compile("pg_(?:wal|xlog)/([0-9A-F]{24})");
    private static final Set<String> FORBIDDEN =
            Set.of(
                    "target-pgdata",
                    "source-pgdata",
                    "source-server",
                    "write-recovery-conf",
                    "dry-run",
                    "restore-target-wal",
                    "config-file",
                    "no-ensure-shutdown",
                    "version",
                    "help");

    private final ServerMemory memory;
    private final ServerStop stop;

    Rewind(ServerMemory memory, ServerStop stop) {
        this.memory = memory;
        this.stop = stop;
    }

    TaskResult run(Site site, Upstream source, TaskProgress progress) throws InterruptedException {
        ServerAddress address = RecoverySettings.address(source, site.settings);
        String missing = site.binaries.missing("pg_rewind");
        if (address == null || missing != null) {
            return new TaskResult.Failed(
                    missing != null ? missing : "there is no source to rewind from",
                    address == null);
        }
        TaskResult stopped =
                stop.stop(
                        site,
                        new ServerStop.How(PostgresTask.Stop.Mode.FAST, false, null, true),
                        progress);
        if (!stopped.succeeded()) {
            return stopped;
        }
        ArchiveCommands archive = new ArchiveCommands(site);
        archive.archiveReady();
        try {
            String gate = SourceCheck.notCheckpointed(site, address);
            if (gate != null) {
                return new TaskResult.Failed(gate, true);
            }
        } catch (SQLException e) {
            return new TaskResult.Failed("the source can't be asked: " + Sql.problem(e), true);
        }
        progress.detail("pg_rewind from " + address.urlForm());
        try (ToolLogin login =
                ToolLogin.to(site, address, site.settings.rewind, site.settings.database)) {
            CommandResult result = rewind(site, login, archive);
            return result.succeeded() ? succeeded(site, progress) : failed(site, address, result);
        } catch (IOException e) {
            return new TaskResult.Failed("pg_rewind could not be run: " + e, true);
        }
    }

    private static CommandResult rewind(Site site, ToolLogin login, ArchiveCommands archive)
            throws InterruptedException {
        PgVersion version = site.version();
        String restore = archive.configured("restore_command");
        boolean ownConfig = !site.settings.configDir.equals(site.data.root());
        boolean restoresItself =
                !restore.isEmpty()
                        && (version.atLeast(150_000) || (version.atLeast(130_000) && !ownConfig));
        List<String> argv = new ArrayList<>(List.of(site.binaries.path("pg_rewind")));
        if (restoresItself) {
            argv.add("--restore-target-wal");
        }
        if (version.atLeast(150_000)) {
            argv.add("--config-file=" + site.files.conf());
        }
        argv.addAll(
                List.of("-D", site.data.root().toString(), "--source-server", login.conninfo()));
        ProgramOptions.forbidden(site.settings.rewindOptions, FORBIDDEN)
                .forEach(name ->
                        LOG.log(
                                System.Logger.Level.ERROR,
                                "postgresql.rewind: option {0} can''t be given: left out",
                                name));
        argv.addAll(ProgramOptions.arguments(site.settings.rewindOptions, FORBIDDEN));
        Command command =
                Command.of(argv)
                        .with(login.environment())
                        .with("LANG", "C")
                        .with("LC_ALL", "C")
                        .with("PGOPTIONS", "-c statement_timeout=0");
        CommandResult result = site.runner.run(command, CommandRunner.UNLIMITED);
        Set<String> fetched = new HashSet<>();
        while (!result.succeeded()
                && !restoresItself
                && !restore.isEmpty()
                && fetched.size() < FETCHES_MAX) {
            Matcher m = MISSING_WAL.matcher(result.err() + "\n" + result.out());
            if (!m.find() || !fetched.add(m.group(1)) || !archive.restore(restore, m.group(1))) {
                break;
            }
            result = site.runner.run(command, CommandRunner.UNLIMITED);
        }
        LOG.log(System.Logger.Level.INFO, "pg_rewind: {0}", (result.out() + result.err()).strip());
        return result;
    }

    private TaskResult succeeded(Site site, TaskProgress progress)
            throws IOException, InterruptedException {
        if (site.version().atLeast(120_000)) {
            AtomicFile.write(
                    site.data.file("standby.signal"),
                    "",
                    AtomicFile.permissionsIn(site.data.root()));
        }
        Files.deleteIfExists(site.data.file("promote"));
        memory.wasPrimary = false;
        memory.lastFailure = null;
        progress.state(PostgresState.STOPPED);
        return TaskResult.success();
    }

    /// When the source doesn't answer now, that was why, and the data is as it was: the same may
    /// work later.
    private static TaskResult failed(Site site, ServerAddress address, CommandResult result)
            throws InterruptedException {
        String problem = result.problem("pg_rewind");
        boolean usable = site.control.read(CONTROL_WAIT) != null;
        try {
            boolean healthy = SourceCheck.refusal(site, address) == null;
            return new TaskResult.Failed(problem, usable && !healthy);
        } catch (SQLException e) {
            return new TaskResult.Failed(problem, usable);
        }
    }
}
