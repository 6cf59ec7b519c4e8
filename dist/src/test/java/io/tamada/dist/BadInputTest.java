package io.tamada.dist;

import static io.tamada.dist.BadInputProgram.filesBelow;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.dist.BadInputProgram.End;
import io.tamada.testkit.Eventually;
import io.tamada.testkit.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program as users have it, given what can't work: one line that says what to do, exit code 1,
/// and nothing was touched.
@Tag("integration")
class BadInputTest {

    private static final String PASSWORD = "open-sesame";

    @TempDir private Path folder;
    @TempDir private Path outputs;
    private BadInputProgram program;
    private List<Integer> ports;

    @BeforeEach
    void begin() throws IOException {
        program = new BadInputProgram(outputs);
        ports = FreePorts.next(9);
    }

    @AfterEach
    void end() throws InterruptedException {
        program.close();
    }

    /// A configuration that works, of the first, second or third member.
    private String yaml(int member, String name) throws IOException {
        int rest = ports.get(3 * member);
        int postgres = ports.get(3 * member + 1);
        int raft = ports.get(3 * member + 2);
        String partners =
                "127.0.0.1:"
                        + ports.get(3 * ((member + 1) % 3) + 2)
                        + ", 127.0.0.1:"
                        + ports.get(3 * ((member + 2) % 3) + 2);
        Path own = folder.resolve("member" + member);
        return """
        scope: bad
        name: %s
        restapi: {listen: 127.0.0.1:%d, connect_address: 127.0.0.1:%d}
        raft:
          data_dir: %s
          self_addr: 127.0.0.1:%d
          partner_addrs: [%s]
          password: %s
        bootstrap:
          dcs: {ttl: 10, loop_wait: 1, retry_timeout: 2}
          initdb: [{encoding: UTF8}, {locale: C}]
        postgresql:
          listen: 127.0.0.1:%d
          connect_address: 127.0.0.1:%d
          data_dir: %s
          bin_dir: %s
          pgpass: %s
          parameters: {unix_socket_directories: %s, shared_buffers: 16MB}
          authentication:
            superuser: {username: postgres, password: %s}
            replication: {username: replicator, password: %s}
        """
                .formatted(
                        name,
                        rest,
                        rest,
                        own.resolve("store"),
                        raft,
                        partners,
                        PASSWORD,
                        postgres,
                        postgres,
                        own.resolve("data"),
                        Programs.postgres(),
                        own.resolve("pgpass"),
                        folder,
                        PASSWORD,
                        PASSWORD);
    }

    private Path write(String file, String yaml) throws IOException {
        return Files.writeString(folder.resolve(file), yaml);
    }

    /// The agent refuses this configuration, and nothing is there that wasn't, nothing is other
    /// than it was.
    private String refused(String yaml) throws IOException, InterruptedException {
        Path file = write("tamada.yml", yaml);
        Map<String, String> before = filesBelow(folder);
        End end = program.agent(file);
        String error = withoutWarnings(end);
        assertThat(error).startsWith("tamada: ").hasLineCount(1).doesNotContain(PASSWORD);
        assertThat(end.code()).isEqualTo(1);
        assertThat(filesBelow(folder)).isEqualTo(before);
        return error;
    }

    /// What is said besides: that others can't reach a loopback address.
    private static String withoutWarnings(End end) {
        return end.said()
                .lines()
                .filter(line -> !line.contains(" WARNING: "))
                .collect(Collectors.joining("\n"));
    }

    private String refusedWithPortTaken(int index) throws IOException, InterruptedException {
        try (ServerSocket taken =
                new ServerSocket(ports.get(index), 1, InetAddress.getLoopbackAddress())) {
            String said = refused(yaml(0, "pg1"));
            assertThat(said).contains("port " + taken.getLocalPort() + " is in use");
            return said;
        }
    }

    @Test
    void thePortOfTheRestApiIsInUse() throws Exception {
        assertThat(refusedWithPortTaken(0)).contains("tamada.yml:3:", "restapi.listen");
    }

    @Test
    void thePortOfPostgresIsInUse() throws Exception {
        assertThat(refusedWithPortTaken(1)).contains("postgresql.listen");
    }

    @Test
    void thePortOfTheStoreIsInUse() throws Exception {
        assertThat(refusedWithPortTaken(2)).contains("raft.self_addr");
    }

    @Test
    void theDataDirectoryCantBeMade() throws Exception {
        Path locked = Files.createDirectory(folder.resolve("locked"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));

        assertThat(refused(yaml(0, "pg1").replace(folder + "/member0/data", locked + "/data")))
                .contains("postgresql.data_dir", "can't be made by user", locked.toString());
    }

    @Test
    void theDataDirectoryCantBeWritten() throws Exception {
        Path locked = Files.createDirectory(folder.resolve("locked"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));

        assertThat(refused(yaml(0, "pg1").replace(folder + "/member0/data", locked.toString())))
                .contains("postgresql.data_dir", "change its owner");
    }

    @Test
    void theStoreCantBeWritten() throws Exception {
        Path locked = Files.createDirectory(folder.resolve("locked"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));

        assertThat(refused(yaml(0, "pg1").replace(folder + "/member0/store", locked + "/store")))
                .contains("raft.data_dir");
    }

    @Test
    void postgresIsMissing() throws Exception {
        Path empty = Files.createDirectory(folder.resolve("empty"));

        assertThat(
                        refused(
                                yaml(0, "pg1")
                                        .replace(Programs.postgres().toString(), empty.toString())))
                .contains("postgresql.bin_dir", "initdb", "install PostgreSQL");
    }

    @Test
    void anUnknownKeyIsPlacedAndTheRightOneOffered() throws Exception {
        assertThat(
                        refused(
                                yaml(0, "pg1")
                                        .replace(
                                                "data_dir: " + folder + "/member0/data",
                                                "data_dri: /x")))
                .contains(
                        "tamada.yml:15:3",
                        "postgresql.data_dri",
                        "unknown key",
                        "did you mean 'data_dir'");
    }

    @Test
    void aSyntaxErrorIsPlaced() throws Exception {
        assertThat(refused(yaml(0, "pg1").replace("name: pg1", "name: [pg1")))
                .contains("tamada.yml:");
        assertThat(refused(yaml(0, "pg1").replace("name: pg1", "\tname: pg1")))
                .contains("tamada.yml:2:1");
    }

    @Test
    void thePasswordOfARunningServerIsWrong() throws Exception {
        Path data = folder.resolve("member0").resolve("data");
        Path secret = write("secret", "another\n");
        Path programs = Programs.postgres();
        assertThat(
                        program.run(
                                        programs.resolve("initdb").toString(),
                                        "-D",
                                        data.toString(),
                                        "-U",
                                        "postgres",
                                        "-A",
                                        "scram-sha-256",
                                        "--pwfile",
                                        secret.toString(),
                                        "--no-sync")
                                .code())
                .isZero();
        String pgCtl = programs.resolve("pg_ctl").toString();
        assertThat(
                        program.run(
                                        pgCtl,
                                        "-w",
                                        "-D",
                                        data.toString(),
                                        "-l",
                                        outputs.resolve("postgres.log").toString(),
                                        "-o",
                                        "-h 127.0.0.1 -p " + ports.get(1) + " -k " + folder,
                                        "start")
                                .code())
                .isZero();
        try {
            assertThat(refused(yaml(0, "pg1")))
                    .contains("postgresql.authentication.superuser", "password", "correct them");
            assertThat(program.run(pgCtl, "-D", data.toString(), "status").code()).isZero();
        } finally {
            program.run(pgCtl, "-D", data.toString(), "-m", "immediate", "stop");
        }
    }

    @Test
    void aSecondMemberOfTheSameNameEnds() throws Exception {
        program.startAgent(write("first.yml", yaml(0, "pg1")));
        program.startAgent(write("third.yml", yaml(2, "pg3")));
        Eventually.await(
                "both are members",
                Duration.ofSeconds(60),
                () -> answers(0, "/cluster", "pg3") && answers(2, "/cluster", "pg1"));

        End end = program.agent(write("second.yml", yaml(1, "pg1")));

        assertThat(end.code()).isEqualTo(1);
        assertThat(end.said())
                .contains("Can't start; there is already a node named 'pg1' running")
                .doesNotContain("Exception");
        assertThat(folder.resolve("member1").resolve("data")).doesNotExist();
        assertThat(answers(2, "/cluster", "127.0.0.1:" + ports.get(0))).isTrue();
    }

    private boolean answers(int member, String path, String part) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(
                                    URI.create("http://127.0.0.1:" + ports.get(3 * member) + path))
                            .timeout(Duration.ofSeconds(2))
                            .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().contains(part);
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
