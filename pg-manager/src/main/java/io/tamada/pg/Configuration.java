package io.tamada.pg;

import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.PendingRestart;
import io.tamada.ha.model.ReplicationMode;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.OrderResult;
import io.tamada.ha.time.Deadline;
import io.tamada.pg.process.Signal;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Writes the server's configuration and makes the running one take it.
final class Configuration {

    private static final System.Logger LOG = System.getLogger(Configuration.class.getName());
    private static final Duration CONTROL_WAIT = Duration.ofSeconds(5);
    private static final Duration RELOAD_WAIT = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(5);

    private final io.tamada.ha.time.TimeSource time;
    private final ServerMemory memory;
    private final Callbacks callbacks;
    private final ReentrantLock files = new ReentrantLock();
    private String lastProblems = "";

    Configuration(io.tamada.ha.time.TimeSource time, ServerMemory memory, Callbacks callbacks) {
        this.time = time;
        this.memory = memory;
        this.callbacks = callbacks;
    }

    /// Writes everything a start needs.
    ///
    /// @param recovery null for a primary
    Parameters writeForStart(
            Site site, MemberRole role, @Nullable RecoverySettings recovery, boolean standby)
            throws IOException, InterruptedException {
        files.lock();
        try {
            PgVersion version = site.version();
            Parameters parameters = parameters(site, role, standby);
            site.files.writeRecoveryMarks(recovery, standby, version);
            writeAll(site, role, parameters, recovery);
            memory.pendingRestart = parameters.raised();
            return parameters;
        } finally {
            files.unlock();
        }
    }

    /// Writes parameters alone: recovery stays as a bootstrap script has left it.
    Parameters writeAsLeft(Site site) throws IOException, InterruptedException {
        files.lock();
        try {
            Parameters parameters = parameters(site, MemberRole.REPLICA, true);
            writeAll(site, MemberRole.REPLICA, parameters, presentRecovery(site));
            return parameters;
        } finally {
            files.unlock();
        }
    }

    private boolean writeAll(
            Site site, MemberRole role, Parameters parameters, @Nullable RecoverySettings recovery)
            throws IOException, InterruptedException {
        if (recovery != null && !recovery.passfile().isEmpty()) {
            Pgpass.write(site.settings.pgpass, recovery.passfile());
        }
        boolean changed = site.files.writeConf(parameters, recovery, site.version());
        changed |= site.files.writeHba(site.settings.hba.replacing(role), parameters);
        changed |= site.files.writeIdent(site.settings.ident.replacing(role), parameters);
        return changed;
    }

    private Parameters parameters(Site site, MemberRole role, boolean standby)
            throws InterruptedException {
        adoptSynchronousNames(site);
        ControlFile.Read control = standby ? site.control.readAll(CONTROL_WAIT) : null;
        Parameters parameters =
                site.trial.of(
                        Parameters.of(
                                site.settings,
                                new Parameters.Circumstances(
                                        site.version(),
                                        role,
                                        memory.synchronousNames,
                                        memory.feedbackNeeded,
                                        control == null ? null : control.values())));
        String problems = String.join("; ", parameters.problems());
        if (!problems.equals(lastProblems)) {
            lastProblems = problems;
            parameters.problems().forEach(p -> LOG.log(System.Logger.Level.WARNING, p));
        }
        return parameters;
    }

    /// What an earlier agent wrote by the policy's order stays until something else is ordered: a
    /// primary that starts again must not acknowledge more easily than before.
    private void adoptSynchronousNames(Site site) {
        boolean synchronous =
                !(memory.cluster.replication() instanceof ReplicationMode.Asynchronous);
        if (memory.synchronousNames == null && (synchronous || !memory.configured)) {
            String written = site.files.written(Parameters.SYNCHRONOUS_STANDBY_NAMES);
            memory.synchronousNames = written == null && synchronous ? "" : written;
        }
    }

    OrderResult configure(Site site, ClusterSettings cluster, Deadline by)
            throws InterruptedException {
        if (!memory.configured && cluster.replication() instanceof ReplicationMode.Asynchronous) {
            memory.synchronousNames = null;
        }
        memory.configured = true;
        memory.cluster = cluster;
        if (!canTakeConfiguration(site)) {
            // A start writes everything by itself; one that is under way has written already.
            memory.rewriteWhenReady = true;
            return OrderResult.DONE;
        }
        return rewriteRunning(site, by, true);
    }

    private boolean canTakeConfiguration(Site site) {
        Postmaster.Running running = site.postmaster.find();
        return running != null && running.file().status().equals("ready") && !memory.bootstrapping;
    }

    /// Brings a server that has just become ready, or another role, in line with what was ordered
    /// meanwhile.
    void catchUp(Site site) throws InterruptedException {
        if (!canTakeConfiguration(site)) {
            return;
        }
        memory.rewriteWhenReady = false;
        OrderResult result = rewriteRunning(site, Deadline.after(time, RELOAD_WAIT), false);
        if (result instanceof OrderResult.Failed(String problem)) {
            LOG.log(System.Logger.Level.WARNING, problem);
        }
    }

    /// A standby with logical slots must tell its source what its queries still need.
    void needFeedback(Site site, boolean needed) throws InterruptedException {
        if (memory.feedbackNeeded != needed) {
            memory.feedbackNeeded = needed;
            catchUp(site);
        }
    }

    /// Rewrites the files of a running server in its role; reloads when something changed.
    private OrderResult rewriteRunning(Site site, Deadline by, boolean tellCallback)
            throws InterruptedException {
        boolean standby = site.data.hasRecoverySignal();
        MemberRole role = role(standby);
        files.lockInterruptibly();
        try {
            Parameters parameters = parameters(site, role, standby);
            RecoverySettings recovery = standby ? presentRecovery(site) : null;
            boolean changed = writeAll(site, role, parameters, recovery);
            try (Connection connection = Sql.open(site.local())) {
                if (changed) {
                    reload(site, connection, by);
                    if (tellCallback) {
                        callbacks.call(site.settings, Callbacks.Event.ON_RELOAD, role);
                    }
                }
                memory.pendingRestart =
                        merged(
                                parameters.raised(),
                                RunningParameters.pending(connection, parameters));
            }
            return OrderResult.DONE;
        } catch (IOException e) {
            return new OrderResult.Failed("the configuration can't be written: " + e);
        } catch (SQLException e) {
            return new OrderResult.Failed(
                    "the server doesn't take its configuration: " + Sql.problem(e));
        } finally {
            files.unlock();
        }
    }

    private MemberRole role(boolean standby) {
        MemberRole role = memory.role;
        boolean fits =
                standby
                        ? role == MemberRole.REPLICA || role == MemberRole.STANDBY_LEADER
                        : role.isPrimary();
        return fits ? role : standby ? MemberRole.REPLICA : MemberRole.PRIMARY;
    }

    private static PendingRestart merged(PendingRestart raised, PendingRestart differing) {
        Map<String, PendingRestart.Change> all = new TreeMap<>(differing.reasons());
        all.putAll(raised.reasons());
        return new PendingRestart(all);
    }

    /// By what is known of the upstream; a server that an earlier agent started keeps what its file
    /// says.
    private RecoverySettings presentRecovery(Site site) throws InterruptedException {
        Upstream upstream = memory.upstream;
        if (upstream != null) {
            return RecoverySettings.standby(
                    site.settings, memory.cluster, site.version(), upstream, memory.leading);
        }
        Map<String, String> written = new TreeMap<>();
        RecoverySettings.NAMES.forEach(name -> {
            String value = site.files.writtenByAnybody(name);
            if (value != null) {
                written.put(name, value);
            }
        });
        return new RecoverySettings(written, "");
    }

    OrderResult follow(Site site, Upstream upstream, boolean leading, Deadline by)
            throws InterruptedException {
        PgVersion version = site.version();
        if (!site.data.hasStandbySignal()) {
            return new OrderResult.NeedsRestart("the server was not started as a standby");
        }
        MemberRole role = leading ? MemberRole.STANDBY_LEADER : MemberRole.REPLICA;
        RecoverySettings recovery =
                RecoverySettings.standby(site.settings, memory.cluster, version, upstream, leading);
        files.lockInterruptibly();
        try (Connection connection = Sql.open(site.local())) {
            String wanted = recovery.parameters().getOrDefault("primary_conninfo", "");
            String slot = recovery.parameters().getOrDefault("primary_slot_name", "");
            boolean runs =
                    version.atLeast(120_000)
                            && wanted.equals(
                                    Sql.one(
                                            connection,
                                            "SELECT current_setting('primary_conninfo')"))
                            && slot.equals(
                                    Sql.one(
                                            connection,
                                            "SELECT current_setting('primary_slot_name')"));
            if (!runs && !version.atLeast(130_000)) {
                return new OrderResult.NeedsRestart(
                        "before PostgreSQL 13 a new source takes a restart");
            }
            Parameters parameters = parameters(site, role, true);
            boolean changed = writeAll(site, role, parameters, recovery);
            memory.upstream = upstream;
            memory.leading = leading;
            if (changed || !runs) {
                reload(site, connection, by);
            }
            changeRole(site, role);
            return OrderResult.DONE;
        } catch (IOException e) {
            return new OrderResult.Failed("the configuration can't be written: " + e);
        } catch (SQLException e) {
            return SqlProbe.isStarting(e)
                    ? followWhenStarted(site, recovery, upstream, leading)
                    : new OrderResult.Failed(
                            "the server doesn't take its new source: " + Sql.problem(e));
        } finally {
            files.unlock();
        }
    }

    /// A server that does not accept connections yet reads its source anew on a signal.
    private OrderResult followWhenStarted(
            Site site, RecoverySettings recovery, Upstream upstream, boolean leading)
            throws InterruptedException {
        if (!site.version().atLeast(130_000)) {
            return new OrderResult.NeedsRestart(
                    "before PostgreSQL 13 a new source takes a restart");
        }
        MemberRole role = leading ? MemberRole.STANDBY_LEADER : MemberRole.REPLICA;
        try {
            writeAll(site, role, parameters(site, role, true), recovery);
        } catch (IOException e) {
            return new OrderResult.Failed("the configuration can't be written: " + e);
        }
        memory.upstream = upstream;
        memory.leading = leading;
        site.postmaster.signal(Signal.HUP);
        return OrderResult.DONE;
    }

    /// After a bootstrap method of the user's: the recovery settings that made the data go.
    void becomeOrdinary(Site site) throws InterruptedException {
        try {
            site.files.writeRecoveryMarks(null, false, site.version());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "Recovery settings can''t be removed: {0}", e);
        }
        catchUp(site);
    }

    OrderResult setSynchronousStandbys(Site site, String ordered, Deadline by)
            throws InterruptedException {
        String before = memory.synchronousNames;
        boolean usersOwn = memory.cluster.replication() instanceof ReplicationMode.Asynchronous;
        memory.synchronousNames = usersOwn ? null : ordered;
        Postmaster.Running running = site.postmaster.find();
        if (running == null || !running.file().status().equals("ready")) {
            return OrderResult.DONE;
        }
        boolean standby = site.data.hasRecoverySignal();
        MemberRole role = role(standby);
        files.lockInterruptibly();
        try (Connection connection = Sql.open(site.local())) {
            Parameters parameters = parameters(site, role, standby);
            writeAll(site, role, parameters, standby ? presentRecovery(site) : null);
            String value =
                    parameters.values().getOrDefault(Parameters.SYNCHRONOUS_STANDBY_NAMES, ordered);
            String query = "SELECT current_setting('synchronous_standby_names')";
            boolean seen = value.equals(Sql.one(connection, query));
            if (!seen) {
                reload(site, connection, by);
                seen = value.equals(Sql.one(connection, query));
                if (!standby && !value.isEmpty()) {
                    releaseWaiters(connection);
                }
            }
            return seen
                    ? OrderResult.DONE
                    : new OrderResult.Failed(
                            "synchronous_standby_names is not in force: "
                                    + "is it set by ALTER SYSTEM or in an included file?");
        } catch (IOException e) {
            memory.synchronousNames = before;
            return new OrderResult.Failed("the configuration can't be written: " + e);
        } catch (SQLException e) {
            return new OrderResult.Failed(
                    "synchronous_standby_names could not be set: " + Sql.problem(e));
        } finally {
            files.unlock();
        }
    }

    /// A server looks at commits that wait when a standby reports, not when the names change; and a
    /// standby that has everything reports every ten seconds only. A record in the WAL makes it
    /// report now.
    private static void releaseWaiters(Connection connection) {
        try {
            Sql.execute(connection, "SELECT pg_logical_emit_message(false, 'tamada', '')");
        } catch (SQLException e) {
            // They are released a few seconds later.
        }
    }

    OrderResult assumeRole(Site site, MemberRole role, Deadline by) throws InterruptedException {
        changeRole(site, role);
        if (!canTakeConfiguration(site)) {
            return OrderResult.DONE;
        }
        if (role.isPrimary()) {
            memory.upstream = null;
        }
        return rewriteRunning(site, by, false);
    }

    /// Takes note of the role; tells the callbacks when it is another than they were last told.
    void changeRole(Site site, MemberRole role) {
        memory.role = role;
        MemberRole told = memory.toldRole;
        boolean same = told == role || (told != null && told.isPrimary() && role.isPrimary());
        if (told != null && !same && !memory.bootstrapping) {
            memory.toldRole = role;
            callbacks.call(site.settings, Callbacks.Event.ON_ROLE_CHANGE, role);
        } else if (told == null) {
            memory.toldRole = role;
        }
    }

    /// Makes the server read its files, and waits, bounded, until it has.
    private static void reload(Site site, Connection connection, Deadline by)
            throws SQLException, InterruptedException {
        String query = "SELECT pg_conf_load_time()::text";
        String before = Sql.one(connection, query);
        site.postmaster.signal(Signal.HUP);
        Deadline seen = by.within(RELOAD_WAIT);
        while (Objects.equals(before, Sql.one(connection, query)) && !seen.hasPassed()) {
            Thread.sleep(POLL);
        }
    }
}
