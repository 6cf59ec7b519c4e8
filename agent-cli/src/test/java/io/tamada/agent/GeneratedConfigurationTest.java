package io.tamada.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.testkit.Eventually;
import io.tamada.testkit.FreePorts;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A configuration made from a server that runs without an agent passes validation, and an agent
/// takes the server over with it.
@Tag("integration")
class GeneratedConfigurationTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir private Path directory;

    private final Map<String, String> environment = new HashMap<>();
    private final int port = FreePorts.next();
    private final int restPort = FreePorts.next();

    @BeforeEach
    void startServer() throws IOException, InterruptedException {
        String data = directory.resolve("data").toString();
        program("initdb", "-D", data, "-A", "trust", "-U", "postgres", "-k");
        Files.writeString(
                directory.resolve("data/postgresql.conf"),
                """
                port = %d
                listen_addresses = '127.0.0.1'
                unix_socket_directories = '%s'
                work_mem = 5MB
                """
                        .formatted(port, directory),
                StandardOpenOption.APPEND);
        program("pg_ctl", "-D", data, "-l", directory.resolve("log").toString(), "-w", "start");
        program(
                "psql",
                "-qh",
                directory.toString(),
                "-p",
                Integer.toString(port),
                "-U",
                "postgres",
                "-c",
                "CREATE ROLE repl LOGIN REPLICATION",
                "postgres");
        environment.putAll(
                Map.of(
                        "PATRONI_SCOPE",
                        "taken-over",
                        "PATRONI_NAME",
                        "first",
                        "PATRONI_RESTAPI_LISTEN",
                        "127.0.0.1:" + restPort,
                        "PATRONI_RESTAPI_CONNECT_ADDRESS",
                        "127.0.0.1:" + restPort,
                        "PATRONI_POSTGRESQL_CONNECT_ADDRESS",
                        "127.0.0.1:" + port,
                        "PATRONI_POSTGRESQL_PGPASS",
                        directory.resolve("pgpass").toString(),
                        "PATRONI_REPLICATION_PASSWORD",
                        "none",
                        "PATRONI_RAFT_SELF_ADDR",
                        "127.0.0.1:" + FreePorts.next(),
                        "PATRONI_RAFT_DATA_DIR",
                        directory.resolve("raft").toString()));
    }

    @AfterEach
    void stopServer() throws IOException, InterruptedException {
        started("pg_ctl", "-D", directory.resolve("data").toString(), "-m", "immediate", "stop")
                .waitFor();
    }

    @Test
    void theServerIsTakenOverAsItIs() throws Throwable {
        Path file = directory.resolve("made/node.yml");
        String dsn = "host=%s port=%d user=postgres".formatted(directory, port);
        assertThat(said(environment, "--generate-config", "--dsn", dsn, file.toString())).isEmpty();
        assertThat(file)
                .content()
                .contains("work_mem: 5MB", "username: repl", "use_pg_rewind: true")
                .doesNotContain(": '#FIXME'");
        assertThat(said(Map.of(), "--validate-config", file.toString()).lines())
                .allSatisfy(line -> assertThat(line).startsWith("warning: "));

        try (NotifySocket serviceManager =
                new NotifySocket(directory.resolve("notify").toString())) {
            Process agent =
                    java(
                            "--enable-native-access=ALL-UNNAMED",
                            "io.tamada.agent.AgentMain",
                            file.toString());
            try {
                Eventually.await("the agent leads", PATIENCE, () -> isLeader(agent));
                assertThat(query("SHOW work_mem")).isEqualTo("5MB");
                hears(serviceManager, "READY=1");
                assertThat(
                                new ProcessBuilder("kill", "-HUP", Long.toString(agent.pid()))
                                        .start()
                                        .waitFor())
                        .isZero();
                hears(serviceManager, "RELOADING=1\nMONOTONIC_USEC=");
                hears(serviceManager, "READY=1");
            } finally {
                agent.destroy();
                assertThat(agent.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
            hears(serviceManager, "STOPPING=1");
            assertThat(agent.exitValue()).isZero();
        }
    }

    private static void hears(NotifySocket serviceManager, String message) {
        AtomicReference<String> next = new AtomicReference<>("");
        Eventually.await(
                "a message to the service manager: " + message,
                PATIENCE,
                () -> {
                    next.set(serviceManager.next());
                    return !next.get().isEmpty();
                });
        assertThat(next.get()).startsWith(message);
    }

    private boolean isLeader(Process agent) {
        assertThat(agent.isAlive()).as("the agent, see its output").isTrue();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + restPort + "/leader"))
                            .timeout(Duration.ofSeconds(5))
                            .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String query(String sql) throws IOException, InterruptedException {
        Process psql =
                new ProcessBuilder(
                                binary("psql"),
                                "-Atqh",
                                directory.toString(),
                                "-p",
                                Integer.toString(port),
                                "-U",
                                "postgres",
                                "-c",
                                sql,
                                "postgres")
                        .start();
        String answer = new String(psql.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        psql.waitFor();
        return answer.strip();
    }

    private static String said(Map<String, String> variables, String... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Map<String, String> all = new HashMap<>(variables);
        all.put("PATH", System.getenv("PATH"));
        new AgentMain(stream, stream, all).run(withPortsInUse(arguments));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static List<String> withPortsInUse(String... arguments) {
        return List.of(arguments).contains("--validate-config")
                ? Stream.concat(Stream.of("-i"), Stream.of(arguments)).toList()
                : List.of(arguments);
    }

    private void program(String name, String... arguments)
            throws IOException, InterruptedException {
        assertThat(started(name, arguments).waitFor()).as(name).isZero();
    }

    private Process started(String name, String... arguments) throws IOException {
        return quiet(Stream.concat(Stream.of(binary(name)), Stream.of(arguments)).toList(), name);
    }

    private Process java(String... arguments) throws IOException {
        Path home = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> start =
                List.of(home.toString(), "-Xmx96m", "-cp", System.getProperty("java.class.path"));
        return quiet(Stream.concat(start.stream(), Stream.of(arguments)).toList(), "agent");
    }

    private Process quiet(List<String> command, String name) throws IOException {
        File output = directory.resolve(name + ".out").toFile();
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(output));
        builder.environment().put("NOTIFY_SOCKET", directory.resolve("notify").toString());
        return builder.start();
    }

    private static String binary(String name) {
        Optional<Path> found =
                Stream.of(System.getenv("PATH").split(":", -1))
                        .map(each -> Path.of(each, name))
                        .filter(Files::isExecutable)
                        .findFirst();
        return found.map(Path::toString).orElse(name);
    }
}
