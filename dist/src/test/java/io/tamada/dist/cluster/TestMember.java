package io.tamada.dist.cluster;

import io.tamada.dist.Programs;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One member of a test's cluster: an agent and its PostgreSQL.
final class TestMember {

    private static final int LOG_LINES = 30;

    private final String name;
    private final Path folder;
    private final int restPort;
    private final int postgresPort;
    private @Nullable Process agent;

    /// @param vote this member's address in the store; null for an observer, which has none
    /// @param store the addresses of all that have one
    TestMember(
            String name,
            Path folder,
            int restPort,
            int postgresPort,
            @Nullable String vote,
            List<String> store)
            throws IOException {
        this.name = name;
        this.folder = folder;
        this.restPort = restPort;
        this.postgresPort = postgresPort;
        Files.writeString(folder.resolve("tamada.yml"), configuration(vote, store));
    }

    private String configuration(@Nullable String vote, List<String> store) throws IOException {
        return """
        scope: whole
        name: %s
        restapi:
          listen: 127.0.0.1:%d
          connect_address: 127.0.0.1:%d
          authentication: {username: %s, password: %s}
        raft:
          %s
          partner_addrs: [%s]
          password: between-us
        bootstrap:
          dcs:
            ttl: 10
            loop_wait: 1
            retry_timeout: 3
            postgresql:
              use_pg_rewind: true
              parameters: {max_connections: 50, shared_buffers: 16MB, wal_retrieve_retry_interval: 500ms}
          initdb: [{encoding: UTF8}, {locale: C}]
        postgresql:
          listen: 127.0.0.1:%d
          connect_address: 127.0.0.1:%d
          data_dir: %s
          bin_dir: %s
          pgpass: %s
          parameters: {unix_socket_directories: %s}
          pg_hba: [host all all 127.0.0.1/32 scram-sha-256, host replication replicator 127.0.0.1/32 scram-sha-256]
          authentication:
            superuser: {username: postgres, password: %s}
            replication: {username: replicator, password: %s}
            rewind: {username: rewinder, password: %s}
        """
                .formatted(
                        name,
                        restPort,
                        restPort,
                        TestCluster.USER,
                        TestCluster.PASSWORD,
                        vote == null
                                ? "# no self_addr: an observer"
                                : "self_addr: %s\n  data_dir: %s"
                                        .formatted(vote, folder.resolve("store")),
                        String.join(", ", store),
                        postgresPort,
                        postgresPort,
                        data(),
                        Programs.postgres(),
                        folder.resolve("pgpass"),
                        folder,
                        TestCluster.PASSWORD,
                        TestCluster.PASSWORD,
                        TestCluster.PASSWORD);
    }

    String name() {
        return name;
    }

    int restPort() {
        return restPort;
    }

    int postgresPort() {
        return postgresPort;
    }

    URI uri(String path) {
        return TestCluster.local(restPort, path);
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Path log() {
        return folder.resolve("agent.log");
    }

    void start() throws IOException {
        agent =
                new ProcessBuilder(
                                Programs.agent().toString(),
                                folder.resolve("tamada.yml").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                        .start();
        agent.getOutputStream().close();
    }

    /// As when the machine loses its power: all its processes at once.
    void killHost() {
        List<ProcessHandle> doomed = new ArrayList<>();
        if (agent != null) {
            doomed.add(agent.toHandle());
        }
        postmaster()
                .ifPresent(main -> {
                    doomed.add(main);
                    main.descendants().forEach(doomed::add);
                });
        doomed.forEach(ProcessHandle::destroyForcibly);
    }

    void terminate() {
        if (agent != null) {
            agent.destroy();
        }
    }

    /// Waits until the agent has ended; what is left then is killed.
    void awaitEnd() {
        try {
            if (agent != null) {
                agent.waitFor(30, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        killHost();
    }

    private Optional<ProcessHandle> postmaster() {
        try (Stream<String> lines = Files.lines(data().resolve("postmaster.pid"))) {
            return lines.findFirst()
                    .flatMap(line -> ProcessHandle.of(Long.parseLong(line.strip())))
                    .filter(process -> process.info().command().orElse("").endsWith("postgres"));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    String endOfLog() {
        try {
            List<String> lines = Files.readAllLines(log());
            return "-- "
                    + name
                    + "\n"
                    + String.join(
                            "\n",
                            lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        } catch (IOException e) {
            return "-- " + name + ": no log";
        }
    }

    /// A connection through a port, this server's or that of a proxy before it.
    static Connection connect(int port) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", TestCluster.PASSWORD);
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("loginTimeout", "3");
        properties.setProperty("socketTimeout", "5");
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres", properties);
    }
}
