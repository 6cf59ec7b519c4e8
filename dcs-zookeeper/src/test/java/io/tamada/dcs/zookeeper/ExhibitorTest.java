package io.tamada.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.KeyValueStore.Range;
import io.tamada.dcs.KeyValueStore.Session;
import io.tamada.dcs.KeyValueStore.SessionResult;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.time.Deadline;
import io.tamada.testkit.Eventually;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExhibitorTest {

    private static final KeyPaths PATHS = KeyPaths.of("/service", "exhibited", null);

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

    private ZooKeeperServer server(String name) throws Exception {
        Path own = Objects.requireNonNull(folder).resolve(name);
        return closing(ZooKeeperServer.single(own)).start().serving();
    }

    /// Hosts of which the first is nobody.
    private ZooKeeperStore store(FakeExhibitor exhibitor) {
        Map<String, Object> section =
                Map.of(
                        "hosts",
                        "127.0.0.9, 127.0.0.1",
                        "port",
                        exhibitor.port(),
                        "poll_interval",
                        1);
        return closing(
                ExhibitorProvider.store(
                        ConfigDocument.of(section),
                        PATHS,
                        Duration.ofSeconds(5),
                        ZooKeeperServer.TIME));
    }

    private static Deadline soon() {
        return Deadline.after(ZooKeeperServer.TIME, Eventually.scaled(Duration.ofSeconds(10)));
    }

    private static Deadline shortly() {
        return Deadline.after(ZooKeeperServer.TIME, Duration.ofMillis(500));
    }

    private static boolean configured(ZooKeeperStore store) throws Exception {
        return store.range(soon()) instanceof Range.Seen(var entries)
                && entries.stream().anyMatch(e -> e.key().equals("config"));
    }

    @Test
    @Tag("integration")
    void the_servers_it_names_are_used_and_followed() throws Exception {
        ZooKeeperServer first = server("first");
        ZooKeeperServer second = server("second");
        FakeExhibitor exhibitor = closing(new FakeExhibitor());
        ZooKeeperStore store = store(exhibitor);
        assertThat(store.range(shortly())).isInstanceOf(Range.Unknown.class);
        assertThat(store.openSession(Duration.ofSeconds(20), shortly()))
                .isInstanceOf(SessionResult.Unknown.class);

        exhibitor.names(first.address());
        assertThat(store.put("config", "{}", Precondition.absent(), null, soon()))
                .isInstanceOf(WriteResult.Applied.class);
        SessionResult granted = store.openSession(Duration.ofSeconds(20), soon());
        assertThat(granted).isInstanceOf(SessionResult.Granted.class);
        Session session = ((SessionResult.Granted) granted).session();

        exhibitor.fails();
        assertThat(configured(store)).isTrue();
        assertThat(store.renewSession(session, null, soon()))
                .isInstanceOf(SessionResult.Granted.class);

        exhibitor.names(second.address());
        Eventually.await("the other server is used", () -> !configured(store));
        Eventually.await(
                "the session is looked for at the other server",
                () -> store.renewSession(session, null, soon()) instanceof SessionResult.Lost);
        assertThat(store.openSession(Duration.ofSeconds(20), soon()))
                .isInstanceOf(SessionResult.Granted.class);
    }

    @Test
    void only_answers_that_name_servers_count() {
        assertThat(Exhibitor.listed("{\"servers\":[\"a\",\"b\"],\"port\":2181}"))
                .isEqualTo(
                        List.of(
                                InetSocketAddress.createUnresolved("a", 2181),
                                InetSocketAddress.createUnresolved("b", 2181)));
        assertThat(Exhibitor.listed("{\"servers\":[],\"port\":2181}")).isNull();
        assertThat(Exhibitor.listed("{\"servers\":[\"a\"],\"port\":0}")).isNull();
        assertThat(Exhibitor.listed("{\"servers\":[\"a\"]}")).isNull();
        assertThat(Exhibitor.listed("<html>")).isNull();
    }

    @Test
    void its_settings_are_looked_at() {
        ExhibitorSettings settings =
                ExhibitorSettings.of(
                        ConfigDocument.of(Map.of("hosts", List.of("a", "::1"), "port", "8181")));
        assertThat(settings.hosts()).containsExactly("a", "[::1]");
        assertThat(settings.port()).isEqualTo(8181);
        assertThat(settings.interval()).isEqualTo(Duration.ofMinutes(5));
        wrong(Map.of("port", 1), "hosts: is missing");
        wrong(Map.of("hosts", "a:1", "port", 1), "hosts: 'a:1' is not a host");
        wrong(Map.of("hosts", "a"), "port: is missing");
        wrong(Map.of("hosts", "a", "port", "x"), "port: 'x' is not a port");
        wrong(Map.of("hosts", "a", "port", 1, "poll_interval", 0), "poll_interval: '0' is no");
    }

    private static void wrong(Map<String, Object> section, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExhibitorSettings.of(ConfigDocument.of(section)))
                .withMessageStartingWith("exhibitor." + message);
    }
}
