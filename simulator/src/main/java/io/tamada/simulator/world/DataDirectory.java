package io.tamada.simulator.world;

import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.SystemId;
import io.tamada.ha.model.Timeline;
import io.tamada.ha.model.Upstream;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is on a machine's disk: it outlives the server, the agent and the machine's power.
public final class DataDirectory {

    final SystemId systemId;
    Branch branch;
    long position;
    ControlData.State state = ControlData.State.SHUT_DOWN;
    long checkpoint;
    int checkpointTimeline;
    ControlData.@Nullable Shutdown shutdown;
    boolean standbySignal;
    boolean backupLabel;
    Upstream upstream = Upstream.none();
    String synchronousStandbyNames = "";
    int newestTimeline = 1;
    @Nullable String damage;

    /// Physical replication slots and from where on each keeps the log.
    final TreeMap<String, Lsn> slots = new TreeMap<>();

    /// A new cluster.
    DataDirectory(SystemId systemId, long start) {
        this.systemId = systemId;
        this.branch = new Branch(1, null, start, this);
        this.position = start;
        this.checkpoint = start;
        this.checkpointTimeline = 1;
    }

    /// A copy of what another server has.
    DataDirectory(DataDirectory source) {
        this.systemId = source.systemId;
        follow(source);
    }

    /// Takes over the other's log, as a base backup and a rewind do.
    final void follow(DataDirectory source) {
        branch = source.branch;
        position = source.position;
        checkpoint = source.position;
        checkpointTimeline = source.branch.timeline();
        newestTimeline = Math.max(newestTimeline, source.newestTimeline);
        state = ControlData.State.IN_ARCHIVE_RECOVERY;
        shutdown = null;
        backupLabel = true;
    }

    public Branch branch() {
        return branch;
    }

    public long position() {
        return position;
    }

    public SystemId systemId() {
        return systemId;
    }

    /// The log goes on here, written by this server: on the same branch only if no other has been
    /// writing it.
    void beginWriting() {
        if (branch.writer() != this || branch.end() != position) {
            branch = new Branch(branch.timeline(), branch, position, this);
        }
    }

    /// Recovery ends: a new timeline, numbered after the newest that this server has heard of.
    void beginTimeline() {
        int next = Math.max(branch.timeline(), newestTimeline) + 1;
        branch = new Branch(next, branch, position, this);
        newestTimeline = next;
    }

    void append(long bytes) {
        branch.append(bytes);
        position = branch.end();
    }

    boolean contains(Branch other, long otherPosition) {
        return branch.contains(position, other, otherPosition);
    }

    @Nullable ControlData control() {
        if (damage != null) {
            return null;
        }
        boolean recovering =
                state == ControlData.State.IN_ARCHIVE_RECOVERY
                        || state == ControlData.State.SHUT_DOWN_IN_RECOVERY;
        return new ControlData(
                systemId,
                state,
                Lsn.of(checkpoint),
                Timeline.of(checkpointTimeline),
                recovering ? Lsn.of(position) : null,
                recovering ? Timeline.of(branch.timeline()) : null,
                true,
                shutdown);
    }
}
