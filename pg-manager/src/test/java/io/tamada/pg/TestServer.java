package io.tamada.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.OrderResult;
import io.tamada.ha.port.PostgresOrder;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskProgress;
import io.tamada.ha.port.TaskResult;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.SystemTime;
import io.tamada.ha.time.TimeSource;
import io.tamada.testkit.FreePorts;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A real PostgreSQL in a temporary folder on a free loopback port, under a manager of its own.
final class TestServer implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final TimeSource TIME = new SystemTime();

    final MemberName name;
    final Path folder;
    final int port;
    final Map<String, @Nullable Object> section = new LinkedHashMap<>();
    final Map<String, @Nullable Object> bootstrapSection = new LinkedHashMap<>();
    PostgresManager manager;

    TestServer(String name, Path folder) {
        this(name, folder, Map.of());
    }

    TestServer(String name, Path folder, Map<String, ?> more) {
        this.name = MemberName.of(name);
        this.folder = folder;
        port = FreePorts.next();
        section.put("listen", "127.0.0.1:" + port);
        section.put("connect_address", "127.0.0.1:" + port);
        section.put("data_dir", folder.resolve(name).toString());
        section.put("pgpass", folder.resolve(name + ".pgpass").toString());
        section.put("use_pg_rewind", true);
        section.put(
                "authentication",
                Map.of(
                        "superuser", Map.of("username", "super", "password", "sup er:'\\1"),
                        "replication", Map.of("username", "repl", "password", "rep:\\l'2"),
                        "rewind", Map.of("username", "rewinder", "password", "re wind3")));
        section.put(
                "parameters",
                Map.of(
                        "unix_socket_directories", folder.toString(),
                        "shared_buffers", "16MB",
                        "fsync", false,
                        "wal_keep_size", "64MB",
                        "max_wal_size", "1GB"));
        section.put(
                "pg_hba",
                List.of(
                        "local all all scram-sha-256",
                        "host all all 127.0.0.1/32 scram-sha-256",
                        "host all all ::1/128 scram-sha-256",
                        "host replication all 127.0.0.1/32 scram-sha-256"));
        section.putAll(more);
        bootstrapSection.put(
                "initdb",
                List.of(Map.of("encoding", "UTF8"), Map.of("locale", "C"), "data-checksums"));
        manager = new PostgresManager(settings(), TIME);
    }

    PostgresSettings settings() {
        return PostgresSettings.of(
                "test", name, ConfigDocument.of(section), ConfigDocument.of(bootstrapSection));
    }

    /// A new manager over the same data, as after a restart of the agent.
    void restartAgent() {
        manager.close();
        manager = new PostgresManager(settings(), TIME);
    }

    Path data() {
        return folder.resolve(name.value());
    }

    Upstream upstream() {
        return new Upstream.Member(name, settings().connUrl());
    }

    Deadline soon() {
        return Deadline.after(TIME, Duration.ofSeconds(5));
    }

    LocalPostgres look() {
        try {
            return manager.look(soon());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    TaskResult run(PostgresTask task) {
        return manager.run(task, TaskProgress.SILENT);
    }

    void succeed(PostgresTask task) {
        assertThat(run(task)).as(task.title()).isEqualTo(TaskResult.success());
    }

    OrderResult apply(PostgresOrder order) {
        try {
            return manager.apply(order, soon());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    void configure(Map<String, ?> dynamic) {
        assertThat(
                        apply(
                                new PostgresOrder.Configure(
                                        ClusterSettings.of(ConfigDocument.of(dynamic)))))
                .isEqualTo(OrderResult.DONE);
    }

    LocalPostgres.Primary primary() {
        return (LocalPostgres.Primary) look();
    }

    LocalPostgres.Standby standby() {
        return (LocalPostgres.Standby) look();
    }

    /// Looks until it is as wanted.
    LocalPostgres await(String what, Predicate<LocalPostgres> wanted) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        LocalPostgres seen = look();
        while (!wanted.test(seen)) {
            if (System.nanoTime() > end) {
                throw new AssertionError(what + " did not come, but " + seen);
            }
            pause();
            seen = look();
        }
        return seen;
    }

    static void awaitTrue(String what, java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(what + " did not come");
            }
            pause();
        }
    }

    static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    void bootstrap(TestServer... clones) {
        succeed(new PostgresTask.Initialize());
        succeed(new PostgresTask.FinishBootstrap());
        assertThat(apply(new PostgresOrder.AssumeRole(MemberRole.PRIMARY)))
                .isEqualTo(OrderResult.DONE);
        for (TestServer clone : clones) {
            clone.cloneAndStart(this);
        }
    }

    void cloneAndStart(TestServer source) {
        source.sql(
                "SELECT pg_create_physical_replication_slot('"
                        + name.value()
                        + "', true) WHERE NOT EXISTS"
                        + " (SELECT FROM pg_replication_slots WHERE slot_name = '"
                        + name.value()
                        + "')");
        succeed(new PostgresTask.Clone(source.upstream(), false));
        succeed(new PostgresTask.StartStandby(source.upstream(), false, PATIENCE));
        awaitStreaming();
    }

    void awaitStreaming() {
        await(
                "streaming",
                s -> s instanceof LocalPostgres.Standby standby && standby.isStreaming());
    }

    String sql(String statement) {
        return sql(statement, settings().superuser);
    }

    String sql(String statement, Credentials as) {
        Site site = new Site(settings(), new io.tamada.pg.process.CommandRunner());
        try (Connection connection =
                Sql.open(site.target(site.localAddress(false), as, "postgres"))) {
            String trimmed = statement.stripLeading();
            if (trimmed.startsWith("SELECT") || trimmed.startsWith("SHOW")) {
                return String.valueOf(Sql.one(connection, statement));
            }
            Sql.execute(connection, statement);
            return "";
        } catch (SQLException e) {
            throw new AssertionError(statement, e);
        }
    }

    long postmasterPid() {
        PostmasterFile file = PostmasterFile.read(data());
        return file == null ? 0 : file.pid();
    }

    @Override
    public void close() {
        boolean _ = manager.fence(soon());
        manager.close();
    }
}
