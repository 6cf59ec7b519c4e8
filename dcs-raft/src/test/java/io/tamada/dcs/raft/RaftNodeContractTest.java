package io.tamada.dcs.raft;

import io.tamada.dcs.KeyPaths;

/// The contract as members see it that run a node.
class RaftNodeContractTest extends RaftContract {

    @Override
    RaftStore store(RaftGroup running, KeyPaths paths, int number) {
        return new RaftStore(
                running.node(number % running.size()).client(), paths, RaftGroup.TIME, () -> {});
    }
}
