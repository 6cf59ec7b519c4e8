package io.tamada.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.KeyValueStore.Range;
import io.tamada.dcs.KeyValueStore.Session;
import io.tamada.dcs.KeyValueStore.SessionResult;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WakeUps.Hint;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.time.Deadline;
import io.tamada.testkit.Certificates;
import io.tamada.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who may do what: users, roles and certificates, on real servers.
@Tag("integration")
class Etcd3AccessTest {

    private static final KeyPaths PATHS = KeyPaths.of("/service", "access", null);
    private static final Duration TTL = Duration.ofSeconds(20);

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

    private EtcdServer server(String... more) throws Exception {
        return closing(EtcdServer.single(Objects.requireNonNull(folder), more)).start().serving();
    }

    private Etcd3Store store(EtcdServer server, Map<String, Object> more) {
        Map<String, Object> section = new HashMap<>(more);
        section.put("host", server.endpoint().toString());
        return closing(Stores.open(PATHS, ConfigDocument.of(section)));
    }

    private static Deadline soon() {
        return Deadline.after(EtcdServer.TIME, Eventually.scaled(Duration.ofSeconds(10)));
    }

    private static Deadline shortly() {
        return Deadline.after(EtcdServer.TIME, Duration.ofSeconds(2));
    }

    private static Session session(Etcd3Store store) throws Exception {
        SessionResult opened = store.openSession(TTL, soon());
        assertThat(opened).isInstanceOf(SessionResult.Granted.class);
        return ((SessionResult.Granted) opened).session();
    }

    private static WriteResult leads(Etcd3Store store, Session session) throws Exception {
        return store.put("leader", "a", Precondition.whatever(), session, soon());
    }

    /// A server with an administrator and a user who may do everything below our cluster's keys.
    private EtcdServer withUsers() throws Exception {
        EtcdServer server = server();
        server.control("user", "add", "root:admin-secret");
        server.control("role", "add", "members");
        server.control(
                "role",
                "grant-permission",
                "members",
                "--prefix=true",
                "readwrite",
                "/service/access/");
        server.control("user", "add", "tamada:open-sesame");
        server.control("user", "grant-role", "tamada", "members");
        server.control("user", "grant-role", "root", "root");
        server.control("auth", "enable");
        return server;
    }

    private static Map<String, Object> login(String user, String password) {
        return Map.of("username", user, "password", password);
    }

    @Test
    void a_user_with_rights_on_our_keys_is_enough() throws Exception {
        EtcdServer server = withUsers();
        Etcd3Store store = store(server, login("tamada", "open-sesame"));
        Set<Hint> heard = ConcurrentHashMap.newKeySet();
        var _ = store.watch(heard::add);
        Session session = session(store);
        Eventually.await(
                "a change is heard",
                () -> {
                    assertThat(leads(store, session)).isInstanceOf(WriteResult.Applied.class);
                    return heard.contains(Hint.LEADER);
                });
        assertThat(store.range(soon())).isInstanceOf(Range.Seen.class);
        assertThat(store.renewSession(session, "leader", soon()))
                .isInstanceOf(SessionResult.Granted.class);
        assertThat(store.removeOwned("leader", session, soon()))
                .isInstanceOf(WriteResult.Applied.class);
    }

    /// The server keeps tokens in memory, so that a restart ends them all as time would.
    @Test
    void a_token_that_is_not_known_any_more_is_replaced() throws Exception {
        EtcdServer server = withUsers();
        Etcd3Store store = store(server, login("tamada", "open-sesame"));
        Set<Hint> heard = ConcurrentHashMap.newKeySet();
        var _ = store.watch(heard::add);
        Session session = session(store);
        for (int round = 0; round < 2; round++) {
            assertThat(leads(store, session)).isInstanceOf(WriteResult.Applied.class);
            server.kill();
            server.start().serving();
            Eventually.await(
                    "the lease is renewed",
                    () ->
                            store.renewSession(session, "leader", soon())
                                    instanceof SessionResult.Granted);
            heard.clear();
            Eventually.await(
                    "changes are heard again",
                    () -> {
                        assertThat(leads(store, session)).isInstanceOf(WriteResult.Applied.class);
                        return heard.contains(Hint.LEADER);
                    });
        }
    }

    @Test
    void a_wrong_password_is_named_without_being_shown() throws Exception {
        EtcdServer server = withUsers();
        Etcd3Store store = store(server, login("tamada", "close-sesame"));
        Range range = store.range(soon());
        assertThat(range).isInstanceOf(Range.Unknown.class);
        assertThat(((Range.Unknown) range).problem())
                .contains("authentication failed")
                .doesNotContain("close-sesame");
        assertThat(store.put("config", "{}", Precondition.whatever(), null, soon()))
                .isNotInstanceOf(WriteResult.Applied.class);
        Etcd3Store nobody = store(server, Map.of());
        assertThat(nobody.range(soon())).isInstanceOf(Range.Unknown.class);
    }

    @Test
    void another_password_counts_without_a_new_store() throws Exception {
        EtcdServer server = withUsers();
        Etcd3Store store = store(server, login("tamada", "close-sesame"));
        assertThat(store.range(soon())).isInstanceOf(Range.Unknown.class);

        Map<String, Object> section = new HashMap<>(login("tamada", "open-sesame"));
        section.put("host", server.endpoint().toString());
        store.reload(ConfigDocument.of(section));
        assertThat(store.range(soon())).isInstanceOf(Range.Seen.class);

        section.remove("password");
        assertThatThrownBy(() -> store.reload(ConfigDocument.of(section)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("etcd3.password");
        assertThat(store.range(soon())).isInstanceOf(Range.Seen.class);
    }

    @Test
    void a_user_without_rights_changes_nothing() throws Exception {
        EtcdServer server = withUsers();
        Etcd3Store other =
                closing(
                        Stores.open(
                                KeyPaths.of("/service", "elsewhere", null),
                                ConfigDocument.of(
                                        Map.of(
                                                "host",
                                                server.endpoint().toString(),
                                                "username",
                                                "tamada",
                                                "password",
                                                "open-sesame"))));
        assertThat(((Range.Unknown) other.range(soon())).problem()).contains("permission denied");
        assertThat(other.put("config", "{}", Precondition.whatever(), null, soon()))
                .isNotInstanceOf(WriteResult.Applied.class);
    }

    @Test
    void servers_and_clients_show_certificates() throws Exception {
        Path own = Objects.requireNonNull(folder);
        Certificates certificates = Certificates.authority(own.resolve("authority"));
        Certificates strangers = Certificates.authority(own.resolve("strangers"));
        Certificates.Signed server = certificates.sign("server", "127.0.0.1");
        Certificates.Signed client = certificates.sign("client", "127.0.0.1");
        EtcdServer running =
                server(
                        "--cert-file=" + server.certificate(),
                        "--key-file=" + server.key(),
                        "--client-cert-auth=true",
                        "--trusted-ca-file=" + certificates.ca());
        Map<String, Object> tls = new HashMap<>();
        tls.put("protocol", "https");
        tls.put("cacert", certificates.ca().toString());
        Etcd3Store without = store(running, tls);
        tls.put("cert", client.certificate().toString());
        tls.put("key", client.key().toString());
        Etcd3Store store = store(running, tls);
        assertThat(leads(store, session(store))).isInstanceOf(WriteResult.Applied.class);
        assertThat(without.range(shortly())).isInstanceOf(Range.Unknown.class);
        tls.put("cacert", strangers.ca().toString());
        Etcd3Store trustsOthers = store(running, tls);
        assertThat(trustsOthers.range(shortly())).isInstanceOf(Range.Unknown.class);
    }

    @Test
    void certificates_that_are_renewed_count_without_a_restart() throws Exception {
        Path own = Objects.requireNonNull(folder);
        Certificates certificates = Certificates.authority(own.resolve("authority"));
        Certificates.Signed server = certificates.sign("server", "127.0.0.1");
        Certificates.Signed client = certificates.sign("client", "127.0.0.1");
        EtcdServer running =
                server(
                        "--cert-file=" + server.certificate(),
                        "--key-file=" + server.key(),
                        "--client-cert-auth=true",
                        "--trusted-ca-file=" + certificates.ca());
        Path authority = Files.writeString(own.resolve("ca.pem"), "being written");
        Etcd3Store store =
                store(
                        running,
                        Map.of(
                                "protocol", "https",
                                "cacert", authority.toString(),
                                "cert", client.certificate().toString(),
                                "key", client.key().toString()));
        assertThat(store.range(shortly())).isInstanceOf(Range.Unknown.class);
        Certificates strangers = Certificates.authority(own.resolve("strangers"));
        Files.copy(strangers.ca(), authority, StandardCopyOption.REPLACE_EXISTING);
        assertThat(store.range(shortly())).isInstanceOf(Range.Unknown.class);
        Files.copy(certificates.ca(), authority, StandardCopyOption.REPLACE_EXISTING);
        Eventually.await("it is trusted", () -> store.range(soon()) instanceof Range.Seen);
    }
}
