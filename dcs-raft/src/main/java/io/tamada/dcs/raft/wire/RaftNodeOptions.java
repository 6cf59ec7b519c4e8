package io.tamada.dcs.raft.wire;

import com.alipay.sofa.jraft.option.NodeOptions;

/// The library's options, and what our transport needs to know for the same node.
public final class RaftNodeOptions extends NodeOptions {

    private final Caller caller;
    private final VoteGate gate;

    public RaftNodeOptions(Caller caller, VoteGate gate) {
        this.caller = caller;
        this.gate = gate;
    }

    Caller caller() {
        return caller;
    }

    VoteGate gate() {
        return gate;
    }
}
