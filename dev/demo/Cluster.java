package demo;

import io.tamada.dcs.Json;
import io.tamada.dcs.JsonException;
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
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Some members with an embedded store, all on this machine's loopback interface and below one folder.
final class Cluster {

    static final int TTL_SECONDS = 5;
    private static final String SCOPE = "demo";

    private final Path folder;
    private final Path distribution;
    private final Path postgresPrograms;
    private final boolean synchronous;
    private final List<Host> hosts;
    private final String more;
    private final String password = random();
    private final List<Member> members = new ArrayList<>();
    private final List<Integer> storePorts;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(1))
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    Cluster(Path folder, Path distribution, Path postgresPrograms, int size, boolean synchronous) throws IOException {
        this(folder, distribution, postgresPrograms, synchronous, Collections.nCopies(size, Host.LOOPBACK), "");
    }

    /// @param hosts one for each member
    /// @param more lines of each member's configuration
    Cluster(
            Path folder, Path distribution, Path postgresPrograms, boolean synchronous, List<Host> hosts, String more)
            throws IOException {
        int size = hosts.size();
        this.hosts = hosts;
        this.more = more;
        this.folder = folder;
        this.distribution = distribution;
        this.postgresPrograms = postgresPrograms;
        this.synchronous = synchronous;
        // Two members have no majority without one another: a third vote without data helps.
        int votes = size == 2 ? 3 : size;
        List<Integer> ports = freePorts(2 * size + votes);
        storePorts = ports.subList(2 * size, ports.size());
        for (int i = 0; i < size; i++) {
            Path own = Files.createDirectories(folder.resolve("pg" + (i + 1)));
            Member member =
                    new Member("pg" + (i + 1), own, distribution.resolve("bin/tamada"), hosts.get(i), ports.get(2 * i), ports.get(2 * i + 1));
            members.add(member);
            writeSecretly(member.configuration(), configuration(member, own, i));
        }
        if (votes > size) {
            writeSecretly(voterFile(), "scope: " + SCOPE + "\nname: voter\n" + store(folder.resolve("voter"), size));
        }
        writeSecretly(passwordFile(), "*:*:*:postgres:" + password + "\n");
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    private static String random() {
        byte[] bytes = new byte[12];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static void writeSecretly(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    private String store(Path data, int vote) {
        String partners = IntStream.range(0, storePorts.size())
                .filter(other -> other != vote)
                .mapToObj(other -> "'" + storeAddress(other) + "'")
                .collect(Collectors.joining(", "));
        return """
                raft:
                  data_dir: %s
                  self_addr: '%s'
                  partner_addrs: [%s]
                  password: %s
                """.formatted(data, storeAddress(vote), partners, password);
    }

    private String storeAddress(int vote) {
        return (vote < hosts.size() ? hosts.get(vote) : Host.LOOPBACK).at(storePorts.get(vote));
    }

    private String configuration(Member member, Path own, int index) {
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
                        SCOPE, member.name(), hosts.get(index).at(member.restPort()), hosts.get(index).at(member.restPort()),
                        more, store(own.resolve("store"), index), TTL_SECONDS, synchronous, member.server(),
                        member.server(), member.data(), postgresPrograms, own.resolve("pgpass"), own, password,
                        password, password);
    }

    List<Member> members() {
        return List.copyOf(members);
    }

    boolean isSynchronous() {
        return synchronous;
    }

    Path passwordFile() {
        return folder.resolve("password");
    }

    private Path voterFile() {
        return folder.resolve("voter.yml");
    }

    Endpoints endpoints() {
        return new Endpoints(members.stream().map(Member::server).toList(), "postgres", password);
    }

    void start() throws IOException {
        for (Member member : members) {
            member.start();
        }
        if (Files.exists(voterFile())) {
            Process process = new ProcessBuilder(
                            "setsid", distribution.resolve("bin/tamada-raft-voter").toString(), voterFile().toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("voter.log").toFile())
                    .start();
            Files.writeString(folder.resolve("voter.pid"), Long.toString(process.pid()));
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
        return view().stream().anyMatch(member -> "sync_standby".equals(member.get("role")));
    }

    /// A standby that may become primary by a switchover: in synchronous mode only a synchronous one.
    Optional<Member> successor() {
        String role = synchronous ? "sync_standby" : "replica";
        return view().stream()
                .filter(entry -> role.equals(entry.get("role")) && "streaming".equals(entry.get("state")))
                .flatMap(entry -> members.stream().filter(member -> member.name().equals(entry.get("name"))))
                .findFirst();
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
        stopVoter(folder);
    }

    static void stopVoter(Path folder) {
        Member.process(folder.resolve("voter.pid")).ifPresent(ProcessHandle::destroyForcibly);
    }
}
