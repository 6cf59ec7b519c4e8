package io.tamada.simulator.fault;

import io.tamada.dcs.ClusterCodec;
import io.tamada.ha.HaNode;
import io.tamada.ha.OperatorRequest;
import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.LeaderKey;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.RestartFilter;
import io.tamada.simulator.invariant.Judgement;
import io.tamada.simulator.world.AgentProcess;
import io.tamada.simulator.world.Machine;
import io.tamada.simulator.world.World;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// People with their commands: they write to the store and ask agents, as `tamadactl` does.
public final class Operators {

    private static final long PAUSE_TAIL_NANOS = 120_000_000_000L;

    private final World world;
    private final Judgement judgement;
    private final Map<String, @Nullable Object> before = new LinkedHashMap<>();

    public Operators(World world, Judgement judgement) {
        this.world = world;
        this.judgement = judgement;
    }

    private ClusterView view() {
        return ClusterCodec.decode(world.storedEntries());
    }

    void switchover(String candidate) {
        ClusterView view = view();
        boolean sensible =
                view.leader() instanceof LeaderKey.HeldBy(var leader, _, _)
                        && !leader.value().equals(candidate)
                        && (candidate.isEmpty() || view.member(MemberName.of(candidate)) != null);
        if (sensible && view.leader() instanceof LeaderKey.HeldBy(var leader, _, _)) {
            MemberName to = candidate.isEmpty() ? null : MemberName.of(candidate);
            ask(new FailoverRequest.Switchover(leader, to, null));
        }
    }

    void failover(String candidate) {
        ClusterView view = view();
        if (!view.leader().isHeldBy(MemberName.of(candidate))
                && view.member(MemberName.of(candidate)) != null) {
            judgement.lossIsAcceptedOn(candidate);
            ask(new FailoverRequest.Failover(MemberName.of(candidate)));
        }
    }

    private void ask(FailoverRequest request) {
        world.store().force("failover", ClusterCodec.encode(new DcsEntry.Failover(request)));
    }

    void restart(Machine machine) {
        with(machine, node -> node.request(new OperatorRequest.Restart(RestartFilter.NONE)));
    }

    /// Also what people do with a member that can't help itself.
    public void reinitialize(Machine machine) {
        judgement.wipeIsAcceptedOn(machine.name());
        with(machine, node -> node.request(new OperatorRequest.Reinitialize(false, false)));
    }

    private void with(Machine machine, Consumer<HaNode> command) {
        AgentProcess agent = machine.agent();
        HaNode node = agent == null ? null : agent.node();
        if (agent != null && node != null) {
            agent.process().start("rest", () -> command.accept(node));
        }
    }

    void pause(boolean on) {
        if (on) {
            judgement.pausedUntil(Long.MAX_VALUE);
            patch(Map.of("pause", true));
        } else {
            judgement.pausedUntil(world.scheduler().nowNanos() + PAUSE_TAIL_NANOS);
            Map<String, @Nullable Object> none = new HashMap<>();
            none.put("pause", null);
            patch(none);
        }
    }

    void configure(String setting, Object value) {
        ConfigDocument config = config();
        if (config != null) {
            before.putIfAbsent(setting, config.at(setting));
            patch(Map.of(setting, value));
        }
    }

    void restore(String setting) {
        if (before.containsKey(setting)) {
            Map<String, @Nullable Object> old = new HashMap<>();
            old.put(setting, before.remove(setting));
            patch(old);
        }
    }

    void restoreAll() {
        ConfigDocument config = config();
        if (config != null && config.at("pause") != null) {
            pause(false);
        }
        for (String setting : java.util.List.copyOf(before.keySet())) {
            restore(setting);
        }
    }

    private @Nullable ConfigDocument config() {
        var config = view().config();
        return config == null ? null : config.value();
    }

    private void patch(Map<String, ? extends @Nullable Object> change) {
        ConfigDocument config = config();
        if (config != null) {
            ConfigDocument changed = config.patched(ConfigDocument.of(change));
            world.store().force("config", ClusterCodec.encode(new DcsEntry.Config(changed)));
        }
    }
}
