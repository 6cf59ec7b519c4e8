package io.tamada.dcs.consul;

import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.KeyValueDcs;
import io.tamada.ha.dcs.DcsCapabilities;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.time.TimeSource;
import io.tamada.testkit.DcsContract;
import io.tamada.testkit.DcsHarness;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// The store contract on one real server; each test has a cluster of its own in it.
@Tag("integration")
class ConsulContractTest extends DcsContract {

    private static final AtomicInteger SCOPES = new AtomicInteger();

    @TempDir static @Nullable Path folder;

    private static @Nullable ConsulServer server;

    @BeforeAll
    static void startServer() throws Exception {
        server = ConsulServer.single(Objects.requireNonNull(folder)).start().serving();
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected DcsHarness newHarness() {
        return new Harness(Objects.requireNonNull(server));
    }

    private static final class Harness implements DcsHarness {
        private final ConsulServer running;
        private final KeyPaths paths =
                KeyPaths.of("/service", "scope" + SCOPES.incrementAndGet(), null);

        Harness(ConsulServer running) {
            this.running = running;
        }

        @Override
        public DcsCapabilities capabilities() {
            return new DcsCapabilities(
                    true,
                    DcsCapabilities.Expiry.STORE,
                    Duration.ofSeconds(20),
                    Duration.ofMillis(1),
                    true,
                    false);
        }

        /// What this server allows.
        @Override
        public Duration ttl() {
            return Duration.ofSeconds(3);
        }

        @Override
        public DistributedConfigStore open(@Nullable MemberName member, Duration ttl) {
            return new KeyValueDcs(ConsulServer.open(running.section(), paths, null), member, ttl);
        }

        @Override
        public TimeSource time() {
            return ConsulServer.TIME;
        }

        @Override
        public void pass(Duration duration) throws InterruptedException {
            Thread.sleep(duration);
        }

        @Override
        public void silence(boolean silent) {
            running.freeze(silent);
        }

        /// What carries virtual threads.
        @Override
        public boolean isShared(Thread thread) {
            String name = thread.getName();
            return name.startsWith("ForkJoinPool")
                    || name.contains("Poller")
                    || name.contains("VirtualThread");
        }

        @Override
        public void close() {
            running.freeze(false);
        }
    }
}
