package io.tamada.dist;

import io.tamada.dcs.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A member of a cluster on etcd that Patroni and Tamada can run in turn: one configuration file,
/// one data directory.
final class SharedMember {

    static final String PASSWORD = "open-sesame";

    private static final long SECONDS_MAX = 60;

    private final String name;
    private final Path folder;
    private final int restPort;
    private final int postgresPort;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();
    private @Nullable Process agent;

    SharedMember(String name, Path cluster, int etcdPort, int restPort, int postgresPort)
            throws IOException {
        this.name = name;
        this.folder = Files.createDirectories(cluster.resolve(name));
        this.restPort = restPort;
        this.postgresPort = postgresPort;
        Files.writeString(configuration(), yaml(etcdPort));
    }

    private String yaml(int etcdPort) throws IOException {
        return """
        scope: shared
        name: %s
        restapi: {listen: '127.0.0.1:%d', connect_address: '127.0.0.1:%d'}
        etcd3: {host: '127.0.0.1:%d'}
        bootstrap:
          dcs:
            ttl: 20
            loop_wait: 1
            retry_timeout: 3
            synchronous_mode: true
            synchronous_node_count: 2
            postgresql: {use_pg_rewind: true, parameters: {shared_buffers: 16MB, max_connections: 50}}
          initdb: [data-checksums, {encoding: UTF8}, {locale: C}]
        postgresql:
          listen: 127.0.0.1:%d
          connect_address: 127.0.0.1:%d
          data_dir: %s
          bin_dir: %s
          pgpass: %s
          parameters: {unix_socket_directories: %s, fsync: false}
          pg_hba: [local all all md5, host all all 127.0.0.1/32 md5, host replication all 127.0.0.1/32 md5]
          authentication:
            superuser: {username: postgres, password: %s}
            replication: {username: replicator, password: %s}
            rewind: {username: rewinder, password: %s}
        """
                .formatted(
                        name,
                        restPort,
                        restPort,
                        etcdPort,
                        postgresPort,
                        postgresPort,
                        folder.resolve("data"),
                        Programs.postgres(),
                        folder.resolve("pgpass"),
                        folder,
                        PASSWORD,
                        PASSWORD,
                        PASSWORD);
    }

    String name() {
        return name;
    }

    Path configuration() {
        return folder.resolve("member.yml");
    }

    int postgresPort() {
        return postgresPort;
    }

    /// @param program Patroni's or ours
    void start(Path program) throws IOException {
        agent =
                new ProcessBuilder(program.toString(), configuration().toString())
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                        .start();
    }

    Path log() {
        return folder.resolve("agent.log");
    }

    /// Stops agent and PostgreSQL in an orderly way, and waits until they have ended.
    void terminate() throws InterruptedException {
        Process running = agent;
        if (running != null) {
            running.destroy();
            if (!running.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new AssertionError(name + " did not end");
            }
        }
    }

    /// As when its machine is lost: agent and postmaster at once.
    void kill() {
        Process running = agent;
        if (running != null) {
            running.destroyForcibly();
        }
        postmaster().ifPresent(ProcessHandle::destroyForcibly);
    }

    private Optional<ProcessHandle> postmaster() {
        try (var lines = Files.lines(folder.resolve("data/postmaster.pid"))) {
            return lines.findFirst().flatMap(line -> ProcessHandle.of(Long.parseLong(line)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Whether it says that it is the primary and has the lease.
    boolean leads() {
        try {
            return get("/primary").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /// The role of each member that runs, as this one sees it.
    Map<String, String> roles() throws IOException {
        Map<String, String> roles = new TreeMap<>();
        Object members = Json.parseObject(get("/cluster").body()).get("members");
        for (Object entry : members instanceof List<?> list ? list : List.of()) {
            if (entry instanceof Map<?, ?> member
                    && List.of("running", "streaming")
                            .contains(String.valueOf(member.get("state")))) {
                roles.put(String.valueOf(member.get("name")), String.valueOf(member.get("role")));
            }
        }
        return roles;
    }

    /// Which software runs it, by its own word.
    boolean isTamada() throws IOException {
        return get("/patroni").body().contains("\"tamada\"");
    }

    private HttpResponse<String> get(String path) throws IOException {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + restPort + path))
                            .timeout(Duration.ofSeconds(5))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /// The first column of the answer.
    List<String> sql(String statement) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(
                                "jdbc:postgresql://127.0.0.1:" + postgresPort + "/postgres",
                                "postgres",
                                PASSWORD);
                Statement query = connection.createStatement()) {
            List<String> found = new java.util.ArrayList<>();
            if (query.execute(statement)) {
                ResultSet rows = query.getResultSet();
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        }
    }
}
