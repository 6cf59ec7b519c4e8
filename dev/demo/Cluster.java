package demo;

import io.tamada.dcs.Json;
import io.tamada.dcs.JsonException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Some members below one folder of this machine, on its loopback interface if nothing else is said.
final class Cluster {

    static final String SCOPE = "demo";
    static final int TTL_SECONDS = 5;

    private final Path folder;
    private final Path distribution;
    private final Path postgresPrograms;
    private final Store store;
    private final Settings settings;
    private final String password = Secrets.random();
    private final List<Member> members = new ArrayList<>();
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(1))
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    /// What can be chosen.
    ///
    /// @param synchronousMode as `synchronous_mode` takes it
    /// @param more lines of each member's configuration
    record Settings(String synchronousMode, String more) {

        boolean isSynchronous() {
            return !synchronousMode.equals("false");
        }
    }

    /// With an embedded store, on the loopback interface.
    static Cluster embedded(Path folder, Path distribution, Path postgresPrograms, int size, boolean synchronous)
            throws IOException {
        List<Host> hosts = Collections.nCopies(size, Host.LOOPBACK);
        return new Cluster(
                folder,
                distribution,
                postgresPrograms,
                hosts,
                new EmbeddedStore(folder, distribution, hosts, Secrets.random()),
                new Settings(Boolean.toString(synchronous), ""));
    }

    /// @param hosts one for each member
    Cluster(Path folder, Path distribution, Path postgresPrograms, List<Host> hosts, Store store, Settings settings)
            throws IOException {
        this.folder = folder;
        this.distribution = distribution;
        this.postgresPrograms = postgresPrograms;
        this.store = store;
        this.settings = settings;
        List<Integer> ports = Ports.free(2 * hosts.size());
        for (int i = 0; i < hosts.size(); i++) {
            Path own = Files.createDirectories(folder.resolve("pg" + (i + 1)));
            Member member = new Member(
                    "pg" + (i + 1), own, distribution.resolve("bin/tamada"), hosts.get(i), ports.get(2 * i), ports.get(2 * i + 1));
            members.add(member);
            Secrets.write(member.configuration(), configuration(member, store.section(i, own)));
        }
        Secrets.write(passwordFile(), "*:*:*:postgres:" + password + "\n");
    }

    private String configuration(Member member, String storeSection) {
        return """
                scope: %s
                name: %s
                restapi:
                  listen: '%s'
                  connect_address: '%s'
                %s%sbootstrap:
                  dcs:
                    ttl: %d
                    loop_wait: 1
                    retry_timeout: 2
                    maximum_lag_on_failover: 1048576
                    synchronous_mode: %s
                    postgresql:
                      use_pg_rewind: true
                      parameters:
                        max_connections: 50
                        shared_buffers: 16MB
                        max_wal_size: 512MB
                  initdb: [data-checksums, {encoding: UTF8}, {locale: C}]
                postgresql:
                  listen: '%s'
                  connect_address: '%s'
                  data_dir: %s
                  bin_dir: %s
                  pgpass: %s
                  parameters:
                    unix_socket_directories: %s
                  pg_hba:
                  - local all all scram-sha-256
                  - host all all all scram-sha-256
                  - host replication replicator all scram-sha-256
                  authentication:
                    superuser: {username: postgres, password: %s}
                    replication: {username: replicator, password: %s}
                    rewind: {username: rewinder, password: %s}
                """.formatted(
                        SCOPE, member.name(), member.restAddress(), member.restAddress(), settings.more(), storeSection,
                        TTL_SECONDS, settings.synchronousMode(), member.server(), member.server(), member.data(),
                        postgresPrograms, member.folder().resolve("pgpass"), member.folder(), password, password, password);
    }

    List<Member> members() {
        return List.copyOf(members);
    }

    boolean isSynchronous() {
        return settings.isSynchronous();
    }

    Path passwordFile() {
        return folder.resolve("password");
    }

    Endpoints endpoints() {
        return new Endpoints(members.stream().map(Member::server).toList(), "postgres", password);
    }

    void start() throws IOException {
        store.start();
        for (Member member : members) {
            member.start();
        }
    }

    /// The member that says it is the primary.
    Optional<Member> primary() {
        return members.stream().filter(member -> get(member, "/primary").filter(r -> r.statusCode() == 200).isPresent()).findFirst();
    }

    /// How many members stream from the primary. It is asked itself: what the others have published may be older.
    int streaming() {
        return primary().map(this::streamingFrom).orElse(0);
    }

    private int streamingFrom(Member primary) {
        String names = members.stream().map(member -> "'" + member.name() + "'").collect(Collectors.joining(", "));
        try (Connection connection = endpoints().connect(primary.server());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
                        + " AND application_name IN (" + names + ")")) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            return 0;
        }
    }

    /// Whether some standby is synchronous.
    boolean hasSynchronousStandby() {
        return view().stream().anyMatch(member -> isSynchronousRole(member.get("role")));
    }

    /// A standby that may become primary by a switchover: in synchronous mode only a synchronous one.
    Optional<Member> successor() {
        return view().stream()
                .filter(entry -> isFit(entry.get("role")) && "streaming".equals(entry.get("state")))
                .flatMap(entry -> members.stream().filter(member -> member.name().equals(entry.get("name"))))
                .findFirst();
    }

    private boolean isFit(Object role) {
        return isSynchronous() ? isSynchronousRole(role) : "replica".equals(role);
    }

    private static boolean isSynchronousRole(Object role) {
        return "sync_standby".equals(role) || "quorum_standby".equals(role);
    }

    /// What the cluster says of its members, asked of the first that answers.
    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> view() {
        for (Member member : members) {
            Optional<HttpResponse<String>> answer = get(member, "/cluster").filter(r -> r.statusCode() == 200);
            if (answer.isPresent()) {
                try {
                    Object list = Json.parseObject(answer.get().body()).get("members");
                    return list instanceof List<?> found ? (List<Map<String, Object>>) found : List.of();
                } catch (JsonException e) {
                    return List.of();
                }
            }
        }
        return List.of();
    }

    private Optional<HttpResponse<String>> get(Member member, String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(member.rest() + path))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return Optional.of(http.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /// Runs `tamadactl` and returns what it wrote.
    String ctl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(distribution.resolve("bin/tamadactl").toString(), "-c", members.getFirst().configuration().toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        int code = process.waitFor();
        if (code != 0) {
            throw new StepFailed("tamadactl " + String.join(" ", arguments) + " ended with " + code + ": " + said.strip());
        }
        return said.stripTrailing();
    }

    /// Stops everything: gracefully first, by force what doesn't follow.
    void stop() {
        members.forEach(Member::terminate);
        members.forEach(member -> member.awaitEnd(15));
        store.stop();
    }
}
