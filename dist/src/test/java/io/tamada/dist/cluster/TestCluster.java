package io.tamada.dist.cluster;

import io.tamada.dcs.Json;
import io.tamada.testkit.Eventually;
import io.tamada.testkit.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Members with an embedded store on loopback ports, started from the unpacked distribution: three
/// that vote in the store, and observers of it. Commands to them need a user and a password.
final class TestCluster implements AutoCloseable {

    static final String USER = "operator";
    static final String PASSWORD = "open-sesame";

    private static final int VOTERS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final List<TestMember> members = new ArrayList<>();
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();

    private TestCluster(Path folder, int observers) throws IOException {
        int size = VOTERS + observers;
        List<Integer> ports = FreePorts.next(2 * size + VOTERS);
        List<String> store =
                ports.subList(2 * size, ports.size()).stream()
                        .map(port -> "127.0.0.1:" + port)
                        .toList();
        for (int i = 0; i < size; i++) {
            String name = "pg" + (i + 1);
            members.add(
                    new TestMember(
                            name,
                            Files.createDirectories(folder.resolve(name)),
                            ports.get(i),
                            ports.get(size + i),
                            i < VOTERS ? store.get(i) : null,
                            store));
        }
    }

    /// Starts three members and waits until they are whole.
    static TestCluster start(Path folder) throws IOException {
        return start(folder, 0);
    }

    /// Starts three members, and more that have no vote in the store, and waits until they are
    /// whole.
    static TestCluster start(Path folder, int observers) throws IOException {
        TestCluster cluster = new TestCluster(folder, observers);
        try {
            for (TestMember member : cluster.members) {
                member.start();
            }
            cluster.awaitWhole();
        } catch (IOException | RuntimeException | AssertionError e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    List<TestMember> members() {
        return List.copyOf(members);
    }

    TestMember member(String name) {
        return members.stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
    }

    /// Waits until one leads and all others stream.
    void awaitWhole() {
        Eventually.await(
                "one leads and all others stream",
                PATIENCE,
                () ->
                        primary().isPresent()
                                && view().size() == members.size()
                                && view().stream().allMatch(TestCluster::isWell));
    }

    private static boolean isWell(JsonTree member) {
        return member.at("state")
                .text()
                .equals(member.at("role").text().equals("leader") ? "running" : "streaming");
    }

    /// The member that answers to `/primary`.
    Optional<TestMember> primary() {
        return members.stream().filter(member -> status(member, "/primary") == 200).findFirst();
    }

    /// Waits for a primary.
    TestMember awaitPrimary() {
        return Eventually.value("a member is the primary", PATIENCE, () -> primary().orElse(null));
    }

    /// What the primary says of the members.
    private List<JsonTree> view() throws IOException {
        return JsonTree.of(get(primary().orElseThrow(), "/cluster").body()).at("members").items();
    }

    /// The status code; 0 for no answer.
    int status(TestMember member, String path) {
        try {
            return get(member, path).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    HttpResponse<String> get(TestMember member, String path) throws IOException {
        return send(HttpRequest.newBuilder(member.uri(path)).timeout(Duration.ofSeconds(5)));
    }

    /// A command with the right password; waits for its end.
    HttpResponse<String> post(TestMember member, String path, Map<String, Object> body)
            throws IOException {
        String login = USER + ":" + PASSWORD;
        return send(
                HttpRequest.newBuilder(member.uri(path))
                        .timeout(Duration.ofSeconds(90))
                        .header(
                                "Authorization",
                                "Basic "
                                        + Base64.getEncoder()
                                                .encodeToString(
                                                        login.getBytes(StandardCharsets.UTF_8)))
                        .POST(HttpRequest.BodyPublishers.ofString(Json.compact(body))));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// The ends of all members' logs, for a failure's message.
    String logs() {
        return members.stream().map(TestMember::endOfLog).collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        members.forEach(TestMember::terminate);
        members.forEach(TestMember::awaitEnd);
        http.close();
    }

    static URI local(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
