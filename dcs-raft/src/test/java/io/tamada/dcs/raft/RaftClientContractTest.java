package io.tamada.dcs.raft;

import io.tamada.dcs.KeyPaths;
import org.junit.jupiter.api.Tag;

/// The contract as members without a node see it.
@Tag("integration")
class RaftClientContractTest extends RaftContract {

    @Override
    RaftStore store(RaftGroup running, KeyPaths paths, int number) {
        return running.client("secret", paths);
    }
}
