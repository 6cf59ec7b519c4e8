package io.tamada.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.KeyValueStore.Range;
import io.tamada.dcs.KeyValueStore.Session;
import io.tamada.dcs.KeyValueStore.SessionResult;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.time.Deadline;
import io.tamada.testkit.Certificates;
import io.tamada.testkit.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Access lists, TLS, datacenters, checks and services, on real servers.
@Tag("integration")
class ConsulAccessTest {

    private static final KeyPaths PATHS = KeyPaths.of("/service", "access", null);

    @TempDir @Nullable Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    private <T extends AutoCloseable> T closing(T resource) {
        opened.add(resource);
        return resource;
    }

    private Path folder(String name) {
        return Objects.requireNonNull(folder).resolve(name);
    }

    private ConsulStore store(Map<String, @Nullable Object> section) {
        return closing(ConsulServer.open(ConfigDocument.of(section), PATHS, "one"));
    }

    private static Map<String, @Nullable Object> with(
            ConsulServer server, Map<String, Object> more) {
        Map<String, @Nullable Object> section = new HashMap<>(server.section().root());
        section.putAll(more);
        return section;
    }

    private static Deadline soon() {
        return Deadline.after(ConsulServer.TIME, Eventually.scaled(Duration.ofSeconds(10)));
    }

    private static Deadline shortly() {
        return Deadline.after(ConsulServer.TIME, Eventually.scaled(Duration.ofSeconds(1)));
    }

    private static Session works(ConsulStore store) throws Exception {
        assertThat(store.put("config", "{}", Precondition.whatever(), null, soon()))
                .isInstanceOf(WriteResult.Applied.class);
        assertThat(store.range(soon())).isInstanceOf(Range.Seen.class);
        SessionResult session = store.openSession(Duration.ofSeconds(30), soon());
        assertThat(session).isInstanceOf(SessionResult.Granted.class);
        return ((SessionResult.Granted) session).session();
    }

    /// On a busy machine the first answer may take longer than the time of one call.
    private static void awaitProblem(ConsulStore store, String text) {
        Eventually.await("it is said what is wrong: " + text, () -> problem(store).contains(text));
    }

    private static String problem(ConsulStore store) throws Exception {
        Range range = store.range(shortly());
        assertThat(range).isInstanceOf(Range.Unknown.class);
        return ((Range.Unknown) range).problem();
    }

    @Test
    void without_its_token_nothing_is_granted_and_the_token_is_not_shown() throws Exception {
        String master = "b1gs33cr-3t00-0000-0000-000000000000";
        ConsulServer server =
                closing(
                                ConsulServer.single(
                                        folder("server"),
                                        """
                                        primary_datacenter = "dc1"
                                        acl { enabled = true  default_policy = "deny"  tokens { master = "%s"  agent = "%s" } }
                                        """
                                                .formatted(master, master),
                                        false))
                        .start()
                        .serving();
        ConsulStore right = store(with(server, Map.of("token", master)));
        Eventually.await(
                "the token is known",
                () ->
                        right.put("config", "{}", Precondition.whatever(), null, soon())
                                instanceof WriteResult.Applied);
        works(right);
        for (String token : List.of("", "wr0ngt0k-3n00-0000-0000-000000000000")) {
            ConsulStore stranger = store(with(server, Map.of("token", token)));
            WriteResult write = stranger.put("config", "{}", Precondition.whatever(), null, soon());
            assertThat(write).isInstanceOf(WriteResult.Refused.class);
            assertThat(write.toString()).doesNotContain("wr0ng");
            SessionResult session = stranger.openSession(Duration.ofSeconds(30), soon());
            assertThat(session).isInstanceOf(SessionResult.Lost.class);
            assertThat(session.toString()).contains("consul.token").doesNotContain("wr0ng");
            stranger.reload(ConfigDocument.of(with(server, Map.of("token", master))));
            works(stranger);
        }
    }

    @Test
    void connections_are_encrypted_and_both_sides_are_looked_at() throws Exception {
        Certificates authority = Certificates.authority(folder("ca"));
        Certificates.Signed own = authority.sign("server", "127.0.0.1");
        Certificates.Signed client = authority.sign("client", "127.0.0.2");
        ConsulServer server =
                closing(
                                ConsulServer.single(
                                        folder("server"),
                                        """
                                        cert_file = "%s"
                                        key_file = "%s"
                                        ca_file = "%s"
                                        verify_incoming_https = true
                                        """
                                                .formatted(
                                                        own.certificate(),
                                                        own.key(),
                                                        authority.ca()),
                                        true))
                        .start()
                        .serving();
        Map<String, @Nullable Object> section = new HashMap<>();
        section.put("url", "https://127.0.0.1:" + server.httpsPort());
        section.put("cacert", authority.ca().toString());
        section.put("cert", client.certificate().toString());
        section.put("key", client.key().toString());
        works(store(section));

        Map<String, @Nullable Object> nameless = new HashMap<>(section);
        nameless.remove("cert");
        nameless.remove("key");
        assertThat(problem(store(nameless))).isNotEmpty();

        Map<String, @Nullable Object> byAnotherName = new HashMap<>(section);
        byAnotherName.put("url", "https://localhost:" + server.httpsPort());
        awaitProblem(store(byAnotherName), "localhost");
        byAnotherName.put("verify", false);
        byAnotherName.remove("cacert");
        works(store(byAnotherName));

        Map<String, @Nullable Object> distrustful = new HashMap<>(section);
        distrustful.put("cacert", Certificates.authority(folder("other")).ca().toString());
        assertThat(problem(store(distrustful))).isNotEmpty();
    }

    @Test
    void what_a_server_does_not_allow_is_said_or_granted_for_longer() throws Exception {
        ConsulServer server =
                closing(ConsulServer.single(folder("server"), "", false)).start().serving();
        ConsulStore store = store(with(server, Map.of("consistency", "stale", "dc", "dc1")));
        works(store);
        SessionResult brief = store.openSession(Duration.ofSeconds(6), soon());
        assertThat(brief).isInstanceOf(SessionResult.Granted.class);
        assertThat(((SessionResult.Granted) brief).session().ttl())
                .isEqualTo(Duration.ofSeconds(20));
        ConsulStore elsewhere = store(with(server, Map.of("dc", "elsewhere")));
        awaitProblem(elsewhere, "No path to datacenter");
        Session checked = works(store(with(server, Map.of("checks", List.of("serfHealth")))));
        assertThat(server.ask("/v1/session/info/" + checked.id())).contains("serfHealth");
        assertThat(
                        store(with(server, Map.of("checks", "nosuchcheck")))
                                .openSession(Duration.ofSeconds(30), shortly())
                                .toString())
                .contains("nosuchcheck");
    }

    @Test
    void a_member_is_found_as_a_service_while_it_runs() throws Exception {
        ConsulServer server =
                closing(ConsulServer.single(folder("server"), "", false)).start().serving();
        ConsulStore store =
                store(
                        with(
                                server,
                                Map.of(
                                        "register_service",
                                        true,
                                        "service_tags",
                                        List.of("blue"),
                                        "service_check_interval",
                                        "1s")));
        Session session = works(store);
        publish(store, session, "running", "primary");
        Eventually.await(
                "the primary is registered",
                () -> services(server).contains("\"Tags\":[\"blue\",\"primary\",\"master\"]"));
        assertThat(services(server))
                .contains("\"ID\":\"demo/one\"")
                .contains("\"Service\":\"demo\"")
                .contains("\"Address\":\"10.0.0.1\"")
                .contains("\"Port\":5433");
        Eventually.await(
                "its role is asked for",
                () -> server.ask("/v1/agent/checks").contains("http://127.0.0.1:1/primary"));
        publish(store, session, "running", "replica");
        Eventually.await(
                "the replica is registered",
                () -> services(server).contains("\"Tags\":[\"blue\",\"replica\"]"));
        publish(store, session, "stopped", "replica");
        Eventually.await("nothing is registered", () -> services(server).equals("{}"));
    }

    private static void publish(ConsulStore store, Session session, String state, String role)
            throws Exception {
        String json =
                "{\"conn_url\":\"postgres://10.0.0.1:5433/postgres\",\"api_url\":\"http://127.0.0.1:1/patroni\",\"state\":\"%s\",\"role\":\"%s\"}"
                        .formatted(state, role);
        assertThat(store.put("members/one", json, Precondition.whatever(), session, soon()))
                .isInstanceOf(WriteResult.Applied.class);
    }

    private static String services(ConsulServer server) throws Exception {
        return server.ask("/v1/agent/services").replaceAll("\\s", "");
    }
}
