package io.tamada.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.KeyValueStore;
import io.tamada.dcs.KeyValueStore.Range;
import io.tamada.dcs.KeyValueStore.Session;
import io.tamada.dcs.KeyValueStore.SessionResult;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.time.Deadline;
import io.tamada.testkit.Eventually;
import io.tamada.testkit.TcpProxy;
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

/// What fails around a store, on real servers.
@Tag("integration")
class ZooKeeperFaultsTest {

    private static final KeyPaths PATHS = KeyPaths.of("/service", "faults", null);
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

    private Path folder(String name) {
        return Objects.requireNonNull(folder).resolve(name);
    }

    private ZooKeeperServer server() throws Exception {
        return closing(ZooKeeperServer.single(folder("server"))).start().serving();
    }

    private ZooKeeperStore store(ConfigDocument section) {
        return closing(Stores.open(section, PATHS));
    }

    private ZooKeeperStore over(TcpProxy proxy) {
        return store(ConfigDocument.of(Map.of("hosts", "127.0.0.1:" + proxy.port())));
    }

    private static Deadline within(Duration duration) {
        return Deadline.after(ZooKeeperServer.TIME, Eventually.scaled(duration));
    }

    private static Deadline soon() {
        return within(Duration.ofSeconds(10));
    }

    private static Deadline shortly() {
        return Deadline.after(ZooKeeperServer.TIME, Duration.ofMillis(500));
    }

    private static Session leading(ZooKeeperStore store, Duration ttl) throws Exception {
        SessionResult opened = store.openSession(ttl, soon());
        assertThat(opened).isInstanceOf(SessionResult.Granted.class);
        Session session = ((SessionResult.Granted) opened).session();
        assertThat(store.put("leader", "a", Precondition.absent(), session, soon()))
                .isInstanceOf(WriteResult.Applied.class);
        return session;
    }

    private static boolean renews(ZooKeeperStore store, Session session, Deadline by)
            throws Exception {
        return store.renewSession(session, "leader", by) instanceof SessionResult.Granted;
    }

    private static boolean reads(ZooKeeperStore store, Deadline by) throws Exception {
        return store.range(by) instanceof Range.Seen;
    }

    private static List<String> values(ZooKeeperStore store) throws Exception {
        return store.range(soon()) instanceof Range.Seen(var entries)
                ? entries.stream().map(KeyValueStore.Entry::value).toList()
                : List.of("nothing was read");
    }

    @Test
    void a_server_that_starts_again_still_knows_the_session() throws Exception {
        ZooKeeperServer server = server();
        ZooKeeperStore store = store(Stores.section(server));
        Session session = leading(store, TTL);
        server.kill();
        assertThat(store.renewSession(session, "leader", shortly()))
                .isInstanceOf(SessionResult.Unknown.class);
        assertThat(store.range(shortly())).isInstanceOf(Range.Unknown.class);
        server.start();
        Eventually.await("the lease is renewed", () -> renews(store, session, soon()));
        assertThat(reads(store, soon())).isTrue();
    }

    @Test
    void a_silence_longer_than_the_ttl_loses_the_session_and_nothing_else() throws Exception {
        ZooKeeperServer server = server();
        ZooKeeperStore store = store(Stores.section(server));
        Session session = leading(store, Duration.ofSeconds(2));
        assertThat(values(store)).containsExactly("a");
        server.freeze(true);
        Deadline silence = Deadline.after(ZooKeeperServer.TIME, Duration.ofSeconds(4));
        while (!silence.hasPassed()) {
            assertThat(store.range(shortly())).isInstanceOf(Range.Unknown.class);
            assertThat(renews(store, session, shortly())).isFalse();
            assertThat(store.put("leader", "late", Precondition.whatever(), session, shortly()))
                    .isNotInstanceOf(WriteResult.Applied.class);
        }
        server.freeze(false);
        Eventually.await("the key is free", () -> values(store).isEmpty());
        assertThat(store.renewSession(session, "leader", soon()))
                .isInstanceOf(SessionResult.Lost.class);
        assertThat(store.put("leader", "late", Precondition.whatever(), session, soon()))
                .isInstanceOf(WriteResult.Refused.class);
        ZooKeeperStore other = store(Stores.section(server));
        leading(other, TTL);
        assertThat(values(other)).containsExactly("a");
    }

    /// What a write may have been told to be unknown can land while its guard holds, and never
    /// afterwards.
    @Test
    void a_write_whose_fate_is_unknown_keeps_to_its_guard() throws Exception {
        ZooKeeperServer server = server();
        ZooKeeperStore store = store(Stores.section(server));
        WriteResult first = store.put("config", "1", Precondition.absent(), null, soon());
        Precondition guard = Precondition.at(((WriteResult.Applied) first).revision());
        server.freeze(true);
        assertThat(store.put("config", "late", guard, null, shortly()))
                .isInstanceOf(WriteResult.Unknown.class);
        server.freeze(false);
        ZooKeeperStore other = store(Stores.section(server));
        WriteResult second = other.put("config", "2", guard, null, soon());
        String winner = second instanceof WriteResult.Applied ? "2" : "late";
        for (int look = 0; look < 20; look++) {
            assertThat(values(store)).containsExactly(winner);
        }
    }

    @Test
    void a_slow_server_is_waited_for() throws Exception {
        TcpProxy proxy = closing(new TcpProxy(server().address().getPort()));
        ZooKeeperStore store = over(proxy);
        Session session = leading(store, TTL);
        proxy.slow(Duration.ofSeconds(3));
        assertThat(store.put("config", "{}", Precondition.absent(), null, shortly()))
                .isInstanceOf(WriteResult.Unknown.class);
        Duration patience = Duration.ofSeconds(30);
        assertThat(renews(store, session, within(patience))).isTrue();
        assertThat(reads(store, within(patience))).isTrue();
        proxy.slow(Duration.ZERO);
        Eventually.await("the lease is renewed", () -> renews(store, session, soon()));
    }

    @Test
    void a_half_open_connection_is_left_for_another() throws Exception {
        TcpProxy proxy = closing(new TcpProxy(server().address().getPort()));
        ZooKeeperStore store = over(proxy);
        Session session = leading(store, TTL);
        assertThat(reads(store, soon())).isTrue();
        proxy.halfOpen();
        assertThat(renews(store, session, soon())).isTrue();
        assertThat(store.put("status", "{}", Precondition.whatever(), null, shortly()))
                .isInstanceOf(WriteResult.Unknown.class);
        assertThat(reads(store, soon())).isTrue();
        assertThat(store.put("status", "{}", Precondition.whatever(), null, soon()))
                .isInstanceOf(WriteResult.Applied.class);
    }

    @Test
    void a_change_of_the_ensembles_leader_keeps_the_lease() throws Exception {
        List<ZooKeeperServer> ensemble = ZooKeeperServer.ensemble(folder("ensemble"), 3);
        ensemble.forEach(this::closing);
        ensemble.forEach(ZooKeeperServer::start);
        ensemble.forEach(ZooKeeperServer::serving);
        ZooKeeperStore store = store(Stores.section(ensemble.toArray(new ZooKeeperServer[0])));
        Session session = leading(store, TTL);
        for (int round = 0; round < 2; round++) {
            ZooKeeperServer leader =
                    ensemble.stream()
                            .filter(s -> "leader".equals(s.mode()))
                            .findFirst()
                            .orElseThrow();
            leader.kill();
            Eventually.await("the lease is renewed", () -> renews(store, session, soon()));
            Eventually.await("the store reads", () -> reads(store, soon()));
            assertThat(store.put("status", "{}", Precondition.whatever(), null, soon()))
                    .isInstanceOf(WriteResult.Applied.class);
            leader.start().serving();
        }
    }

    @Test
    void connections_and_threads_do_not_pile_up() throws Exception {
        TcpProxy proxy = closing(new TcpProxy(server().address().getPort()));
        ZooKeeperStore store = over(proxy);
        Session session = leading(store, TTL);
        assertThat(reads(store, soon())).isTrue();
        int threads = Thread.getAllStackTraces().size();
        int before = proxy.accepted();
        while (proxy.accepted() < before + 1000) {
            assertThat(renews(store, session, soon())).isTrue();
        }
        Eventually.await(
                "one connection for reads and one of the session are left",
                () -> proxy.connections() == 2);
        Eventually.await(
                "no threads are left over", () -> Thread.getAllStackTraces().size() <= threads + 2);
    }
}
