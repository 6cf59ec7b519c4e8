package io.tamada.simulator.world;

import io.tamada.ha.HaNode;
import io.tamada.simulator.baton.SimProcess;
import org.jspecify.annotations.Nullable;

/// A running agent: its process, and the engine inside once it has been built.
public final class AgentProcess {

    private final SimProcess process;
    private @Nullable HaNode node;

    public AgentProcess(SimProcess process) {
        this.process = process;
    }

    public SimProcess process() {
        return process;
    }

    public @Nullable HaNode node() {
        return node;
    }

    public void node(HaNode built) {
        node = built;
    }
}
