package io.tamada.dcs.etcd;

import io.tamada.ha.time.SystemTime;
import io.tamada.ha.time.TimeSource;
import io.tamada.testkit.Eventually;
import io.tamada.testkit.FreePorts;
import io.tamada.testkit.Freezer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/// A real server, as a process of its own: it can be frozen, killed and started again with its
/// data.
final class EtcdServer implements AutoCloseable {

    static final TimeSource TIME = new SystemTime();

    private final Path folder;
    private final String name;
    private final int clientPort;
    private final int peerPort;
    private final List<String> more;
    private String cluster;
    private @Nullable Process process;

    private EtcdServer(Path folder, String name, List<String> more) throws IOException {
        this.folder = Files.createDirectories(folder.resolve(name));
        this.name = name;
        this.clientPort = FreePorts.next();
        this.peerPort = FreePorts.next();
        this.more = more;
        this.cluster = name + "=" + peerUrl();
    }

    /// A server by itself.
    static EtcdServer single(Path folder, String... more) throws IOException {
        return new EtcdServer(folder, "etcd", List.of(more));
    }

    /// Three that form a cluster.
    static List<EtcdServer> three(Path folder) throws IOException {
        List<EtcdServer> servers = new ArrayList<>();
        for (String name : List.of("one", "two", "three")) {
            servers.add(new EtcdServer(folder, name, List.of()));
        }
        String cluster =
                String.join(",", servers.stream().map(s -> s.name + "=" + s.peerUrl()).toList());
        servers.forEach(s -> s.cluster = cluster);
        return servers;
    }

    /// The program, of the servers unpacked for the tests or of the machine; where there is none
    /// the test is skipped, saying so.
    static Path program(String name) {
        String unpacked = System.getenv("TAMADA_SERVERS");
        Stream<Path> folders =
                Stream.concat(
                        Optional.ofNullable(unpacked).map(u -> Path.of(u, "etcd/usr/bin")).stream(),
                        Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(Path::of));
        Optional<Path> found =
                folders.map(f -> f.resolve(name)).filter(Files::isExecutable).findFirst();
        Assumptions.assumeTrue(
                found.isPresent(), name + " is not on this machine: dev/servers/install etcd");
        return found.orElseThrow();
    }

    Endpoint endpoint() {
        return new Endpoint("127.0.0.1", clientPort);
    }

    private String peerUrl() {
        return "http://127.0.0.1:" + peerPort;
    }

    private String clientUrl() {
        return (more.stream().anyMatch(m -> m.startsWith("--cert-file")) ? "https" : "http")
                + "://127.0.0.1:"
                + clientPort;
    }

    EtcdServer start() {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                program("etcd").toString(),
                                "--name=" + name,
                                "--data-dir=" + folder.resolve("data"),
                                "--listen-client-urls=" + clientUrl(),
                                "--advertise-client-urls=" + clientUrl(),
                                "--listen-peer-urls=" + peerUrl(),
                                "--initial-advertise-peer-urls=" + peerUrl(),
                                "--initial-cluster=" + cluster,
                                "--unsafe-no-fsync",
                                "--enable-v2=true"));
        command.addAll(more);
        try {
            process =
                    new ProcessBuilder(command)
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

    EtcdServer serving() {
        Eventually.await("the server listens", this::listens);
        return this;
    }

    private boolean listens() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), clientPort)) {
            return socket.isConnected();
        }
    }

    /// Runs the servers' own tool; only on servers without TLS, and before users are asked for.
    void control(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program("etcdctl").toString()));
        command.add("--endpoints=" + endpoint());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("ETCDCTL_API", "3");
        Process running = builder.start();
        String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (running.waitFor() != 0) {
            throw new AssertionError(String.join(" ", arguments) + ": " + said);
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
