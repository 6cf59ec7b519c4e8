package io.tamada.pg;

import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.SlotDefinition;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.Divergence;
import io.tamada.ha.port.OrderResult;
import io.tamada.ha.port.PostgresControl;
import io.tamada.ha.port.PostgresOrder;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskProgress;
import io.tamada.ha.port.TaskResult;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import io.tamada.pg.process.CommandRunner;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// PostgreSQL on this machine, under the engine's orders.
///
/// The server is no child of this process and outlives it: a new manager on the same data directory
/// takes over what runs. Nothing is started as root. Data is deleted by [PostgresTask.Clone],
/// [PostgresTask.Reinitialize] and the options that say so, never otherwise, and each time it is
/// logged.
public final class PostgresManager implements PostgresControl {

    private static final System.Logger LOG = System.getLogger(PostgresManager.class.getName());
    private static final Duration FENCE_PATIENCE = Duration.ofMillis(400);

    private final Function<ClusterSettings, @Nullable PostgresSettings> effective;
    private final CommandRunner runner = new CommandRunner();
    private final ServerMemory memory = new ServerMemory();
    private final SqlProbe probe = new SqlProbe();
    private final Changes changes = new Changes();
    private final Callbacks callbacks = new Callbacks(runner);
    private final ServerLook look;
    private final Configuration configuration;
    private final ReplicationSlots slots;
    private final DivergenceCheck divergence;
    private final Tasks tasks;
    private volatile Site site;

    /// With settings that change only by [#settings(PostgresSettings)].
    public PostgresManager(PostgresSettings settings, TimeSource time) {
        this(settings, time, _ -> null);
    }

    /// @param effective gives the settings to use under a dynamic configuration, asked by each
    ///   [PostgresOrder.Configure]; null keeps those in force
    public PostgresManager(
            PostgresSettings settings,
            TimeSource time,
            Function<ClusterSettings, @Nullable PostgresSettings> effective) {
        this.effective = effective;
        site = new Site(settings, runner);
        look = new ServerLook(time, memory, probe, changes);
        configuration = new Configuration(time, memory, callbacks);
        slots = new ReplicationSlots();
        divergence = new DivergenceCheck(memory);
        tasks = new Tasks(time, memory, configuration, changes, callbacks);
    }

    /// Says what the dynamic configuration was when it was last known, before the engine orders
    /// anything: a server that is started first thing then starts by it.
    public void expect(ClusterSettings cluster) {
        if (!memory.configured) {
            memory.cluster = cluster;
        }
    }

    /// Uses other settings from now on; files and the running server follow with the next
    /// [PostgresOrder.Configure].
    ///
    /// @throws IllegalArgumentException when the data directory is another one
    public void settings(PostgresSettings settings) {
        if (!settings.dataDir.equals(site.settings.dataDir)) {
            throw new IllegalArgumentException(
                    "postgresql.data_dir: can't change from "
                            + site.settings.dataDir
                            + " to "
                            + settings.dataDir
                            + " while the agent runs");
        }
        site = new Site(settings, runner);
    }

    /// Null when a server can be run here, else a sentence that says what to do: missing programs,
    /// another version's data, the wrong user, a directory that can't be written.
    public @Nullable String problem() throws InterruptedException {
        Site now = site;
        String obstacle = now.obstacle();
        if (obstacle == null) {
            obstacle = now.unwritable();
        }
        return obstacle != null || now.data.hasData() ? obstacle : now.data.foreignContent();
    }

    @Override
    public LocalPostgres look(Deadline by) throws InterruptedException {
        return look.look(site, by);
    }

    @Override
    public OrderResult apply(PostgresOrder order, Deadline by) throws InterruptedException {
        Site now = site;
        return switch (order) {
            case PostgresOrder.Configure(ClusterSettings cluster) -> {
                PostgresSettings wanted = effective.apply(cluster);
                if (wanted != null) {
                    settings(wanted);
                }
                yield configuration.configure(site, cluster, by);
            }
            case PostgresOrder.Follow(Upstream upstream, boolean leading) ->
                    configuration.follow(now, upstream, leading, by);
            case PostgresOrder.SetSynchronousStandbys(String value) ->
                    configuration.setSynchronousStandbys(now, value, by);
            case PostgresOrder.SyncSlots(var plan) -> {
                boolean logical =
                        plan.wanted().values().stream()
                                .anyMatch(w -> w.definition() instanceof SlotDefinition.Logical);
                configuration.needFeedback(now, logical && now.data.hasStandbySignal());
                yield slots.sync(now, plan);
            }
            case PostgresOrder.StartCheckpoint() -> {
                startCheckpoint(now);
                yield OrderResult.DONE;
            }
            case PostgresOrder.ResumeReplay() -> resumeReplay(now);
            case PostgresOrder.AssumeRole(var role) -> configuration.assumeRole(now, role, by);
        };
    }

    private void startCheckpoint(Site now) {
        Thread.ofVirtual()
                .name("checkpoint")
                .start(() -> {
                    try {
                        boolean _ = Checkpoint.run(now, null);
                        changes.tell();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private static OrderResult resumeReplay(Site now) {
        try (var connection = Sql.open(now.local())) {
            Sql.execute(connection, "SELECT pg_wal_replay_resume()");
            return OrderResult.DONE;
        } catch (java.sql.SQLException e) {
            return new OrderResult.Failed("replay could not be resumed: " + Sql.problem(e));
        }
    }

    @Override
    public TaskResult run(PostgresTask task, TaskProgress progress) {
        try {
            return tasks.run(site, task, progress);
        } catch (InterruptedException e) {
            return new TaskResult.Cancelled();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "Task failed: " + task.title(), e);
            return new TaskResult.Failed(
                    task.title() + " failed: " + Objects.requireNonNullElse(e.getMessage(), e),
                    true);
        }
    }

    @Override
    public Divergence divergenceFrom(Upstream source, Deadline by) throws InterruptedException {
        return divergence.check(site, source, by);
    }

    @Override
    public boolean fence(Deadline by) {
        Site now = site;
        memory.expectedUp = false;
        synchronized (memory.fences) {
            memory.fences.incrementAndGet();
        }
        Duration remaining = by.remaining();
        boolean certain =
                now.postmaster.fence(
                        remaining.compareTo(FENCE_PATIENCE) < 0 ? remaining : FENCE_PATIENCE);
        LOG.log(
                System.Logger.Level.WARNING,
                certain
                        ? "PostgreSQL was fenced: no server process lives"
                        : "PostgreSQL could not be fenced with certainty");
        return certain;
    }

    @Override
    public Subscription onChange(Runnable wakeUp) {
        return changes.listen(wakeUp);
    }

    @Override
    public void close() {
        changes.close();
        probe.close();
    }
}
