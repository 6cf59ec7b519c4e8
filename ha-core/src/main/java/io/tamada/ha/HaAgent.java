package io.tamada.ha;

import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberSettings;
import io.tamada.ha.port.Mailbox.WakeReason;
import io.tamada.ha.port.PeerClient;
import io.tamada.ha.runtime.Engine;
import io.tamada.ha.runtime.World;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A member of a cluster: keeps its PostgreSQL where it belongs.
///
/// Made by [#builder()]. Owns the store, the PostgreSQL control, the peer client and the watchdog
/// it was given, and closes them when it has ended.
public final class HaAgent implements HaNode, AutoCloseable {

    private final World world;
    private final Engine engine;

    HaAgent(World world, MemberSettings member, String software) {
        this.world = world;
        this.engine = new Engine(world, member, software);
    }

    public static HaAgentBuilder builder() {
        return new HaAgentBuilder();
    }

    /// Starts the engine's threads and returns at once. Calling it twice is a bug.
    public void start() {
        engine.start();
    }

    /// Asks the agent to end as on SIGTERM: PostgreSQL is stopped cleanly and the lease given back,
    /// unless the cluster is paused. Returns at once; see [#ended()].
    public void stop() {
        engine.leave();
    }

    /// Completes with the exit code when the engine has ended, on its own or because it was asked
    /// to. Everything is closed by then, and nothing is written to the store any more.
    public CompletionStage<Integer> ended() {
        return engine.ended();
    }

    /// Uses other local settings from now on: tags, addresses, what may be removed. PostgreSQL's
    /// configuration is written again.
    public void reload(MemberSettings member) {
        engine.reload(member);
    }

    /// Ends without touching PostgreSQL or the store: as if the process had been killed.
    @Override
    public void close() {
        engine.abort();
    }

    @Override
    public HaStatus status() {
        return engine.status();
    }

    @Override
    public HaStatus freshStatus(Duration atMost) throws InterruptedException {
        return engine.freshStatus(atMost);
    }

    @Override
    public CompletionStage<OperatorRequest.Outcome> request(OperatorRequest request) {
        return engine.request(request);
    }

    @Override
    public FailsafeReply failsafe(PeerClient.FailsafePing ping) {
        HaStatus status = status();
        return switch (status.settings().failsafe()) {
            case OFF -> new FailsafeReply.Off();
            case ALL, QUORUM -> {
                // Who holds the lease may be a standby on its way to promotion: it must not consent
                // to another.
                if (status.postgres() instanceof LocalPostgres.Primary
                        || status.isLeaderAt(world.time().nanos())) {
                    yield new FailsafeReply.Leading();
                }
                engine.promised(ping);
                yield new FailsafeReply.Accepted(position(status.postgres()));
            }
        };
    }

    private static @Nullable Lsn position(LocalPostgres postgres) {
        return postgres instanceof LocalPostgres.Standby s ? s.position() : null;
    }

    @Override
    public void wake(WakeReason reason) {
        world.mailbox().post(reason);
    }

    @Override
    public List<JournalEntry> journal(int most) {
        return engine.journal(most);
    }

    @Override
    public List<RecordedDecision> recorded(int most) {
        return engine.recorded(most);
    }

    @Override
    public Subscription listen(HaListener listener) {
        return engine.listen(listener);
    }

    @Override
    public DistributedConfigStore store() {
        return world.store();
    }

    @Override
    public PeerClient peers() {
        return world.peers();
    }

    @Override
    public TimeSource time() {
        return world.time();
    }
}
