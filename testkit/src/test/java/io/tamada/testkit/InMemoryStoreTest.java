package io.tamada.testkit;

import io.tamada.ha.dcs.DcsCapabilities;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;

class InMemoryStoreTest {

    @Nested
    class AsFastAsCanBe extends DcsContract {
        @Override
        protected DcsHarness newHarness() {
            return new InMemoryHarness(InMemoryStore.CAPABILITIES);
        }
    }

    @Nested
    class WithLongAndRoundSessions extends DcsContract {
        @Override
        protected DcsHarness newHarness() {
            return new InMemoryHarness(
                    new DcsCapabilities(
                            true,
                            DcsCapabilities.Expiry.STORE,
                            Duration.ofSeconds(10),
                            Duration.ofSeconds(7),
                            true,
                            false));
        }
    }

    private static final class InMemoryHarness implements DcsHarness {
        private final ManualTime time = new ManualTime();
        private final StoreFaults faults = new StoreFaults();
        private final DcsCapabilities capabilities;
        private final InMemoryStore store;

        InMemoryHarness(DcsCapabilities capabilities) {
            this.capabilities = capabilities;
            this.store = new InMemoryStore(time, capabilities);
            time.onAdvance(store::tick);
        }

        @Override
        public DcsCapabilities capabilities() {
            return capabilities;
        }

        @Override
        public DistributedConfigStore open(@Nullable MemberName member, Duration ttl) {
            return new io.tamada.dcs.KeyValueDcs(
                    store.connect(time.jumping(), faults), member, ttl);
        }

        @Override
        public TimeSource time() {
            return time;
        }

        @Override
        public void pass(Duration duration) {
            time.advance(duration);
        }

        @Override
        public void silence(boolean silent) {
            faults.unreachable(silent);
        }

        @Override
        public int fuzzRounds() {
            return 200;
        }

        @Override
        public void close() {}
    }
}
