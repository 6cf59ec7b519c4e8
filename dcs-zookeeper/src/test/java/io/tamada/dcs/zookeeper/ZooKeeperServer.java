package io.tamada.dcs.zookeeper;

import io.tamada.ha.time.SystemTime;
import io.tamada.ha.time.TimeSource;
import io.tamada.testkit.Eventually;
import io.tamada.testkit.FreePorts;
import io.tamada.testkit.Freezer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A real server, as a process of its own: it can be frozen, killed and started again with its
/// data.
final class ZooKeeperServer implements AutoCloseable {

    static final TimeSource TIME = new SystemTime();

    private final Path folder;
    private final int port;
    private final List<String> jvm;
    private @Nullable Process process;

    private ZooKeeperServer(Path folder, int port, List<String> jvm) {
        this.folder = folder;
        this.port = port;
        this.jvm = jvm;
    }

    /// A server by itself, with ticks of half a second.
    static ZooKeeperServer single(Path folder) throws IOException {
        return single(folder, List.of(), "");
    }

    static ZooKeeperServer single(Path folder, List<String> jvm, String more) throws IOException {
        int port = FreePorts.next();
        return configured(
                folder, port, jvm, "clientPort=" + port + "\nclientPortAddress=127.0.0.1\n" + more);
    }

    /// A server whose settings say where it listens.
    static ZooKeeperServer configured(Path folder, int port, List<String> jvm, String settings)
            throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(
                folder.resolve("zoo.cfg"),
                """
                tickTime=500
                initLimit=10
                syncLimit=4
                maxClientCnxns=0
                minSessionTimeout=1000
                maxSessionTimeout=60000
                admin.enableServer=false
                4lw.commands.whitelist=srvr
                dataDir=%s
                %s
                """
                        .formatted(folder.resolve("data"), settings));
        return new ZooKeeperServer(folder, port, jvm);
    }

    /// The servers of an ensemble, none of them started.
    static List<ZooKeeperServer> ensemble(Path folder, int size) throws IOException {
        StringBuilder peers = new StringBuilder();
        List<Integer> ports = new ArrayList<>();
        for (int id = 1; id <= size; id++) {
            ports.add(FreePorts.next());
            peers.append(
                    "server.%d=127.0.0.1:%d:%d;127.0.0.1:%d%n"
                            .formatted(id, FreePorts.next(), FreePorts.next(), ports.getLast()));
        }
        List<ZooKeeperServer> servers = new ArrayList<>();
        for (int id = 1; id <= size; id++) {
            Path own = folder.resolve("server" + id);
            servers.add(configured(own, ports.get(id - 1), List.of(), peers.toString()));
            Files.writeString(own.resolve("data/myid"), Integer.toString(id));
        }
        return servers;
    }

    InetSocketAddress address() {
        return InetSocketAddress.createUnresolved("127.0.0.1", port);
    }

    ZooKeeperServer start() {
        try {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(
                    List.of(
                            "-Xmx64m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            // No test cuts the power: what the system has taken is safe enough.
                            "-Dzookeeper.forceSync=no",
                            "-cp"));
            command.add(System.getProperty("java.class.path"));
            command.addAll(jvm);
            command.add("org.apache.zookeeper.server.quorum.QuorumPeerMain");
            command.add(folder.resolve("zoo.cfg").toString());
            process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(
                                            folder.resolve("server.log").toFile()))
                            .start();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ZooKeeperServer serving() {
        Eventually.await("the server serves", () -> mode() != null);
        return this;
    }

    /// `standalone`, `leader` or `follower`; null while it doesn't serve.
    @Nullable String mode() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(answer);
            return answer.toString(StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> line.startsWith("Mode: "))
                    .map(line -> line.substring("Mode: ".length()))
                    .findFirst()
                    .orElse(null);
        } catch (IOException _) {
            return null;
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
