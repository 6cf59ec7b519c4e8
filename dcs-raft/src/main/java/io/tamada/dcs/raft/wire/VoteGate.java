package io.tamada.dcs.raft.wire;

/// Keeps a node from voting and from standing for election while it does not have what it once
/// promised to keep.
///
/// A node whose data folder is empty although the group exists may have acknowledged entries and
/// cast votes that it forgot. Until it has caught up with the leader it takes no part in elections:
/// it could help to elect somebody who lacks an acknowledged entry.
public final class VoteGate {

    private volatile boolean open;

    public VoteGate(boolean open) {
        this.open = open;
    }

    public boolean isOpen() {
        return open;
    }

    public void open() {
        open = true;
    }
}
