package io.tamada.pg;

import io.tamada.ha.dcs.HeldLease;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.port.TaskProgress;
import io.tamada.ha.port.TaskResult;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import io.tamada.pg.process.Command;
import io.tamada.pg.process.CommandResult;
import io.tamada.pg.process.CommandRunner;
import io.tamada.pg.process.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Ends recovery: the standby becomes a primary on a timeline of its own.
final class Promotion {

    private static final Duration POLL = Duration.ofMillis(5);

    private final TimeSource time;
    private final ServerMemory memory;
    private final Configuration configuration;
    private final Changes changes;

    Promotion(TimeSource time, ServerMemory memory, Configuration configuration, Changes changes) {
        this.time = time;
        this.memory = memory;
        this.configuration = configuration;
        this.changes = changes;
    }

    TaskResult promote(Site site, HeldLease lease, Duration timeout, TaskProgress progress)
            throws InterruptedException {
        Deadline by = Deadline.after(time, timeout);
        TaskResult.Failed refused = prePromote(site, progress);
        if (refused != null) {
            return refused;
        }
        Connection connection = null;
        try {
            // Connected before, so that the end of recovery is seen at once.
            connection = Sql.open(site.local());
            if (!inRecovery(connection)) {
                return promoted(site);
            }
            if (!lease.isHeldNow()) {
                return new TaskResult.Failed("the lease is not held any more: not promoted", false);
            }
            memory.wasPrimary = true;
            memory.role = MemberRole.PROMOTED;
            if (!order(site)) {
                return new TaskResult.Failed("PostgreSQL is gone: not promoted", true);
            }
            configuration.changeRole(site, MemberRole.PROMOTED);
            return awaitWritable(site, connection, by);
        } catch (IOException e) {
            return new TaskResult.Failed("the order to promote can't be written: " + e, true);
        } catch (SQLException e) {
            return new TaskResult.Failed(
                    "PostgreSQL doesn't answer while it is promoted: " + Sql.problem(e), true);
        } finally {
            Sql.closeQuietly(connection);
        }
    }

    /// As `pg_ctl promote` does: a file that says so, and a signal to look for it.
    private static boolean order(Site site) throws IOException {
        AtomicFile.write(site.data.file("promote"), "", AtomicFile.permissionsIn(site.data.root()));
        boolean sent = site.postmaster.signal(Signal.USR1);
        if (!sent) {
            Files.deleteIfExists(site.data.file("promote"));
        }
        return sent;
    }

    private TaskResult awaitWritable(Site site, Connection connection, Deadline by)
            throws SQLException, InterruptedException {
        while (inRecovery(connection)) {
            if (by.hasPassed()) {
                return new TaskResult.Failed(
                        "PostgreSQL was told to promote and has not ended recovery in time", true);
            }
            Thread.sleep(POLL);
        }
        return promoted(site);
    }

    private TaskResult promoted(Site site) {
        memory.wasPrimary = true;
        memory.upstream = null;
        configuration.changeRole(site, MemberRole.PRIMARY);
        changes.tell();
        // What belongs to the role follows; clients need not wait for it.
        Thread.ofVirtual()
                .name("configure-primary")
                .start(() -> {
                    try {
                        configuration.catchUp(site);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        return TaskResult.success();
    }

    private static boolean inRecovery(Connection connection) throws SQLException {
        return !"f".equals(Sql.one(connection, "SELECT pg_is_in_recovery()"));
    }

    private static TaskResult.@Nullable Failed prePromote(Site site, TaskProgress progress)
            throws InterruptedException {
        String script = site.settings.prePromote;
        if (script == null || script.isBlank()) {
            return null;
        }
        progress.detail("pre_promote");
        CommandResult result =
                site.runner.run(Command.of(ShellWords.split(script)), CommandRunner.UNLIMITED);
        return result.succeeded()
                ? null
                : new TaskResult.Failed(result.problem("pre_promote") + ": not promoted", false);
    }
}
