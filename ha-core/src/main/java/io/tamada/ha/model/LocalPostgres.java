package io.tamada.ha.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the local PostgreSQL is doing, as one look found it.
public sealed interface LocalPostgres {

    /// No usable data directory.
    ///
    /// @param problem why it can't be read; null when it is simply empty or missing
    record NoData(@Nullable String problem) implements LocalPostgres {}

    /// Data, but no postmaster.
    ///
    /// @param control null when `pg_controldata` gave nothing usable
    /// @param crashed it ended without having been asked to by us
    /// @param standbySignal the data is marked to start as a standby
    /// @param backupLabel the data came from a base backup and never started
    /// @param lastFailure why the last start failed; null when it didn't
    record Stopped(
            @Nullable ControlData control,
            boolean crashed,
            boolean standbySignal,
            boolean backupLabel,
            @Nullable String lastFailure)
            implements LocalPostgres {}

    /// A postmaster that doesn't accept connections yet.
    ///
    /// @param upstream what a standby is configured to follow; null when that can't be told
    /// @param elapsed since it was started or first seen starting
    record Starting(
            @Nullable ControlData control,
            boolean standby,
            @Nullable Upstream upstream,
            Duration elapsed)
            implements LocalPostgres {}

    /// A postmaster that is on its way down.
    ///
    /// @param control shows the shutdown checkpoint as soon as it is written
    record Stopping(@Nullable ControlData control, boolean wasPrimary) implements LocalPostgres {}

    /// A server in recovery.
    ///
    /// @param received how much WAL has arrived, written or flushed
    /// @param replayed how much is applied
    /// @param replayedAt commit time of the last replayed transaction
    /// @param replayPaused replay stands still, by hand or for want of parameters
    /// @param replicationState `streaming`, `in archive recovery` or null
    /// @param upstream what it is configured to follow; null when that can't be told
    /// @param sourceEnd the source's own position as it last reported it
    record Standby(
            Server server,
            Lsn received,
            Lsn replayed,
            @Nullable Instant replayedAt,
            boolean replayPaused,
            @Nullable String replicationState,
            @Nullable Upstream upstream,
            @Nullable Lsn sourceEnd)
            implements LocalPostgres {

        /// The furthest WAL this server has.
        public Lsn position() {
            return Lsn.max(received, replayed);
        }

        public boolean isStreaming() {
            return "streaming".equals(replicationState);
        }
    }

    /// A server that accepts writes.
    ///
    /// @param position flushed WAL
    /// @param synchronousStandbyNames the setting as it runs
    /// @param synchronousCommit the setting as it runs
    /// @param history the server's own timeline history; null when not read
    /// @param checkpointed the control file is on the running timeline: the checkpoint after
    ///   promotion is done
    record Primary(
            Server server,
            Lsn position,
            String synchronousStandbyNames,
            String synchronousCommit,
            @Nullable TimelineHistory history,
            boolean checkpointed)
            implements LocalPostgres {}

    /// A postmaster that lives but can't be asked.
    ///
    /// @param wasPrimary what it was when last asked
    /// @param elapsed since the first look that failed
    record Unresponsive(
            @Nullable ControlData control, boolean wasPrimary, Duration elapsed, String problem)
            implements LocalPostgres {}

    /// What primaries and standbys have in common.
    ///
    /// @param version as `server_version_num`, for instance 150018
    /// @param timeline null when a standby can't tell
    /// @param slots by name
    record Server(
            SystemId systemId,
            int version,
            Instant postmasterStart,
            @Nullable Timeline timeline,
            boolean rewindable,
            PendingRestart pendingRestart,
            List<WalSender> senders,
            Map<String, SlotFacts> slots) {

        public Server {
            senders = List.copyOf(senders);
            slots = Map.copyOf(slots);
        }
    }

    /// The running server; null unless it answered.
    default @Nullable Server running() {
        return switch (this) {
            case Standby s -> s.server();
            case Primary p -> p.server();
            case NoData _, Stopped _, Starting _, Stopping _, Unresponsive _ -> null;
        };
    }

    /// What the data directory's control file says; null where it was not read.
    default @Nullable ControlData control() {
        return null;
    }

    /// Which cluster the data belongs to; null when that can't be told.
    default @Nullable SystemId systemId() {
        Server server = running();
        if (server != null) {
            return server.systemId();
        }
        ControlData control = control();
        return control == null ? null : control.systemId();
    }

    /// Accepts writes, or did when it was last asked and still lives.
    default boolean mayAcceptWrites() {
        return switch (this) {
            case Primary _ -> true;
            case Unresponsive u -> u.wasPrimary();
            case Stopping s -> s.wasPrimary();
            case Starting s -> !s.standby();
            case NoData _, Stopped _, Standby _ -> false;
        };
    }

    /// A postmaster lives.
    default boolean isUp() {
        return !(this instanceof NoData) && !(this instanceof Stopped);
    }
}
