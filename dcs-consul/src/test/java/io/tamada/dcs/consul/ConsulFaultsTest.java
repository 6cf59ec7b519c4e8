package io.tamada.dcs.consul;

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
class ConsulFaultsTest {

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

    private ConsulServer server() throws Exception {
        return closing(ConsulServer.single(Objects.requireNonNull(folder))).start().serving();
    }

    private ConsulStore store(ConfigDocument section) {
        return closing(ConsulServer.open(section, PATHS, null));
    }

    private ConsulStore over(TcpProxy proxy) {
        return store(ConfigDocument.of(Map.of("host", "127.0.0.1:" + proxy.port())));
    }

    private static Deadline within(Duration duration) {
        return Deadline.after(ConsulServer.TIME, Eventually.scaled(duration));
    }

    private static Deadline soon() {
        return within(Duration.ofSeconds(10));
    }

    private static Deadline shortly() {
        return Deadline.after(ConsulServer.TIME, Duration.ofMillis(500));
    }

    private static Session leading(ConsulStore store, Duration ttl) throws Exception {
        SessionResult result = store.openSession(ttl, soon());
        assertThat(result).isInstanceOf(SessionResult.Granted.class);
        Session session = ((SessionResult.Granted) result).session();
        assertThat(store.put("leader", "a", Precondition.absent(), session, soon()))
                .isInstanceOf(WriteResult.Applied.class);
        return session;
    }

    private static boolean renews(ConsulStore store, Session session, Deadline by)
            throws Exception {
        return store.renewSession(session, "leader", by) instanceof SessionResult.Granted;
    }

    private static List<String> values(ConsulStore store) throws Exception {
        return store.range(soon()) instanceof Range.Seen(var entries)
                ? entries.stream().map(KeyValueStore.Entry::value).toList()
                : List.of("nothing was read");
    }

    @Test
    void a_server_that_starts_again_still_knows_the_session() throws Exception {
        ConsulServer server = server();
        ConsulStore store = store(server.section());
        Session session = leading(store, TTL);
        server.kill();
        assertThat(store.renewSession(session, "leader", shortly()))
                .isInstanceOf(SessionResult.Unknown.class);
        assertThat(store.range(shortly())).isInstanceOf(Range.Unknown.class);
        server.start();
        Eventually.await("the lease is renewed", () -> renews(store, session, soon()));
        assertThat(values(store)).containsExactly("a");
    }

    @Test
    void a_silence_longer_than_the_ttl_loses_the_session_and_nothing_else() throws Exception {
        ConsulServer server = server();
        ConsulStore store = store(server.section());
        Session session = leading(store, Duration.ofSeconds(2));
        assertThat(values(store)).containsExactly("a");
        server.freeze(true);
        Deadline silence = Deadline.after(ConsulServer.TIME, Duration.ofSeconds(4));
        while (!silence.hasPassed()) {
            assertThat(store.range(shortly())).isInstanceOf(Range.Unknown.class);
            assertThat(renews(store, session, shortly())).isFalse();
        }
        server.freeze(false);
        Eventually.await("the key is free", () -> values(store).isEmpty());
        assertThat(store.renewSession(session, "leader", soon()))
                .isInstanceOf(SessionResult.Lost.class);
        assertThat(store.put("leader", "late", Precondition.whatever(), session, soon()))
                .isEqualTo(new WriteResult.Refused(KeyValueStore.SESSION_LOST));
        leading(store, TTL);
        assertThat(values(store)).containsExactly("a");
    }

    /// A write that nobody knows about can land while its guard holds, and never afterwards.
    @Test
    void a_write_whose_fate_is_unknown_keeps_to_its_guard() throws Exception {
        ConsulServer server = server();
        ConsulStore store = store(server.section());
        WriteResult first = store.put("config", "1", Precondition.absent(), null, soon());
        Precondition guard = Precondition.at(((WriteResult.Applied) first).revision());
        server.freeze(true);
        assertThat(store.put("config", "late", guard, null, shortly()))
                .isInstanceOf(WriteResult.Unknown.class);
        server.freeze(false);
        ConsulStore other = store(server.section());
        WriteResult second = other.put("config", "2", guard, null, soon());
        String winner = second instanceof WriteResult.Applied ? "2" : "late";
        for (int look = 0; look < 20; look++) {
            assertThat(values(store)).containsExactly(winner);
        }
    }

    @Test
    void a_slow_server_is_waited_for() throws Exception {
        TcpProxy proxy = closing(new TcpProxy(server().port()));
        ConsulStore store = over(proxy);
        Session session = leading(store, TTL);
        proxy.slow(Duration.ofSeconds(3));
        assertThat(store.put("config", "{}", Precondition.absent(), null, shortly()))
                .isInstanceOf(WriteResult.Unknown.class);
        assertThat(renews(store, session, within(Duration.ofSeconds(30)))).isTrue();
        proxy.slow(Duration.ZERO);
        assertThat(renews(store, session, soon())).isTrue();
    }

    @Test
    void a_half_open_connection_is_left_for_another() throws Exception {
        TcpProxy proxy = closing(new TcpProxy(server().port()));
        ConsulStore store = over(proxy);
        Session session = leading(store, TTL);
        proxy.halfOpen();
        assertThat(store.put("status", "{}", Precondition.whatever(), null, shortly()))
                .isInstanceOf(WriteResult.Unknown.class);
        assertThat(renews(store, session, soon())).isTrue();
        assertThat(store.put("status", "{}", Precondition.whatever(), null, soon()))
                .isInstanceOf(WriteResult.Applied.class);
        Eventually.await("the silent one is closed", () -> proxy.connections() <= 1);
    }

    @Test
    void a_change_of_the_servers_leader_keeps_the_lease() throws Exception {
        List<ConsulServer> servers = ConsulServer.three(Objects.requireNonNull(folder));
        servers.forEach(this::closing);
        servers.forEach(ConsulServer::start);
        servers.forEach(ConsulServer::serving);
        ConsulServer leader = leader(servers);
        ConsulServer follower = servers.stream().filter(s -> s != leader).findFirst().orElseThrow();
        ConsulStore store = store(follower.section());
        Session session = leading(store, TTL);
        leader.kill();
        Eventually.await("the lease is renewed", () -> renews(store, session, soon()));
        assertThat(values(store)).containsExactly("a");
        assertThat(store.put("status", "{}", Precondition.whatever(), null, soon()))
                .isInstanceOf(WriteResult.Applied.class);
    }

    private static ConsulServer leader(List<ConsulServer> servers) throws Exception {
        for (ConsulServer server : servers) {
            if (server.isLeader()) {
                return server;
            }
        }
        throw new AssertionError("no server leads");
    }

    @Test
    void connections_and_threads_do_not_pile_up() throws Exception {
        TcpProxy proxy = closing(new TcpProxy(server().port()));
        ConsulStore store = over(proxy);
        Session session = leading(store, TTL);
        int threads = Thread.getAllStackTraces().size();
        while (proxy.accepted() < 1000) {
            assertThat(renews(store, session, soon())).isTrue();
            proxy.cut();
        }
        assertThat(renews(store, session, soon())).isTrue();
        Eventually.await("one connection is left", () -> proxy.connections() == 1);
        Eventually.await(
                "no threads are left over", () -> Thread.getAllStackTraces().size() <= threads + 2);
    }
}
