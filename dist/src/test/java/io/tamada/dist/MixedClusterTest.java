package io.tamada.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.testkit.Eventually;
import io.tamada.testkit.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The real Patroni and Tamada in one cluster on a real etcd, under a client that writes: the
/// leader moves from one software to the other, every member passes from one to the other, and each
/// one's tool commands the other's members. Nothing that was acknowledged is lost.
@Tag("integration")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class MixedClusterTest {

    /// A lease of twenty seconds has to run out, on a slow machine.
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Path OURS = Path.of("target", "tamada", "bin").toAbsolutePath();

    @TempDir private Path folder;
    private final List<SharedMember> members = new ArrayList<>();
    private Path patroni;
    private @Nullable Process etcd;
    private BadInputProgram programs;

    @BeforeEach
    void begin() throws IOException {
        patroni = server("patroni", "bin");
        Path etcdProgram = server("etcd", "usr/bin").resolve("etcd");
        programs = new BadInputProgram(Files.createDirectory(folder.resolve("outputs")));
        List<Integer> ports = FreePorts.next(8);
        etcd = startEtcd(etcdProgram, ports.get(6), ports.get(7));
        for (int i = 0; i < 3; i++) {
            members.add(
                    new SharedMember(
                            "m" + (i + 1),
                            folder,
                            ports.get(6),
                            ports.get(2 * i),
                            ports.get(2 * i + 1)));
        }
    }

    /// Where a server for tests was unpacked.
    private static Path server(String name, String place) {
        String root = System.getenv("TAMADA_SERVERS");
        Path found = root == null ? null : Path.of(root, name, place);
        Assumptions.assumeTrue(
                found != null && Files.isDirectory(found),
                name + " is not on this machine: dev/servers/install " + name);
        return found;
    }

    private Process startEtcd(Path program, int clients, int peers) throws IOException {
        String clientUrl = "http://127.0.0.1:" + clients;
        String peerUrl = "http://127.0.0.1:" + peers;
        Process process =
                new ProcessBuilder(
                                program.toString(),
                                "--data-dir=" + folder.resolve("etcd"),
                                "--listen-client-urls=" + clientUrl,
                                "--advertise-client-urls=" + clientUrl,
                                "--listen-peer-urls=" + peerUrl,
                                "--initial-advertise-peer-urls=" + peerUrl,
                                "--initial-cluster=default=" + peerUrl,
                                "--unsafe-no-fsync")
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("etcd.log").toFile())
                        .start();
        Eventually.await(
                "etcd listens",
                () -> {
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), clients)) {
                        return socket.isConnected();
                    }
                });
        return process;
    }

    @AfterEach
    void end() {
        members.forEach(SharedMember::kill);
        if (programs != null) {
            programs.close();
        }
        if (etcd != null) {
            etcd.destroyForcibly().onExit().join();
        }
    }

    @Test
    void patroniAndTamadaShareAClusterAndReplaceEachOther() throws Exception {
        try {
            play();
        } catch (AssertionError | Exception e) {
            for (SharedMember member : members) {
                System.err.println("== " + member.name() + "\n" + endOf(member.log()));
            }
            throw e;
        }
    }

    private void play() throws Exception {
        SharedMember one = members.get(0);
        SharedMember two = members.get(1);
        SharedMember three = members.get(2);
        runByPatroni(one);
        awaitLeader(one);
        runByPatroni(two);
        runByTamada(three);
        awaitSynchronous(one, two, three);
        AcknowledgedWrites writes = new AcknowledgedWrites(members);
        try (writes) {
            movesBySwitchover(one, two, three);
            movesByKill(one, two, three);
            for (SharedMember member : List.of(one, two)) {
                member.terminate();
                runByTamada(member);
                awaitAllSynchronous();
            }
            assertThat(tamadas()).containsExactly("m1", "m2", "m3");
            isCommandedBy("patronictl", "5MB");
            for (SharedMember member : members) {
                member.terminate();
                runByPatroni(member);
                awaitAllSynchronous();
            }
            assertThat(tamadas()).isEmpty();
            isCommandedBy("tamadactl", "6MB");
            int before = writes.count();
            Eventually.await("writes go on", () -> writes.count() > before + 10);
        }
        Set<String> kept = Set.copyOf(leader().sql("SELECT id FROM public.written"));
        assertThat(kept).containsAll(writes.acknowledged());
    }

    private void movesBySwitchover(SharedMember one, SharedMember two, SharedMember three)
            throws Exception {
        command("patronictl", "switchover", "--candidate", three.name(), "--force");
        awaitLeader(three);
        awaitSynchronous(three, one, two);
        command("tamadactl", "switchover", "--candidate", two.name(), "--force");
        awaitLeader(two);
        awaitSynchronous(two, one, three);
    }

    private void movesByKill(SharedMember one, SharedMember two, SharedMember three)
            throws Exception {
        one.terminate();
        awaitSynchronous(two, three);
        two.kill();
        awaitLeader(three);
        runByPatroni(one);
        runByPatroni(two);
        awaitSynchronous(three, one, two);
        three.kill();
        Eventually.await("Patroni leads", PATIENCE, () -> one.leads() || two.leads());
        runByTamada(three);
        awaitAllSynchronous();
    }

    /// @param tool `patronictl` or `tamadactl`, of which the members are the other kind
    private void isCommandedBy(String tool, String memory) throws Exception {
        assertThat(command(tool, "list")).contains("m1", "m2", "m3", "Leader", "Sync Standby");
        command(tool, "edit-config", "-s", "postgresql.parameters.work_mem=" + memory, "--force");
        for (SharedMember member : members) {
            Eventually.await(
                    member.name() + " has the new setting",
                    PATIENCE,
                    () -> member.sql("SHOW work_mem").equals(List.of(memory)));
        }
        assertThat(command(tool, "pause", "--wait")).contains("cluster management is paused");
        assertThat(command(tool, "list")).contains("Maintenance mode: on");
        assertThat(command(tool, "resume", "--wait")).contains("cluster management is resumed");
        SharedMember next = members.get(leader() == members.get(0) ? 1 : 0);
        command(tool, "switchover", "--candidate", next.name(), "--force");
        awaitLeader(next);
        awaitAllSynchronous();
    }

    private void runByPatroni(SharedMember member) throws IOException {
        member.start(patroni.resolve("patroni"));
    }

    private void runByTamada(SharedMember member) throws IOException {
        member.start(OURS.resolve("tamada"));
    }

    private String command(String tool, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        Path place = tool.equals("patronictl") ? patroni : OURS;
        command.add(place.resolve(tool).toString());
        command.addAll(List.of("-c", members.getFirst().configuration().toString()));
        command.addAll(List.of(arguments));
        BadInputProgram.End end = programs.run(command.toArray(String[]::new));
        assertThat(end.code()).as(end.said()).isZero();
        return end.said();
    }

    private SharedMember leader() {
        return Eventually.value(
                "somebody leads",
                PATIENCE,
                () -> members.stream().filter(SharedMember::leads).findFirst().orElse(null));
    }

    private static void awaitLeader(SharedMember member) {
        Eventually.await(member.name() + " leads", PATIENCE, member::leads);
    }

    private void awaitAllSynchronous() {
        SharedMember leader = leader();
        awaitSynchronous(
                leader,
                members.stream().filter(member -> member != leader).toArray(SharedMember[]::new));
    }

    private static void awaitSynchronous(SharedMember leader, SharedMember... standbys) {
        Map<String, String> wanted = new TreeMap<>(Map.of(leader.name(), "leader"));
        for (SharedMember standby : standbys) {
            wanted.put(standby.name(), "sync_standby");
        }
        Eventually.await(
                wanted.toString(),
                PATIENCE,
                () -> {
                    assertThat(leader.roles()).isEqualTo(wanted);
                    return true;
                });
    }

    private List<String> tamadas() throws IOException {
        List<String> names = new ArrayList<>();
        for (SharedMember member : members) {
            if (member.isTamada()) {
                names.add(member.name());
            }
        }
        return names;
    }

    private static String endOf(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }
}
