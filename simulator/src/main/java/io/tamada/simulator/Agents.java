package io.tamada.simulator;

import io.tamada.dcs.ClusterDecoder;
import io.tamada.dcs.KeyValueDcs;
import io.tamada.ha.HaAgent;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.model.MemberSettings;
import io.tamada.ha.policy.Observation;
import io.tamada.ha.policy.Step;
import io.tamada.ha.port.Watchdog;
import io.tamada.ha.time.TimeSource;
import io.tamada.simulator.baton.SimMailbox;
import io.tamada.simulator.baton.SimProcess;
import io.tamada.simulator.fault.Supervisor;
import io.tamada.simulator.world.AgentProcess;
import io.tamada.simulator.world.Machine;
import io.tamada.simulator.world.PostgresPort;
import io.tamada.simulator.world.SimPeers;
import io.tamada.simulator.world.StoreClient;
import io.tamada.simulator.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// Starts the production engine on simulated machines, and starts it again when it has ended.
final class Agents implements Supervisor {

    /// Decisions of every turn, which would drown the story.
    private static final Set<String> ROUTINE =
            Set.of(
                    "GUARD",
                    "SYNC_SLOTS",
                    "PUBLISH_STATUS",
                    "ASK_PEERS",
                    "ASK_SUCCESSORS",
                    "ASK_CANDIDATE");

    private static final long SECOND = 1_000_000_000L;

    private final World world;
    private final ClusterSetup setup;
    private final Variant variant;
    private final ClusterDecoder decoder = new ClusterDecoder();
    private final Set<String> stopped = new TreeSet<>();

    Agents(World world, ClusterSetup setup, Variant variant) {
        this.world = world;
        this.setup = setup;
        this.variant = variant;
    }

    @Override
    public void start(Machine machine) {
        stopped.remove(machine.name());
        if (machine.isPowered() && machine.agent() == null) {
            launch(machine);
        }
    }

    @Override
    public void stop(Machine machine) {
        stopped.add(machine.name());
        AgentProcess agent = machine.agent();
        if (agent != null && agent.node() instanceof HaAgent engine) {
            agent.process().start("signal", engine::stop);
        }
    }

    @Override
    public void kill(Machine machine) {
        stopped.add(machine.name());
        AgentProcess agent = machine.agent();
        if (agent != null) {
            agent.process().kill();
            machine.agent(null);
        }
    }

    private void launch(Machine machine) {
        SimProcess process = world.scheduler().process(machine.name());
        AgentProcess agent = new AgentProcess(process);
        machine.agent(agent);
        if (machine.isFrozen()) {
            process.freeze();
        }
        world.note(machine, "agent", () -> "starts");
        process.start(
                "main",
                () -> {
                    HaAgent engine = build(machine, process);
                    agent.node(engine);
                    engine.start();
                    var _ = engine.ended().whenComplete((code, _) -> ended(machine, agent, code));
                });
    }

    private HaAgent build(Machine machine, SimProcess process) {
        TimeSource time = variant.time(machine.clock());
        StoreClient client = new StoreClient(world, machine, process);
        DistributedConfigStore store =
                new KeyValueDcs(
                        client,
                        machine.member(),
                        Duration.ofSeconds(setup.ttlSeconds()),
                        new ReentrantLock(),
                        decoder);
        String url = machine.name();
        MemberSettings me =
                new MemberSettings(
                        machine.member(),
                        "http://" + url + ":8008/patroni",
                        "postgres://" + url + ":5432/postgres",
                        setup.tagsOf(machine.name()),
                        true,
                        setup.useRewind(),
                        setup.divergedMayGo(),
                        setup.divergedMayGo(),
                        false);
        return HaAgent.builder()
                .scope("sim")
                .member(me)
                .store(variant.store(store, time))
                .postgres(new PostgresPort(world, machine))
                .peers(variant.peers(new SimPeers(world, machine)))
                .watchdog(setup.guarded() ? variant.guard(machine.guard()) : Watchdog.NONE)
                .time(time)
                .threads(process)
                .mailboxes(() -> new SimMailbox(world.scheduler(), machine.clock()))
                .policy(told(machine, variant.policy()))
                .config(setup.config())
                .build();
    }

    /// Tells the story of the decisions: each when it differs from the one before.
    private Function<Observation, Step> told(Machine machine, Function<Observation, Step> policy) {
        if (!world.isTold()) {
            return policy;
        }
        String[] last = {""};
        return seen -> {
            Step step = policy.apply(seen);
            if (!step.says().equals(last[0]) && !ROUTINE.contains(step.decision().rule().name())) {
                last[0] = step.says();
                List<String> because = step.because();
                world.note(
                        machine,
                        "decides",
                        () ->
                                step.decision().rule()
                                        + ": "
                                        + step.says()
                                        + (because.isEmpty() ? "" : "  " + because));
            }
            return step;
        };
    }

    private void ended(Machine machine, AgentProcess agent, int code) {
        world.note(machine, "agent", () -> "ended with " + code);
        if (machine.agent() == agent) {
            machine.agent(null);
            agent.process().kill();
            long pause = SECOND + world.scheduler().random().nextLong(4 * SECOND);
            world.scheduler()
                    .in(
                            pause,
                            () -> {
                                if (!stopped.contains(machine.name())) {
                                    start(machine);
                                }
                            });
        }
    }
}
