package io.tamada.dcs.consul;

import io.tamada.dcs.KeyPaths;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.SystemTime;
import io.tamada.ha.time.TimeSource;
import io.tamada.testkit.Eventually;
import io.tamada.testkit.FreePorts;
import io.tamada.testkit.Freezer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/// A real server, as a process of its own: it can be frozen, killed and started again with its
/// data.
final class ConsulServer implements AutoCloseable {

    static final TimeSource TIME = new SystemTime();

    private final Path folder;
    private final String settings;
    private final Ports ports;
    private @Nullable Process process;

    /// Where it listens; 0 for not at all.
    private record Ports(int http, int https, int server, int serf, int wan) {}

    private ConsulServer(Path folder, String settings, Ports ports) {
        this.folder = folder;
        this.settings = settings;
        this.ports = ports;
    }

    /// A server by itself, that allows sessions of one second.
    static ConsulServer single(Path folder) throws IOException {
        return single(folder, "session_ttl_min = \"1s\"\n", false);
    }

    /// @param settings more of them, as HCL
    static ConsulServer single(Path folder, String settings, boolean tls) throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Ports ports =
                new Ports(
                        FreePorts.next(),
                        tls ? FreePorts.next() : 0,
                        FreePorts.next(),
                        FreePorts.next(),
                        FreePorts.next());
        String bootstrap = "bootstrap = true\n";
        return new ConsulServer(folder, bootstrap + settings, ports);
    }

    /// Three that form a cluster.
    static List<ConsulServer> three(Path folder) throws IOException {
        List<Ports> all = new ArrayList<>();
        StringBuilder others = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            Ports ports =
                    new Ports(
                            FreePorts.next(),
                            0,
                            FreePorts.next(),
                            FreePorts.next(),
                            FreePorts.next());
            all.add(ports);
            others.append(i == 0 ? "" : ", ")
                    .append("\"127.0.0.1:")
                    .append(ports.serf())
                    .append('"');
        }
        List<ConsulServer> servers = new ArrayList<>();
        for (Ports ports : all) {
            Path own = Files.createDirectories(folder.resolve("server" + servers.size()));
            Files.createDirectories(own.resolve("data"));
            String settings =
                    """
                    bootstrap_expect = 3
                    retry_join = [%s]
                    retry_interval = "1s"
                    session_ttl_min = "1s"
                    """
                            .formatted(others);
            servers.add(new ConsulServer(own, settings, ports));
        }
        return servers;
    }

    /// The program, of the servers unpacked for the tests or of the machine; where there is none
    /// the test is skipped, saying so.
    static Path program() {
        String unpacked = System.getenv("TAMADA_SERVERS");
        Optional<Path> found =
                Stream.concat(
                                Optional.ofNullable(unpacked)
                                        .map(u -> Path.of(u, "consul/usr/bin"))
                                        .stream(),
                                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                                        .map(Path::of))
                        .map(f -> f.resolve("consul"))
                        .filter(Files::isExecutable)
                        .findFirst();
        Assumptions.assumeTrue(
                found.isPresent(), "consul is not on this machine: dev/servers/install consul");
        return found.orElseThrow();
    }

    int port() {
        return ports.http();
    }

    int httpsPort() {
        return ports.https();
    }

    ConfigDocument section() {
        return ConfigDocument.of(Map.of("host", "127.0.0.1:" + port()));
    }

    static ConsulStore open(ConfigDocument section, KeyPaths paths, @Nullable String member) {
        return ConsulProvider.store(
                section,
                paths,
                "demo",
                member == null ? null : MemberName.of(member),
                Duration.ofSeconds(30),
                TIME);
    }

    ConsulServer start() {
        Path program = program();
        try {
            Files.writeString(
                    folder.resolve("consul.hcl"),
                    """
                    server = true
                    node_name = "node%1$d"
                    bind_addr = "127.0.0.1"
                    client_addr = "127.0.0.1"
                    disable_update_check = true
                    leave_on_terminate = false
                    performance { raft_multiplier = 1 }
                    ports { http = %2$d  https = %3$d  dns = -1  grpc = -1  server = %1$d  serf_lan = %4$d  serf_wan = %5$d }
                    %6$s
                    """
                            .formatted(
                                    ports.server(),
                                    ports.http(),
                                    ports.https() == 0 ? -1 : ports.https(),
                                    ports.serf(),
                                    ports.wan(),
                                    settings));
            process =
                    new ProcessBuilder(
                                    program.toString(),
                                    "agent",
                                    "-data-dir=" + folder.resolve("data"),
                                    "-config-file=" + folder.resolve("consul.hcl"))
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(
                                            folder.resolve("server.log").toFile()))
                            .start();
            Process started = process;
            Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ConsulServer serving() {
        Process running = Objects.requireNonNull(process);
        Eventually.await(
                "the server has a leader", () -> !running.isAlive() || !leader().isEmpty());
        if (!running.isAlive()) {
            throw new AssertionError("Consul has ended: " + log());
        }
        return this;
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("server.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// The address of the leader that this server knows; empty for none.
    String leader() throws InterruptedException {
        return ask("/v1/status/leader").replace("\"", "");
    }

    boolean isLeader() throws InterruptedException {
        return leader().equals("127.0.0.1:" + ports.server());
    }

    /// The body of what it answers; empty for no answer.
    String ask(String path) throws InterruptedException {
        try (ConsulHttp http = new ConsulHttp(ConsulSettings.of(section()))) {
            return http.get(path, Map.of(), Deadline.after(TIME, Duration.ofSeconds(2)))
                                    instanceof Answer.Answered answered
                            && answered.isOk()
                    ? answered.body()
                    : "";
        }
    }

    void freeze(boolean frozen) {
        Process running = process;
        if (running != null && running.isAlive()) {
            if (frozen) {
                Freezer.freeze(running.toHandle());
            } else {
                Freezer.thaw(running.toHandle());
            }
        }
    }

    void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().onExit().join();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
