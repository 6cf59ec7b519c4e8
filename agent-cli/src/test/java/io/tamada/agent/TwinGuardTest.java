package io.tamada.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.ReadResult;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.Peer;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.port.PeerClient;
import io.tamada.ha.time.Deadline;
import io.tamada.testkit.InMemoryStore;
import io.tamada.testkit.ManualTime;
import io.tamada.testkit.StoreNetwork;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TwinGuardTest {

    private static final MemberName NAME = MemberName.of("node1");
    private static final String OWN = "http://10.0.0.1:8008/patroni";
    private static final String OTHER = "http://10.0.0.2:8008/patroni";

    private final ManualTime time = new ManualTime();
    private final InMemoryStore memory = new InMemoryStore(time);
    private final AtomicInteger twins = new AtomicInteger();

    private DistributedConfigStore connect() {
        return memory.dcs(NAME, Duration.ofSeconds(30), time.jumping(), StoreNetwork.PERFECT);
    }

    private TwinGuard guard(@Nullable String answeringAt) {
        return new TwinGuard(
                connect(), new OneAnswers(answeringAt), NAME, OWN, twins::incrementAndGet);
    }

    private Deadline soon() {
        return Deadline.after(time, Duration.ofSeconds(5));
    }

    private void registered(String apiUrl) throws InterruptedException {
        DcsEntry entry = new DcsEntry.Member(MemberStatus.builder(NAME).apiUrl(apiUrl).build());
        assertThat(connect().write(entry, Precondition.whatever(), soon()))
                .isInstanceOf(WriteResult.Applied.class);
    }

    private static DcsEntry ownEntry() {
        return new DcsEntry.Member(MemberStatus.builder(NAME).apiUrl(OWN).build());
    }

    @Test
    void nothingIsWrittenBeforeTheCheckAndAllAfterIt() throws InterruptedException {
        TwinGuard guard = guard(null);

        assertThat(guard.write(ownEntry(), Precondition.whatever(), soon()))
                .isInstanceOf(WriteResult.Unknown.class);
        assertThat(guard.read(soon())).isInstanceOf(ReadResult.Seen.class);
        assertThat(guard.write(ownEntry(), Precondition.whatever(), soon()))
                .isInstanceOf(WriteResult.Applied.class);
        assertThat(twins).hasValue(0);
    }

    @Test
    void aLivingNodeOfTheNameShutsTheStore() throws InterruptedException {
        registered(OTHER);
        TwinGuard guard = guard(OTHER);

        assertThat(guard.read(soon())).isInstanceOf(ReadResult.Unknown.class);
        assertThat(guard.read(soon())).isInstanceOf(ReadResult.Unknown.class);
        assertThat(guard.write(ownEntry(), Precondition.whatever(), soon()))
                .isInstanceOf(WriteResult.Unknown.class);
        assertThat(twins).hasValue(1);
    }

    @Test
    void aDeadOneOrOurselvesDoNot() throws InterruptedException {
        registered(OTHER);
        assertThat(guard(null).read(soon())).isInstanceOf(ReadResult.Seen.class);
        registered(OWN);
        assertThat(guard(OWN).read(soon())).isInstanceOf(ReadResult.Seen.class);
        assertThat(twins).hasValue(0);
    }

    /// Peers of which at most one answers.
    private record OneAnswers(@Nullable String apiUrl) implements PeerClient {

        @Override
        public Map<MemberName, PeerAnswer> ask(Collection<Peer> peers, Deadline by) {
            return Map.of();
        }

        @Override
        public Map<MemberName, Consent> failsafe(
                FailsafePing ping, Collection<Peer> peers, Deadline by) {
            return Map.of();
        }

        @Override
        public boolean isAlive(Peer peer, Deadline by) {
            return peer.apiUrl().equals(apiUrl);
        }

        @Override
        public void close() {}
    }
}
