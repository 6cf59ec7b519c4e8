package io.tamada.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.time.SystemTime;
import io.tamada.pg.guard.LeaseGuard;
import io.tamada.pg.process.OsProcess;
import io.tamada.pg.process.Signal;
import io.tamada.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real guard over a real server; the agent is a process that is really killed and frozen.
@Tag("integration")
class LeaseGuardTest {

    private static final Duration SHORT = Duration.ofMillis(1500);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final SystemTime TIME = new SystemTime();

    @TempDir static Path folder;
    private static TestServer server;

    private final List<ProcessHandle> guards = new ArrayList<>();
    private GuardedAgent agent;

    @BeforeAll
    static void initialise() throws IOException {
        Path program = Path.of("target/native/lease-guard").toAbsolutePath();
        Assumptions.assumeTrue(
                Files.isExecutable(program), "it was built without the guard: no C compiler");
        Path libexec = Files.createDirectories(folder.resolve("home/libexec"));
        Files.createSymbolicLink(libexec.resolve("lease-guard"), program);
        System.setProperty("tamada.home", folder.resolve("home").toString());
        server = new TestServer("guarded", folder);
        server.bootstrap();
    }

    @AfterAll
    static void stop() {
        System.clearProperty("tamada.home");
        server.close();
    }

    @BeforeEach
    void startServer() throws IOException {
        agent = new GuardedAgent(server.data());
        // What the test before has left armed would strike the server that is started now.
        agent.standDown();
        if (!server.look().isUp()) {
            server.succeed(new PostgresTask.StartPrimary(TestServer.PATIENCE));
        }
    }

    @AfterEach
    void endAgent() throws IOException {
        OsProcess process = OsProcess.of(agent.handle().pid());
        if (process != null) {
            process.signal(Signal.CONT);
            agent.standDown();
        }
        agent.close();
        // One that a failed test has left frozen would never end.
        guards.forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void theServerOfAKilledAgentIsStopped() throws Exception {
        agent.lead(SHORT);
        ProcessHandle guard = theGuard();
        agent.kill();
        assertThat(server.look()).isInstanceOf(LocalPostgres.Primary.class);

        awaitStopped();
        Eventually.await("the guard has ended", () -> !guard.isAlive());
    }

    @Test
    void theServerOfAFrozenAgentIsStoppedAndStaysDownUntilTheAgentStandsDown() throws Exception {
        agent.lead(SHORT);
        OsProcess frozen = Objects.requireNonNull(OsProcess.of(agent.handle().pid()));
        frozen.signal(Signal.STOP);
        awaitStopped();

        // It comes up in somebody's hands, and is gone at once.
        var _ = server.run(new PostgresTask.StartPrimary(Duration.ofSeconds(2)));
        awaitStopped();

        frozen.signal(Signal.CONT);
        agent.standDown();
        server.succeed(new PostgresTask.StartPrimary(TestServer.PATIENCE));
    }

    @Test
    void aRenewedLeaseAndAnAgentThatStoodDownLeaveTheServerAlone() throws Exception {
        long postmaster = server.postmasterPid();
        agent.lead(SHORT);
        agent.lead(LONG);
        passed(SHORT);
        agent.lead(SHORT);
        agent.standDown();
        ProcessHandle guard = theGuard();
        agent.kill();

        Eventually.await("the guard has ended, having nothing to do", () -> !guard.isAlive());
        passed(SHORT);
        assertThat(server.look()).isInstanceOf(LocalPostgres.Primary.class);
        assertThat(server.postmasterPid()).isEqualTo(postmaster);
    }

    @Test
    void theNextAgentsGuardReplacesTheLastOnesWithoutAGap() throws Exception {
        long postmaster = server.postmasterPid();
        agent.lead(Duration.ofSeconds(8));
        ProcessHandle old = theGuard();
        agent.kill();
        assertThat(old.isAlive()).isTrue();

        agent = new GuardedAgent(server.data());
        agent.lead(LONG);
        Eventually.await("the old guard has ended", () -> !old.isAlive());
        ProcessHandle next = theGuard();
        passed(Duration.ofSeconds(8));
        assertThat(next.isAlive()).isTrue();
        assertThat(server.postmasterPid()).isEqualTo(postmaster);

        // What the last agent had armed counts for an agent that never leads.
        agent.lead(SHORT);
        agent.kill();
        agent = new GuardedAgent(server.data());
        awaitStopped();
    }

    @Test
    void aGuardThatIsKilledIsReplaced() throws Exception {
        agent.lead(Duration.ofSeconds(6));
        ProcessHandle first = theGuard();
        first.destroyForcibly();
        Eventually.await(
                "another guard is on duty",
                () -> agent.guards().stream().anyMatch(g -> g.isAlive() && !g.equals(first)));

        agent.kill();
        awaitStopped();
    }

    @Test
    void aGuardThatWakesLateStrikesAtOnce() throws Exception {
        agent.lead(SHORT);
        OsProcess guard = Objects.requireNonNull(OsProcess.of(theGuard().pid()));
        guard.signal(Signal.STOP);
        agent.kill();
        passed(SHORT);
        assertThat(server.look()).isInstanceOf(LocalPostgres.Primary.class);

        guard.signal(Signal.CONT);
        awaitStopped();
    }

    @Test
    void anotherServerAndTheNewOwnerOfANumberAreLeftAlone() throws Exception {
        Process stranger =
                new ProcessBuilder("sleep", "600").directory(server.data().toFile()).start();
        TestServer other = new TestServer("other", folder);
        try {
            other.bootstrap();
            agent.lead(SHORT);
            // A number from an old file that somebody else has got.
            server.manager.fence(server.soon());
            Files.writeString(server.data().resolve("postmaster.pid"), stranger.pid() + "\n");
            agent.kill();
            passed(SHORT.multipliedBy(2));

            assertThat(stranger.isAlive()).isTrue();
            assertThat(other.look()).isInstanceOf(LocalPostgres.Primary.class);
        } finally {
            stranger.destroyForcibly().waitFor();
            Files.deleteIfExists(server.data().resolve("postmaster.pid"));
            other.close();
        }
    }

    @Test
    void itIsSmall() throws Exception {
        agent.lead(LONG);
        List<String> status =
                Files.readAllLines(Path.of("/proc", Long.toString(theGuard().pid()), "status"));
        int residentKilobytes =
                status.stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")))
                        .sum();
        assertThat(residentKilobytes).isBetween(1, 2048);
    }

    @Test
    void withoutTheProgramOnlyARequiredGuardKeepsFromLeading() throws Exception {
        String home = System.getProperty("tamada.home");
        System.clearProperty("tamada.home");
        Path unused = folder.resolve("unused");
        try (LeaseGuard required =
                        LeaseGuard.start(LeaseGuard.Mode.REQUIRED, unused, "postgres", TIME);
                LeaseGuard wanted =
                        LeaseGuard.start(LeaseGuard.Mode.ON, unused, "postgres", TIME)) {
            assertThat(required.isHealthy()).isFalse();
            assertThat(required.activate(LONG, SHORT)).isFalse();
            assertThat(wanted.isHealthy()).isTrue();
            assertThat(wanted.activate(LONG, SHORT)).isTrue();
        } finally {
            System.setProperty("tamada.home", home);
        }
    }

    private ProcessHandle theGuard() {
        ProcessHandle guard =
                Eventually.value(
                        "there is one guard",
                        Eventually.LIMIT,
                        () -> agent.guards().size() == 1 ? agent.guards().getFirst() : null);
        guards.add(guard);
        return guard;
    }

    private static void awaitStopped() {
        Eventually.await(
                "PostgreSQL is stopped", () -> server.look() instanceof LocalPostgres.Stopped);
    }

    /// Waits until that long has passed: what must not happen needs the time to happen in.
    private static void passed(Duration time) {
        long until = TIME.nanos() + time.toNanos();
        Eventually.await("time has passed", LONG, () -> TIME.nanos() - until > 0);
    }
}
