package io.tamada.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.SlotDefinition;
import io.tamada.ha.model.Timeline;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.Divergence;
import io.tamada.ha.port.OrderResult;
import io.tamada.ha.port.PostgresOrder;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.PostgresTask.Stop.Mode;
import io.tamada.ha.port.PostgresTask.Stop.Reason;
import io.tamada.ha.port.SlotPlan;
import io.tamada.ha.port.TaskResult;
import io.tamada.pg.process.OsProcess;
import io.tamada.pg.process.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The manager on real servers: each test has its own, in a folder of its own.
@Tag("integration")
class RealPostgresTest {

    private static final PostgresTask.Stop FAST =
            new PostgresTask.Stop(Mode.FAST, true, null, Reason.SWITCHOVER);

    @TempDir Path folder;
    private final List<TestServer> servers = new java.util.ArrayList<>();

    private TestServer server(String name) {
        return server(name, Map.of());
    }

    private TestServer server(String name, Map<String, ?> more) {
        Map<String, Object> settings = new java.util.LinkedHashMap<>(version());
        settings.putAll(more);
        TestServer server = new TestServer(name, folder, settings);
        servers.add(server);
        return server;
    }

    /// Settings that choose PostgreSQL's version; that of the PATH without any.
    Map<String, ?> version() {
        return Map.of();
    }

    @AfterEach
    void stopAll() {
        servers.forEach(TestServer::close);
    }

    @Test
    void aNewClusterHasItsRolesAndIsWritable() {
        TestServer one = server("one");
        assertThat(one.look()).isEqualTo(new LocalPostgres.NoData(null));

        one.bootstrap();

        LocalPostgres.Primary primary = one.primary();
        assertThat(primary.server().timeline()).isEqualTo(Timeline.FIRST);
        assertThat(primary.server().rewindable()).isTrue();
        assertThat(primary.checkpointed()).isTrue();
        assertThat(one.sql("SELECT rolreplication FROM pg_roles WHERE rolname = 'repl'"))
                .isEqualTo("t");
        assertThat(one.sql("SELECT current_user", one.settings().rewind)).isEqualTo("rewinder");
        assertThat(one.sql("SHOW cluster_name")).isEqualTo("test");
        assertThat(one.sql("SHOW wal_log_hints")).isEqualTo("on");
    }

    @Test
    void secretsAreNeitherInArgumentsNorInTheServersLog() throws IOException {
        TestServer one = server("one");
        one.section.put("server_log", folder.resolve("server.log").toString());
        one.restartAgent();
        one.bootstrap();

        assertThat(Files.readString(folder.resolve("server.log")))
                .doesNotContain("rep:", "SCRAM-SHA-256$");
        assertThat(
                        Files.readString(
                                Path.of("/proc", Long.toString(one.postmasterPid()), "cmdline")))
                .doesNotContain("rep:");
    }

    @Test
    void aCloneStreamsFollowsAndLetsGo() throws IOException {
        TestServer one = server("one");
        TestServer two = server("two");
        one.bootstrap(two);

        assertThat(two.standby().upstream()).isEqualTo(one.upstream());
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(folder.resolve("two.pgpass"))))
                .isEqualTo("rw-------");
        one.sql("CREATE TABLE public.t AS SELECT 1 AS x");
        two.await(
                "replay",
                s ->
                        s instanceof LocalPostgres.Standby b
                                && !b.replayed().isBefore(one.primary().position()));
        assertThat(two.sql("SELECT x FROM public.t")).isEqualTo("1");

        assertThat(two.apply(new PostgresOrder.Follow(Upstream.none(), false)))
                .isEqualTo(OrderResult.DONE);
        two.await("detached", s -> s instanceof LocalPostgres.Standby b && !b.isStreaming());
        assertThat(two.standby().upstream()).isEqualTo(Upstream.none());
        assertThat(two.standby().server().timeline()).isEqualTo(Timeline.FIRST);

        assertThat(two.apply(new PostgresOrder.Follow(one.upstream(), false)))
                .isEqualTo(OrderResult.DONE);
        two.awaitStreaming();
    }

    @Test
    void aPromotedStandbyIsFollowedByTheOldPrimaryAfterACleanStop() throws Exception {
        TestServer one = server("one");
        TestServer two = server("two");
        one.bootstrap(two);

        one.succeed(FAST);
        LocalPostgres.Stopped stopped = (LocalPostgres.Stopped) one.look();
        assertThat(stopped.crashed()).isFalse();
        ControlData control = Objects.requireNonNull(stopped.control());
        Lsn shutdown = Objects.requireNonNull(control.shutdown()).checkpoint();
        assertThat(two.standby().position()).isGreaterThan(shutdown);

        two.succeed(new PostgresTask.Promote(Leases.held(), TestServer.PATIENCE));
        assertThat(two.primary().server().timeline()).isEqualTo(Timeline.of(2));
        assertThat(Objects.requireNonNull(two.primary().history()).switches()).hasSize(1);
        assertThat(two.primary().server().pendingRestart().isPending())
                .as("what belongs to a standby waits for no restart on a primary")
                .isFalse();
        assertThat(two.apply(new PostgresOrder.StartCheckpoint())).isEqualTo(OrderResult.DONE);
        two.await("checkpoint", s -> s instanceof LocalPostgres.Primary p && p.checkpointed());

        assertThat(one.manager.divergenceFrom(two.upstream(), one.soon()))
                .isEqualTo(new Divergence.None());
        one.succeed(new PostgresTask.StartStandby(two.upstream(), false, TestServer.PATIENCE));
        two.sql("SELECT pg_create_physical_replication_slot('one')");
        one.awaitStreaming();
        assertThat(one.standby().server().timeline()).isEqualTo(Timeline.of(2));
    }

    @Test
    void twoPromotionsAtOnePositionAreToldApart() throws Exception {
        TestServer one = server("one");
        TestServer two = server("two");
        TestServer three = server("three");
        one.bootstrap(two, three);
        one.succeed(FAST);
        two.succeed(new PostgresTask.Promote(Leases.held(), TestServer.PATIENCE));
        three.succeed(new PostgresTask.Promote(Leases.held(), TestServer.PATIENCE));
        assertThat(three.primary().history()).isEqualTo(two.primary().history());

        assertThat(three.manager.divergenceFrom(two.upstream(), three.soon()))
                .isInstanceOfSatisfying(
                        Divergence.Diverged.class, d -> assertThat(d.rewindable()).isFalse());
        three.succeed(FAST);
        assertThat(three.manager.divergenceFrom(two.upstream(), three.soon()))
                .isInstanceOf(Divergence.Diverged.class);

        one.succeed(new PostgresTask.StartStandby(two.upstream(), false, TestServer.PATIENCE));
        two.sql("SELECT pg_create_physical_replication_slot('one')");
        one.awaitStreaming();
        assertThat(one.manager.divergenceFrom(two.upstream(), one.soon()))
                .isEqualTo(new Divergence.None());
    }

    @Test
    void withoutTheLeaseNobodyIsPromoted() {
        TestServer one = server("one");
        TestServer two = server("two");
        one.bootstrap(two);

        TaskResult result = two.run(new PostgresTask.Promote(Leases.lost(), TestServer.PATIENCE));

        assertThat(result).isInstanceOf(TaskResult.Failed.class);
        assertThat(two.look()).isInstanceOf(LocalPostgres.Standby.class);
    }

    @Test
    void aDivergedPrimaryIsRewound() throws Exception {
        TestServer one = server("one");
        TestServer two = server("two");
        one.bootstrap(two);
        two.apply(new PostgresOrder.Follow(Upstream.none(), false));
        two.await("detached", s -> s instanceof LocalPostgres.Standby b && !b.isStreaming());
        one.sql("CREATE TABLE public.lost AS SELECT 1 AS x");
        two.succeed(new PostgresTask.Promote(Leases.held(), TestServer.PATIENCE));
        two.apply(new PostgresOrder.StartCheckpoint());
        two.await("checkpoint", s -> s instanceof LocalPostgres.Primary p && p.checkpointed());
        two.sql("CREATE TABLE public.kept AS SELECT 1 AS x");
        two.sql(
                "SELECT pg_create_physical_replication_slot('one') WHERE NOT EXISTS"
                        + " (SELECT FROM pg_replication_slots WHERE slot_name = 'one')");

        assertThat(one.manager.fence(one.soon())).isTrue();
        one.succeed(new PostgresTask.CrashRecovery());
        assertThat(one.manager.divergenceFrom(two.upstream(), one.soon()))
                .isInstanceOf(Divergence.Diverged.class);
        one.succeed(new PostgresTask.Rewind(two.upstream()));
        one.succeed(new PostgresTask.StartStandby(two.upstream(), false, TestServer.PATIENCE));

        one.awaitStreaming();
        one.await(
                "replay",
                s ->
                        s instanceof LocalPostgres.Standby b
                                && !b.replayed().isBefore(two.primary().position()));
        assertThat(
                        one.sql(
                                "SELECT to_regclass('public.lost') IS NULL AND to_regclass('public.kept') IS NOT NULL"))
                .isEqualTo("t");
    }

    @Test
    void aKilledPostmasterIsToldAtOnceAndFoundCrashed() throws Exception {
        TestServer one = server("one");
        one.bootstrap();
        one.look();
        CountDownLatch told = new CountDownLatch(1);
        try (Subscription _ = one.manager.onChange(told::countDown)) {
            OsProcess postmaster = Objects.requireNonNull(OsProcess.of(one.postmasterPid()));
            assertThat(postmaster.signal(Signal.KILL)).isTrue();
            assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        }
        LocalPostgres.Stopped stopped = (LocalPostgres.Stopped) one.look();
        assertThat(stopped.crashed()).isTrue();
        assertThat(Objects.requireNonNull(stopped.control()).state())
                .isEqualTo(ControlData.State.IN_PRODUCTION);

        assertThat(OsProcess.workingIn(one.data(), "postgres")).isEmpty();
        one.succeed(new PostgresTask.StartPrimary(TestServer.PATIENCE));
        assertThat(one.primary().server().timeline()).isEqualTo(Timeline.FIRST);
    }

    @Test
    void theShutdownCheckpointIsToldBeforeThePostmasterEnds() {
        TestServer one = server("one");
        TestServer two = server("two");
        one.bootstrap(two);
        // A standby that stands still keeps the primary's WAL sender, and with it the postmaster,
        // alive.
        OsProcess receiver =
                Objects.requireNonNull(
                        OsProcess.of(
                                Long.parseLong(two.sql("SELECT pid FROM pg_stat_wal_receiver"))));
        assertThat(receiver.signal(Signal.STOP)).isTrue();
        List<LocalPostgres> seen = new java.util.concurrent.CopyOnWriteArrayList<>();
        try (Subscription _ = one.manager.onChange(() -> seen.add(one.look()))) {
            Thread stop = Thread.ofVirtual().start(() -> one.succeed(FAST));
            TestServer.awaitTrue(
                    "the shutdown checkpoint",
                    () ->
                            seen.stream()
                                    .anyMatch(s ->
                                            s instanceof LocalPostgres.Stopping stopping
                                                    && stopping.wasPrimary()
                                                    && stopping.control() != null
                                                    && stopping.control().shutdown() != null));
            receiver.signal(Signal.CONT);
            TestServer.awaitTrue("the stop", () -> !stop.isAlive());
        }
        assertThat(one.look()).isInstanceOf(LocalPostgres.Stopped.class);
    }

    @Test
    void aFrozenServerIsUnresponsiveAndCanBeFenced() throws Exception {
        TestServer one = server("one");
        one.bootstrap();
        one.look();
        for (OsProcess process : OsProcess.workingIn(one.data(), "postgres")) {
            process.signal(Signal.STOP);
        }

        LocalPostgres.Unresponsive frozen = (LocalPostgres.Unresponsive) one.look();
        assertThat(frozen.wasPrimary()).isTrue();
        assertThat(frozen.mayAcceptWrites()).isTrue();
        assertThat(((LocalPostgres.Unresponsive) one.look()).elapsed()).isPositive();
        assertThat(one.manager.fence(one.soon())).isTrue();
        assertThat(OsProcess.workingIn(one.data(), "postgres")).isEmpty();
        assertThat(((LocalPostgres.Stopped) one.look()).crashed()).isFalse();
    }

    @Test
    void aServerWhoseConnectionsAreAllTakenIsNotHung() throws Exception {
        TestServer one = server("one");
        one.bootstrap();
        one.restartAgent();
        Site site = new Site(one.settings(), new io.tamada.pg.process.CommandRunner());
        List<java.sql.Connection> clients = new java.util.ArrayList<>();
        try {
            while (true) {
                clients.add(Sql.open(site.local()));
            }
        } catch (java.sql.SQLException e) {
            assertThat(e.getSQLState()).isEqualTo("53300");
        }

        for (int i = 0; i < 2; i++) {
            LocalPostgres.Unresponsive full = (LocalPostgres.Unresponsive) one.look();
            assertThat(full.problem()).contains("too many clients");
            assertThat(full.wasPrimary()).isTrue();
            assertThat(full.elapsed()).isZero();
        }

        for (java.sql.Connection client : clients) {
            client.close();
        }
        one.await("a free connection", s -> s instanceof LocalPostgres.Primary);
    }

    @Test
    void anotherManagerAdoptsWhatRuns() {
        TestServer one = server("one");
        TestServer two = server("two");
        one.bootstrap(two);
        long pid = two.postmasterPid();

        two.restartAgent();

        assertThat(two.standby().upstream()).isNull();
        two.configure(Map.of());
        assertThat(two.apply(new PostgresOrder.Follow(one.upstream(), false)))
                .isEqualTo(OrderResult.DONE);
        assertThat(two.standby().upstream()).isEqualTo(one.upstream());
        two.awaitStreaming();
        assertThat(two.postmasterPid()).isEqualTo(pid);
    }

    @Test
    void commitsThatWaitAreReleasedWhenTheNamesChange() throws Exception {
        TestServer one = server("one");
        TestServer two = server("two");
        // Without a report of its own accord it has to be made to report.
        two.section.put(
                "parameters",
                Map.of(
                        "unix_socket_directories",
                        folder.toString(),
                        "wal_receiver_status_interval",
                        0));
        two.restartAgent();
        one.bootstrap(two);
        one.sql("CREATE TABLE public.t (x int)");
        one.configure(Map.of("synchronous_mode", true));
        one.apply(new PostgresOrder.SetSynchronousStandbys("gone"));
        CountDownLatch committed = new CountDownLatch(1);
        Thread.ofVirtual()
                .start(() -> {
                    one.sql("INSERT INTO public.t VALUES (1)");
                    committed.countDown();
                });
        String waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
        TestServer.awaitTrue("a commit that waits", () -> one.sql(waits).equals("1"));

        one.apply(new PostgresOrder.SetSynchronousStandbys("two"));

        assertThat(committed.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whoLooksMeanwhileNeitherHindersARestartNorTakesItForACrash() throws Exception {
        TestServer one = server("one");
        one.bootstrap();
        java.util.concurrent.atomic.AtomicBoolean goesOn =
                new java.util.concurrent.atomic.AtomicBoolean(true);
        java.util.Set<Boolean> crashed = java.util.concurrent.ConcurrentHashMap.newKeySet();
        Thread onlooker =
                Thread.ofPlatform()
                        .start(() -> {
                            while (goesOn.get()) {
                                if (one.look() instanceof LocalPostgres.Stopped stopped) {
                                    crashed.add(stopped.crashed());
                                }
                            }
                        });
        try {
            for (int i = 0; i < 5; i++) {
                one.succeed(FAST);
                one.succeed(new PostgresTask.StartPrimary(TestServer.PATIENCE));
            }
        } finally {
            goesOn.set(false);
            onlooker.join();
        }
        assertThat(crashed).containsExactly(false);
    }

    @Test
    void aBaseBackupDoesNotTakePartUnderTheMembersName() throws Exception {
        TestServer one = server("one");
        one.bootstrap();
        Site site = new Site(one.settings(), new io.tamada.pg.process.CommandRunner());
        try (ToolLogin login =
                ToolLogin.to(
                        site, site.localAddress(false), one.settings().replication, "postgres")) {
            assertThat(login.conninfo()).doesNotContain("application_name=one");
        }
    }

    @Test
    void synchronousNamesAreInForceWhenTheOrderIsDoneAndSurviveTheAgent() {
        TestServer one = server("one");
        one.bootstrap();
        one.configure(Map.of("synchronous_mode", true));

        assertThat(one.apply(new PostgresOrder.SetSynchronousStandbys("\"post-gres'2\"")))
                .isEqualTo(OrderResult.DONE);
        assertThat(one.primary().synchronousStandbyNames()).isEqualTo("\"post-gres'2\"");

        one.restartAgent();
        one.configure(Map.of("synchronous_mode", true));
        assertThat(one.primary().synchronousStandbyNames()).isEqualTo("\"post-gres'2\"");

        assertThat(one.apply(new PostgresOrder.SetSynchronousStandbys("")))
                .isEqualTo(OrderResult.DONE);
        assertThat(one.primary().synchronousStandbyNames()).isEmpty();
    }

    @Test
    void aPrimaryStartedByANewAgentAcknowledgesNoMoreEasilyThanBefore() {
        TestServer one = server("one");
        one.bootstrap();
        one.configure(Map.of("synchronous_mode", true));
        one.apply(new PostgresOrder.SetSynchronousStandbys("\"two\""));
        assertThat(one.manager.fence(one.soon())).isTrue();

        one.restartAgent();
        one.succeed(new PostgresTask.StartPrimary(TestServer.PATIENCE));
        assertThat(one.primary().synchronousStandbyNames()).isEqualTo("\"two\"");
        one.configure(Map.of("synchronous_mode", true));
        assertThat(one.primary().synchronousStandbyNames()).isEqualTo("\"two\"");

        one.configure(Map.of());
        assertThat(one.primary().synchronousStandbyNames()).isEqualTo("\"two\"");
        one.apply(new PostgresOrder.SetSynchronousStandbys(""));
        assertThat(one.primary().synchronousStandbyNames()).isEmpty();
    }

    @Test
    void slotsFollowThePlan() {
        TestServer one = server("one");
        one.bootstrap();
        one.sql("SELECT pg_create_physical_replication_slot('old')");
        one.sql("SELECT pg_create_physical_replication_slot('foreign')");
        SlotPlan plan =
                new SlotPlan(
                        Map.of(
                                "two",
                                        new SlotPlan.Wanted(
                                                new SlotDefinition.Physical(null), null, true),
                                "change_data",
                                        new SlotPlan.Wanted(
                                                new SlotDefinition.Logical(
                                                        "postgres", "test_decoding", null),
                                                null,
                                                true)),
                        List.of(new SlotDefinition.Matcher("foreign", null, null, null)),
                        false,
                        true);
        one.section.put(
                "parameters",
                Map.of(
                        "unix_socket_directories",
                        folder.toString(),
                        "shared_buffers",
                        "16MB",
                        "wal_level",
                        "logical"));
        one.manager.settings(one.settings());
        one.configure(Map.of());
        assertThat(one.primary().server().pendingRestart().reasons()).containsKey("wal_level");
        one.succeed(new PostgresTask.Restart(null, TestServer.PATIENCE));
        assertThat(one.primary().server().pendingRestart().isPending()).isFalse();

        assertThat(one.apply(new PostgresOrder.SyncSlots(plan))).isEqualTo(OrderResult.DONE);

        assertThat(one.primary().server().slots())
                .containsOnlyKeys("two", "change_data", "foreign");
        assertThat(Objects.requireNonNull(one.primary().server().slots().get("two")).position())
                .isNotNull();
    }

    @Test
    void fewerConnectionsThanThePrimaryHadWaitOnAStandby() {
        TestServer one = server("one");
        TestServer two = server("two");
        one.bootstrap(two);
        two.section.put(
                "parameters",
                Map.of(
                        "unix_socket_directories",
                        folder.toString(),
                        "shared_buffers",
                        "16MB",
                        "max_connections",
                        50));
        two.manager.settings(two.settings());
        two.configure(Map.of());
        two.succeed(new PostgresTask.Restart(null, TestServer.PATIENCE));

        assertThat(two.sql("SHOW max_connections")).isEqualTo("100");
        assertThat(
                        Objects.requireNonNull(
                                        two.standby()
                                                .server()
                                                .pendingRestart()
                                                .reasons()
                                                .get("max_connections"))
                                .newValue())
                .isEqualTo("50");
    }

    @Test
    void whatTheServerWouldRefuseIsNotWritten() throws Exception {
        TestServer one = server("one");
        Map<String, Object> parameters = new java.util.HashMap<>();
        parameters.put("work_mem", "1kB");
        parameters.put("wal_sync_method", "often");
        parameters.put("jit", "perhaps");
        parameters.put("statement_timeout", "5 parsecs");
        parameters.put("shared_buffers", "99999999TB");
        parameters.put("log_min_messages", "everything");
        parameters.put("max_prepared_transactions", 300_000);
        parameters.put("lc_messages", "Klingon");
        parameters.put("no_such", "1");
        parameters.put("archive_command", "two\nlines");
        parameters.put("my.own", "it's fine");
        parameters.put("zero_damaged_pages", "off");
        parameters.put("deadlock_timeout", "2min");
        one.section.put("parameters", parameters);
        Site site = new Site(one.settings(), new io.tamada.pg.process.CommandRunner());
        Parameters wanted =
                Parameters.of(
                        site.settings,
                        new Parameters.Circumstances(
                                site.version(), MemberRole.PRIMARY, "\"two\"", false, null));

        Parameters taken = site.trial.of(wanted);

        assertThat(taken.values())
                .containsEntry("work_mem", "64")
                .containsEntry("max_prepared_transactions", "262143")
                .containsEntry("my.own", "it's fine")
                .containsEntry("deadlock_timeout", "2min")
                .containsEntry("zero_damaged_pages", "off")
                .containsEntry("synchronous_standby_names", "\"two\"")
                .doesNotContainKeys(
                        "wal_sync_method",
                        "jit",
                        "statement_timeout",
                        "shared_buffers",
                        "log_min_messages",
                        "lc_messages",
                        "no_such",
                        "archive_command");
        assertThat(taken.problems())
                .hasSize(10)
                .anyMatch(p -> p.contains("parameters.work_mem: '1kB' is not from 64"))
                .anyMatch(p ->
                        p.contains(
                                "parameters.wal_sync_method: 'often' is not allowed (Available values: "))
                .anyMatch(p ->
                        p.contains(
                                "parameters.statement_timeout: '5 parsecs' is not allowed (Valid units"))
                .anyMatch(p ->
                        p.contains(
                                "parameters.no_such: this server has no such parameter: left out"));
        assertThat(site.trial.of(wanted)).isEqualTo(taken);
    }

    @Test
    void callbacksAreCalledWithEventRoleAndScope() throws IOException {
        Path log = folder.resolve("callbacks");
        Path script = folder.resolve("callback.sh");
        Files.writeString(script, "#!/bin/sh\necho \"$@\" >> '" + log + "'\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        Map<String, ?> callbacks =
                Map.of(
                        "callbacks",
                        Map.of(
                                "on_start",
                                script.toString(),
                                "on_stop",
                                script.toString(),
                                "on_role_change",
                                script.toString()));
        TestServer one = server("one", callbacks);
        one.bootstrap();
        TestServer.awaitTrue("on_start", () -> lines(log).contains("on_start primary test"));
        one.succeed(FAST);
        TestServer.awaitTrue("on_stop", () -> lines(log).contains("on_stop primary test"));
        one.succeed(new PostgresTask.StartStandby(Upstream.none(), false, TestServer.PATIENCE));
        TestServer.awaitTrue(
                "on_role_change", () -> lines(log).contains("on_role_change replica test"));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aUnixSocketWillDo() {
        TestServer one = server("one", Map.of("use_unix_socket", true));
        one.bootstrap();
        assertThat(one.look()).isInstanceOf(LocalPostgres.Primary.class);
        assertThat(
                        new Site(one.settings(), new io.tamada.pg.process.CommandRunner())
                                .local()
                                .address()
                                .host())
                .isEqualTo(folder.toString());
    }

    @Test
    void aPortInUseIsToldInOneSentence() throws IOException {
        TestServer one = server("one");
        one.bootstrap();
        one.succeed(FAST);
        try (var _ =
                new java.net.ServerSocket(one.port, 1, java.net.InetAddress.getLoopbackAddress())) {
            TaskResult.Failed failed =
                    (TaskResult.Failed) one.run(new PostgresTask.StartPrimary(TestServer.PATIENCE));
            assertThat(failed.problem())
                    .contains("ended while starting")
                    .contains("could not bind");
        }
        assertThat(((LocalPostgres.Stopped) one.look()).lastFailure()).contains("could not bind");
    }

    @Test
    void foreignFilesAreNotTouched() throws IOException {
        TestServer one = server("one");
        Files.createDirectories(one.data());
        Files.writeString(one.data().resolve("thesis.txt"), "years of work");

        assertThat(one.run(new PostgresTask.Initialize())).isInstanceOf(TaskResult.Failed.class);
        assertThat(
                        one.run(
                                new PostgresTask.Clone(
                                        new Upstream.Member(one.name, "postgres://127.0.0.1:1/x"),
                                        true)))
                .isInstanceOf(TaskResult.Failed.class);
        assertThat(((LocalPostgres.NoData) one.look()).problem()).contains("thesis.txt");
        assertThat(one.data().resolve("thesis.txt")).exists();
    }

    @Test
    void aCancelledCloneLeavesNothingBehind() throws Exception {
        TestServer one = server("one");
        one.bootstrap();
        Path method = folder.resolve("slow.sh");
        Files.writeString(
                method,
                "#!/bin/sh\ntouch '"
                        + folder
                        + "/begun'\nsleep 600 & echo $! > '"
                        + folder
                        + "/child'\nwait\n");
        Files.setPosixFilePermissions(method, PosixFilePermissions.fromString("rwx------"));
        TestServer two =
                server(
                        "two",
                        Map.of(
                                "create_replica_methods",
                                List.of("slow"),
                                "slow",
                                Map.of("command", method.toString())));
        List<TaskResult> results = new java.util.concurrent.CopyOnWriteArrayList<>();
        Thread task =
                Thread.ofVirtual()
                        .start(() ->
                                results.add(
                                        two.run(new PostgresTask.Clone(one.upstream(), false))));
        TestServer.awaitTrue(
                "the method to begin", () -> !lines(folder.resolve("child")).isEmpty());

        task.interrupt();

        assertThat(task.join(Duration.ofSeconds(30))).isTrue();
        long child = Long.parseLong(Files.readString(folder.resolve("child")).strip());
        TestServer.awaitTrue("the method's child to end", () -> OsProcess.of(child) == null);
        assertThat(results).containsExactly(new TaskResult.Cancelled());
        assertThat(two.look()).isEqualTo(new LocalPostgres.NoData(null));
    }

    @Test
    void theDynamicConfigurationDecidesTheSettings() {
        TestServer one = server("one");
        one.bootstrap();
        PostgresManager manager =
                new PostgresManager(
                        one.settings(),
                        TestServer.TIME,
                        cluster -> {
                            var merged =
                                    PostgresSettings.merge(
                                            cluster.document().section("postgresql"),
                                            io.tamada.ha.model.ConfigDocument.of(one.section));
                            return PostgresSettings.of(
                                    "test",
                                    one.name,
                                    merged,
                                    io.tamada.ha.model.ConfigDocument.EMPTY);
                        });
        one.manager.close();
        one.manager = manager;

        one.configure(
                Map.of(
                        "postgresql",
                        Map.of("parameters", Map.of("work_mem", "7MB", "max_connections", 150))));

        assertThat(one.sql("SHOW work_mem")).isEqualTo("7MB");
        assertThat(one.primary().server().pendingRestart().reasons())
                .containsOnlyKeys("max_connections");
        assertThat(ClusterSettings.DEFAULT.paused()).isFalse();
        assertThat(one.apply(new PostgresOrder.AssumeRole(MemberRole.PRIMARY)))
                .isEqualTo(OrderResult.DONE);
    }
}
