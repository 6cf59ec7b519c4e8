package io.tamada.testkit;

import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.SystemId;
import org.jspecify.annotations.Nullable;

/// The data directory of a simulated server. Everything happens with the world's lock held.
final class FakeData {

    /// The size of a checkpoint record.
    static final long CHECKPOINT_BYTES = 112;

    final SystemId systemId;
    Wal wal;
    boolean standbySignal;
    boolean backupLabel;
    boolean rewindable = true;
    ControlData.State state = ControlData.State.SHUT_DOWN;

    /// Why no server can start on it; null when one can.
    @Nullable String broken;

    private Lsn checkpoint;
    private Wal.Branch checkpointBranch;
    private boolean shutDown;

    FakeData(SystemId systemId, Wal wal) {
        this.systemId = systemId;
        this.wal = wal;
        this.checkpoint = wal.end();
        this.checkpointBranch = wal.branch();
    }

    /// A copy of a running server's data, as base backups and rewinds make it.
    static FakeData copyOf(FakeData source) {
        FakeData copy = new FakeData(source.systemId, source.wal);
        copy.rewindable = source.rewindable;
        copy.state = ControlData.State.IN_ARCHIVE_RECOVERY;
        return copy;
    }

    /// The server's checkpoint on its present timeline is done.
    void checkpoint() {
        checkpoint = wal.end();
        checkpointBranch = wal.branch();
    }

    /// A primary's clean end: the checkpoint is the last record of its log.
    void shutDownAsPrimary() {
        checkpoint();
        wal = wal.grown(CHECKPOINT_BYTES);
        state = ControlData.State.SHUTTING_DOWN;
        shutDown = true;
    }

    void started(ControlData.State running) {
        state = running;
        shutDown = false;
    }

    boolean isCheckpointed() {
        return checkpointBranch.equals(wal.branch());
    }

    ControlData control() {
        boolean recovery =
                state == ControlData.State.IN_ARCHIVE_RECOVERY
                        || state == ControlData.State.SHUT_DOWN_IN_RECOVERY;
        return new ControlData(
                systemId,
                state,
                checkpoint,
                checkpointBranch.timeline(),
                recovery ? wal.end() : null,
                recovery ? wal.branch().timeline() : null,
                rewindable,
                shutDown ? new ControlData.Shutdown(checkpoint, checkpoint) : null);
    }
}
