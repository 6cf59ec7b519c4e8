package io.tamada.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.KeyValueStore.Range;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.time.Deadline;
import io.tamada.testkit.Certificates;
import io.tamada.testkit.Eventually;
import io.tamada.testkit.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.security.auth.login.Configuration;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who may do what, and TLS, on real servers.
@Tag("integration")
class ZooKeeperAccessTest {

    private static final KeyPaths PATHS = KeyPaths.of("/service", "access", null);
    private static final String JAAS = "java.security.auth.login.config";
    private static final String CLIENT = "zookeeper.sasl.clientconfig";
    private static final String DIGEST = "org.apache.zookeeper.server.auth.DigestLoginModule";

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

    private ZooKeeperStore store(Map<String, @Nullable Object> section) {
        return closing(Stores.open(ConfigDocument.of(section), PATHS));
    }

    private static Deadline soon() {
        return Deadline.after(ZooKeeperServer.TIME, Eventually.scaled(Duration.ofSeconds(10)));
    }

    private static Deadline shortly() {
        return Deadline.after(ZooKeeperServer.TIME, Eventually.scaled(Duration.ofSeconds(2)));
    }

    private static void works(ZooKeeperStore store) throws Exception {
        assertThat(store.put("config", "{}", Precondition.whatever(), null, soon()))
                .isInstanceOf(WriteResult.Applied.class);
        assertThat(store.openSession(Duration.ofSeconds(20), soon()))
                .asString()
                .startsWith("Granted");
        assertThat(store.range(soon())).isInstanceOf(Range.Seen.class);
    }

    private static String problem(ZooKeeperStore store) throws Exception {
        Range range = store.range(shortly());
        assertThat(range).isInstanceOf(Range.Unknown.class);
        return ((Range.Unknown) range).problem();
    }

    @Test
    void access_lists_keep_out_a_wrong_password_and_none() throws Exception {
        ZooKeeperServer server =
                closing(ZooKeeperServer.single(folder("server"))).start().serving();
        Map<String, @Nullable Object> section = Stores.section(server).root();
        works(store(withPassword(section, "right")));
        for (Map<String, @Nullable Object> other :
                List.of(section, withPassword(section, "wrong"))) {
            ZooKeeperStore stranger = store(other);
            assertThat(problem(stranger)).contains("not authorised").doesNotContain("wrong");
            assertThat(stranger.put("config", "{}", Precondition.absent(), null, soon()))
                    .isInstanceOf(WriteResult.Refused.class);
        }
    }

    private static Map<String, @Nullable Object> withPassword(
            Map<String, @Nullable Object> section, String password) throws Exception {
        Map<String, @Nullable Object> changed = new HashMap<>(section);
        changed.put("auth_data", Map.of("digest", "tamada:" + password));
        String hash = DigestAuthenticationProvider.generateDigest("tamada:" + password);
        changed.put("set_acls", Map.of("digest:" + hash, List.of("ALL")));
        return changed;
    }

    @Test
    void a_login_by_sasl_is_made_where_the_runtime_has_one() throws Exception {
        Path logins = folder("jaas.conf");
        Files.writeString(
                logins,
                """
                Server { %1$s required user_tamada="right"; };
                Client { %1$s required username="tamada" password="right"; };
                Wrong { %1$s required username="tamada" password="wrong"; };
                """
                        .formatted(DIGEST));
        ZooKeeperServer server =
                closing(
                                ZooKeeperServer.single(
                                        folder("server"),
                                        List.of("-D" + JAAS + "=" + logins),
                                        "authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider\n"))
                        .start()
                        .serving();
        Map<String, @Nullable Object> section = new HashMap<>(Stores.section(server).root());
        section.put("set_acls", Map.of("sasl:tamada", List.of("ALL")));
        System.setProperty(JAAS, logins.toString());
        Configuration.setConfiguration(null);
        try {
            works(store(section));
            System.setProperty(CLIENT, "Wrong");
            assertThat(problem(store(section))).doesNotContain("wrong");
            assertThat(store(section).put("config", "2", Precondition.whatever(), null, shortly()))
                    .isNotInstanceOf(WriteResult.Applied.class);
        } finally {
            System.clearProperty(CLIENT);
            System.clearProperty(JAAS);
            Configuration.setConfiguration(null);
        }
        assertThat(problem(store(Stores.section(server).root()))).contains("not authorised");
    }

    @Test
    void connections_are_encrypted_and_both_sides_are_looked_at() throws Exception {
        Certificates authority = Certificates.authority(folder("ca"));
        Certificates.Signed client = authority.sign("client", "127.0.0.2");
        int port = FreePorts.next();
        ZooKeeperServer server = secure(authority, authority.sign("server", "127.0.0.1"), port);
        Map<String, @Nullable Object> section = new HashMap<>();
        section.put("hosts", "127.0.0.1:" + port);
        section.put("use_ssl", true);
        section.put("cacert", authority.ca().toString());
        section.put("cert", client.certificate().toString());
        section.put("key", client.key().toString());
        section.put("set_acls", Map.of("CN=client", List.of("ALL")));
        works(store(section));

        Map<String, @Nullable Object> encrypted = new HashMap<>(section);
        encrypted.put("key", authority.encryptedKey("client", "geheim").toString());
        encrypted.put("key_password", "geheim");
        works(store(encrypted));

        Map<String, @Nullable Object> nameless = new HashMap<>(section);
        nameless.remove("cert");
        nameless.remove("key");
        assertThat(problem(store(nameless))).isNotEmpty();

        Map<String, @Nullable Object> distrustful = new HashMap<>(section);
        distrustful.put("cacert", Certificates.authority(folder("other")).ca().toString());
        assertThat(problem(store(distrustful))).isNotEmpty();

        assertThat(problem(store(Stores.section(server).root()))).contains("not authorised");
    }

    @Test
    void a_server_by_another_name_is_refused_unless_names_are_not_verified() throws Exception {
        Certificates authority = Certificates.authority(folder("ca"));
        Certificates.Signed client = authority.sign("client", "127.0.0.2");
        int port = FreePorts.next();
        secure(authority, authority.sign("server", "127.0.0.3"), port);
        Map<String, @Nullable Object> section = new HashMap<>();
        section.put("hosts", "127.0.0.1:" + port);
        section.put("use_ssl", true);
        section.put("cacert", authority.ca().toString());
        section.put("cert", client.both().toString());
        assertThat(problem(store(section))).isNotEmpty();
        section.put("verify", false);
        assertThat(readsByItself(section)).isTrue();
    }

    /// In a process of its own, because the library decides once for a process.
    private static boolean readsByItself(Map<String, @Nullable Object> section) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(ReadByItself.class.getName());
        section.forEach((key, value) -> command.add(key + "=" + value));
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }

    /// A program that reads once from the store its arguments describe.
    static final class ReadByItself {

        private ReadByItself() {}

        public static void main(String[] settings) throws Exception {
            Map<String, Object> section = new HashMap<>();
            for (String setting : settings) {
                int equals = setting.indexOf('=');
                section.put(setting.substring(0, equals), setting.substring(equals + 1));
            }
            try (ZooKeeperStore store = Stores.open(ConfigDocument.of(section), PATHS)) {
                System.exit(store.range(soon()) instanceof Range.Seen ? 0 : 1);
            }
        }
    }

    /// A server with a plain port and one for TLS that asks for certificates.
    private ZooKeeperServer secure(Certificates authority, Certificates.Signed own, int port)
            throws Exception {
        return closing(
                        ZooKeeperServer.single(
                                folder("server"),
                                List.of(),
                                """
                                secureClientPort=%d
                                secureClientPortAddress=127.0.0.1
                                serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory
                                authProvider.x509=org.apache.zookeeper.server.auth.X509AuthenticationProvider
                                ssl.keyStore.location=%s
                                ssl.keyStore.type=PEM
                                ssl.trustStore.location=%s
                                ssl.trustStore.type=PEM
                                """
                                        .formatted(port, own.both(), authority.ca())))
                .start()
                .serving();
    }
}
