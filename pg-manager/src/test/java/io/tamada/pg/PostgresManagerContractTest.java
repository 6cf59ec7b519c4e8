package io.tamada.pg;

import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.PostgresControl;
import io.tamada.ha.time.Deadline;
import io.tamada.pg.process.OsProcess;
import io.tamada.pg.process.Signal;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// The contract on real servers.
@Tag("integration")
class PostgresManagerContractTest extends PostgresContract implements PostgresContract.World {

    @TempDir Path folder;
    private final Map<String, TestServer> servers = new ConcurrentHashMap<>();

    private TestServer server(String name) {
        return servers.computeIfAbsent(name, n -> new TestServer(n, folder, version()));
    }

    /// Settings that choose PostgreSQL's version; that of the PATH without any.
    Map<String, ?> version() {
        return Map.of();
    }

    @AfterEach
    void stopAll() {
        servers.values().forEach(TestServer::close);
    }

    @Override
    World world() {
        return this;
    }

    @Override
    public PostgresControl member(String name) {
        TestServer primary = servers.get("a");
        // What the policy's slot plan does: a standby's slot is there before it streams.
        if (name.equals("b")
                && primary != null
                && primary.postmasterPid() > 0
                && !servers.containsKey("b")) {
            primary.sql("SELECT pg_create_physical_replication_slot('b', true)");
        }
        return server(name).manager;
    }

    @Override
    public Upstream upstream(String name) {
        return server(name).upstream();
    }

    @Override
    public Deadline soon() {
        return Deadline.after(TestServer.TIME, java.time.Duration.ofSeconds(5));
    }

    @Override
    public void pause() {
        TestServer.pause();
    }

    @Override
    public void write(String name) {
        server(name).sql("CREATE TABLE IF NOT EXISTS public.written (x int)");
    }

    @Override
    public void crash(String name) {
        Objects.requireNonNull(OsProcess.of(server(name).postmasterPid())).signal(Signal.KILL);
    }
}
