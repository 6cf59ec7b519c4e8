package io.tamada.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.KeyValueStore;
import io.tamada.dcs.KeyValueStore.Range;
import io.tamada.dcs.KeyValueStore.Session;
import io.tamada.dcs.KeyValueStore.SessionResult;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.time.Deadline;
import io.tamada.testkit.Eventually;
import io.tamada.testkit.TcpProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What fails around a store, on real servers.
@Tag("integration")
class Etcd3FaultsTest {

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

    private EtcdServer server() throws Exception {
        return closing(EtcdServer.single(Objects.requireNonNull(folder))).start().serving();
    }

    private Etcd3Store store(Endpoint... servers) {
        return closing(Stores.open(PATHS, servers));
    }

    private Etcd3Store over(TcpProxy proxy) {
        return store(new Endpoint("127.0.0.1", proxy.port()));
    }

    private static Deadline within(Duration duration) {
        return Deadline.after(EtcdServer.TIME, Eventually.scaled(duration));
    }

    private static Deadline soon() {
        return within(Duration.ofSeconds(10));
    }

    private static Deadline shortly() {
        return Deadline.after(EtcdServer.TIME, Duration.ofMillis(500));
    }

    private static Session leading(Etcd3Store store, Duration ttl) throws Exception {
        SessionResult opened = store.openSession(ttl, soon());
        assertThat(opened).isInstanceOf(SessionResult.Granted.class);
        Session session = ((SessionResult.Granted) opened).session();
        assertThat(store.put("leader", "a", Precondition.absent(), session, soon()))
                .isInstanceOf(WriteResult.Applied.class);
        return session;
    }

    private static boolean renews(Etcd3Store store, Session session, Deadline by) throws Exception {
        return store.renewSession(session, "leader", by) instanceof SessionResult.Granted;
    }

    private static boolean reads(Etcd3Store store, Deadline by) throws Exception {
        return store.range(by) instanceof Range.Seen;
    }

    private static boolean writes(Etcd3Store store, Deadline by) throws Exception {
        return store.put("status", "{}", Precondition.whatever(), null, by)
                instanceof WriteResult.Applied;
    }

    private static List<String> values(Etcd3Store store) throws Exception {
        return store.range(soon()) instanceof Range.Seen(var entries)
                ? entries.stream().map(KeyValueStore.Entry::value).toList()
                : List.of("nothing was read");
    }

    @Test
    void a_server_that_starts_again_still_knows_the_session() throws Exception {
        EtcdServer server = server();
        Etcd3Store store = store(server.endpoint());
        Session session = leading(store, TTL);
        server.kill();
        assertThat(store.renewSession(session, "leader", shortly()))
                .isInstanceOf(SessionResult.Unknown.class);
        assertThat(store.range(shortly())).isInstanceOf(Range.Unknown.class);
        assertThat(store.put("config", "late", Precondition.absent(), null, shortly()))
                .isInstanceOf(WriteResult.Unknown.class);
        server.start();
        Eventually.await("the lease is renewed", () -> renews(store, session, soon()));
        assertThat(values(store)).containsExactly("a");
    }

    @Test
    void a_silence_longer_than_the_ttl_loses_the_session_and_nothing_else() throws Exception {
        EtcdServer server = server();
        Etcd3Store store = store(server.endpoint());
        Session session = leading(store, Duration.ofSeconds(2));
        assertThat(values(store)).containsExactly("a");
        server.freeze(true);
        Deadline silence = Deadline.after(EtcdServer.TIME, Duration.ofSeconds(4));
        while (!silence.hasPassed()) {
            assertThat(store.range(shortly())).isInstanceOf(Range.Unknown.class);
            assertThat(renews(store, session, shortly())).isFalse();
            assertThat(store.put("config", "late", Precondition.absent(), session, shortly()))
                    .isInstanceOf(WriteResult.Unknown.class);
        }
        server.freeze(false);
        // What arrived during the silence is tied to the lease, and goes with it.
        Eventually.await("the keys are gone", () -> values(store).isEmpty());
        assertThat(store.renewSession(session, "leader", soon()))
                .isInstanceOf(SessionResult.Lost.class);
        assertThat(store.put("leader", "late", Precondition.whatever(), session, soon()))
                .isInstanceOf(WriteResult.Refused.class);
        Etcd3Store other = store(server.endpoint());
        leading(other, TTL);
        assertThat(values(other)).containsExactly("a");
    }

    /// What a writer was told to be unknown can land while its guard holds, and never afterwards.
    @Test
    void a_write_whose_fate_is_unknown_keeps_to_its_guard() throws Exception {
        EtcdServer server = server();
        Etcd3Store store = store(server.endpoint());
        WriteResult first = store.put("config", "1", Precondition.absent(), null, soon());
        Precondition guard = Precondition.at(((WriteResult.Applied) first).revision());
        server.freeze(true);
        assertThat(store.put("config", "late", guard, null, shortly()))
                .isInstanceOf(WriteResult.Unknown.class);
        server.freeze(false);
        Etcd3Store other = store(server.endpoint());
        WriteResult second = other.put("config", "2", guard, null, soon());
        String winner = second instanceof WriteResult.Applied ? "2" : "late";
        for (int look = 0; look < 20; look++) {
            assertThat(values(store)).containsExactly(winner);
        }
    }

    @Test
    void a_slow_server_is_waited_for() throws Exception {
        TcpProxy proxy = closing(new TcpProxy(server().endpoint().port()));
        Etcd3Store store = over(proxy);
        Session session = leading(store, TTL);
        proxy.slow(Duration.ofSeconds(3));
        assertThat(store.put("config", "{}", Precondition.absent(), null, shortly()))
                .isInstanceOf(WriteResult.Unknown.class);
        Duration patience = Duration.ofSeconds(40);
        assertThat(renews(store, session, within(patience))).isTrue();
        assertThat(reads(store, within(patience))).isTrue();
        proxy.slow(Duration.ZERO);
        Eventually.await("the lease is renewed", () -> renews(store, session, soon()));
    }

    @Test
    void a_half_open_connection_is_left_for_another() throws Exception {
        TcpProxy proxy = closing(new TcpProxy(server().endpoint().port()));
        Etcd3Store store = over(proxy);
        Session session = leading(store, TTL);
        assertThat(reads(store, soon())).isTrue();
        proxy.halfOpen();
        assertThat(renews(store, session, soon())).isTrue();
        assertThat(reads(store, soon())).isTrue();
        proxy.halfOpen();
        // A write is not repeated, but what comes after it has another connection.
        assertThat(writes(store, within(Duration.ofSeconds(2)))).isFalse();
        assertThat(writes(store, soon())).isTrue();
    }

    @Test
    void another_server_takes_over_within_the_time_of_one_call() throws Exception {
        List<EtcdServer> servers = three();
        Etcd3Store store =
                store(servers.stream().map(EtcdServer::endpoint).toArray(Endpoint[]::new));
        Session session = leading(store, TTL);
        servers.getFirst().freeze(true);
        Eventually.await(
                "two of three go on", () -> renews(store, session, within(Duration.ofSeconds(3))));
        assertThat(reads(store, within(Duration.ofSeconds(3)))).isTrue();
        servers.getFirst().freeze(false);
        servers.get(1).kill();
        Eventually.await(
                "two of three go on",
                () ->
                        renews(store, session, within(Duration.ofSeconds(3)))
                                && writes(store, within(Duration.ofSeconds(3))));
    }

    @Test
    void every_change_of_the_servers_leader_keeps_the_lease() throws Exception {
        List<EtcdServer> servers = three();
        Etcd3Store store =
                store(servers.stream().map(EtcdServer::endpoint).toArray(Endpoint[]::new));
        Session session = leading(store, TTL);
        for (EtcdServer one : servers) {
            // Whoever of them leads, it is killed in one of three rounds.
            one.kill();
            Eventually.await("the lease is renewed", () -> renews(store, session, soon()));
            Eventually.await("the store reads", () -> reads(store, soon()));
            Eventually.await("the store writes", () -> writes(store, soon()));
            one.start().serving();
        }
        assertThat(values(store)).containsExactly("a", "{}");
    }

    private List<EtcdServer> three() throws Exception {
        List<EtcdServer> servers = EtcdServer.three(Objects.requireNonNull(folder));
        servers.forEach(this::closing);
        servers.forEach(EtcdServer::start);
        servers.forEach(EtcdServer::serving);
        return servers;
    }

    @Test
    void the_other_servers_are_found_through_one() throws Exception {
        List<EtcdServer> servers = three();
        Etcd3Store store =
                closing(
                        Stores.open(
                                PATHS,
                                io.tamada.ha.model.ConfigDocument.of(
                                        java.util.Map.of(
                                                "host",
                                                servers.getFirst().endpoint().toString()))));
        Session session = leading(store, TTL);
        servers.getFirst().kill();
        Eventually.await("the lease is renewed", () -> renews(store, session, soon()));
    }

    @Test
    void connections_and_threads_do_not_pile_up() throws Exception {
        TcpProxy proxy = closing(new TcpProxy(server().endpoint().port()));
        Etcd3Store store = over(proxy);
        Session session = leading(store, Duration.ofSeconds(60));
        var watch = store.watch(hint -> {});
        assertThat(reads(store, soon())).isTrue();
        int threads = Thread.getAllStackTraces().size();
        int before = proxy.accepted();
        while (proxy.accepted() < before + 1000) {
            proxy.cut();
            Eventually.await("the lease is renewed", () -> renews(store, session, soon()));
        }
        Eventually.await("one connection is left", () -> proxy.connections() == 1);
        watch.close();
        Eventually.await(
                "no threads are left over", () -> Thread.getAllStackTraces().size() <= threads + 2);
    }
}
