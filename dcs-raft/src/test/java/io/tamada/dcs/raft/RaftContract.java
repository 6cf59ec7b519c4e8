package io.tamada.dcs.raft;

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
import org.junit.jupiter.api.io.TempDir;

/// The store contract on one real group of three nodes; each test has a cluster of its own in it.
abstract class RaftContract extends DcsContract {

    private static final AtomicInteger SCOPES = new AtomicInteger();

    @TempDir static @Nullable Path folder;

    private static @Nullable RaftGroup group;

    @BeforeAll
    static void startGroup() throws Exception {
        group = RaftGroup.started(3, Objects.requireNonNull(folder));
        group.leader();
    }

    @AfterAll
    static void stopGroup() {
        if (group != null) {
            group.close();
        }
    }

    /// A store as the contract opens it.
    abstract RaftStore store(RaftGroup running, KeyPaths paths, int number);

    @Override
    protected DcsHarness newHarness() {
        return new Harness(Objects.requireNonNull(group));
    }

    private final class Harness implements DcsHarness {
        private final RaftGroup running;
        private final KeyPaths paths =
                KeyPaths.of("/service", "scope" + SCOPES.incrementAndGet(), null);
        private int opened;

        Harness(RaftGroup running) {
            this.running = running;
        }

        @Override
        public DcsCapabilities capabilities() {
            return new DcsCapabilities(
                    true,
                    DcsCapabilities.Expiry.STORE,
                    Duration.ofSeconds(1),
                    Duration.ofMillis(1),
                    true,
                    false);
        }

        @Override
        public DistributedConfigStore open(@Nullable MemberName member, Duration ttl) {
            return new KeyValueDcs(store(running, paths, opened++), member, ttl);
        }

        @Override
        public TimeSource time() {
            return RaftGroup.TIME;
        }

        @Override
        public void pass(Duration duration) throws InterruptedException {
            Thread.sleep(duration);
        }

        @Override
        public void silence(boolean silent) {
            running.silence(silent);
        }

        /// The consensus library's pools for the whole process, and what carries virtual threads.
        @Override
        public boolean isShared(Thread thread) {
            String name = thread.getName();
            return name.startsWith("JRaft-")
                    || name.startsWith("ForkJoinPool")
                    || name.contains("Poller");
        }

        @Override
        public void close() {
            running.silence(false);
        }
    }
}
