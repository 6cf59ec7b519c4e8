package io.tamada.ha;

import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.LeaseKeeper;
import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.MemberSettings;
import io.tamada.ha.policy.HaPolicy;
import io.tamada.ha.policy.Observation;
import io.tamada.ha.policy.Step;
import io.tamada.ha.port.Mailbox;
import io.tamada.ha.port.PeerClient;
import io.tamada.ha.port.PostgresControl;
import io.tamada.ha.port.Threads;
import io.tamada.ha.port.Watchdog;
import io.tamada.ha.runtime.WakeUpQueue;
import io.tamada.ha.runtime.World;
import io.tamada.ha.time.SystemTime;
import io.tamada.ha.time.TimeSource;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Puts an agent together. What has a natural default has one; the rest is asked for by name when
/// it is missing.
public final class HaAgentBuilder {

    private @Nullable String scope;
    private @Nullable MemberSettings member;
    private @Nullable DistributedConfigStore store;
    private @Nullable PostgresControl postgres;
    private @Nullable PeerClient peers;
    private Watchdog watchdog = Watchdog.NONE;
    private TimeSource time = new SystemTime();
    private Threads threads = Threads.virtual();
    private @Nullable Supplier<Mailbox> mailboxes;
    private Function<Observation, Step> policy = new HaPolicy()::decide;
    private ConfigDocument config = ConfigDocument.EMPTY;
    private JournalSink journal = JournalSink.NONE;
    private String software = "tamada";

    HaAgentBuilder() {}

    /// The cluster's name.
    public HaAgentBuilder scope(String value) {
        scope = value;
        return this;
    }

    /// Who this member is, and what it may do.
    public HaAgentBuilder member(MemberSettings value) {
        member = value;
        return this;
    }

    /// Where the cluster's state is kept. Closed by the agent.
    public HaAgentBuilder store(DistributedConfigStore value) {
        store = value;
        return this;
    }

    /// The local PostgreSQL. Closed by the agent, which leaves the server itself as it is.
    public HaAgentBuilder postgres(PostgresControl value) {
        postgres = value;
        return this;
    }

    /// How other members are asked. Closed by the agent.
    public HaAgentBuilder peers(PeerClient value) {
        peers = value;
        return this;
    }

    /// Default: none.
    public HaAgentBuilder watchdog(Watchdog value) {
        watchdog = value;
        return this;
    }

    /// Default: the machine's clocks.
    public HaAgentBuilder time(TimeSource value) {
        time = value;
        return this;
    }

    /// Default: virtual threads.
    public HaAgentBuilder threads(Threads value) {
        threads = value;
        return this;
    }

    /// Default: queues on this agent's clock. For simulations.
    public HaAgentBuilder mailboxes(Supplier<Mailbox> value) {
        mailboxes = value;
        return this;
    }

    /// Default: [HaPolicy]. For recorders, and for tests of the tests.
    public HaAgentBuilder policy(Function<Observation, Step> value) {
        policy = value;
        return this;
    }

    /// The dynamic configuration to begin with: what a new cluster gets, and what is in force until
    /// the store was read.
    public HaAgentBuilder config(ConfigDocument value) {
        config = value;
        return this;
    }

    /// Where the journal goes besides memory. Default: nowhere.
    public HaAgentBuilder journal(JournalSink value) {
        journal = value;
        return this;
    }

    /// What the member's key says it is, for instance `tamada 0.1.0`.
    public HaAgentBuilder software(String value) {
        software = value;
        return this;
    }

    /// @throws IllegalStateException when something is missing that has no default
    public HaAgent build() {
        MemberSettings me = needed(member, "member");
        DistributedConfigStore dcs = needed(store, "store");
        TimeSource clock = time;
        Supplier<Mailbox> boxes = mailboxes != null ? mailboxes : () -> new WakeUpQueue(clock);
        LeaseKeeper keeper =
                new LeaseKeeper(dcs, clock, ClusterSettings.of(config).timings().ttl());
        World world =
                new World(
                        needed(scope, "scope"),
                        me.name(),
                        dcs,
                        keeper,
                        needed(postgres, "postgres"),
                        needed(peers, "peers"),
                        watchdog,
                        clock,
                        threads,
                        boxes.get(),
                        boxes.get(),
                        boxes,
                        policy,
                        journal,
                        config);
        return new HaAgent(world, me, software);
    }

    private static <T> T needed(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalStateException("an agent needs " + name + "(…)");
        }
        return value;
    }
}
