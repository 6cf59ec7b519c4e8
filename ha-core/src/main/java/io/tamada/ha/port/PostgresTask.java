package io.tamada.ha.port;

import io.tamada.ha.dcs.HeldLease;
import io.tamada.ha.model.Upstream;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Long work on the local PostgreSQL. At most one runs at a time, in the background; the policy
/// watches it.
public sealed interface PostgresTask {

    /// What operators see while it runs.
    String title();

    /// Makes a new cluster in the empty data directory (`initdb` or a custom method) and starts it.
    record Initialize() implements PostgresTask {
        @Override
        public String title() {
            return "bootstrap";
        }
    }

    /// Users, rights and scripts, once a new cluster accepts connections.
    record FinishBootstrap() implements PostgresTask {
        @Override
        public String title() {
            return "post_bootstrap";
        }
    }

    /// Stops what a failed bootstrap left, and moves its data aside with the suffix `.failed`.
    record DiscardBootstrap() implements PostgresTask {
        @Override
        public String title() {
            return "discarding failed bootstrap";
        }
    }

    /// Copies the data from somewhere else into the data directory, replacing what is there.
    ///
    /// @param source [Upstream#none()] for methods that need no running source
    /// @param baseBackupOnly no other method than the built-in one
    record Clone(Upstream source, boolean baseBackupOnly) implements PostgresTask {
        @Override
        public String title() {
            return switch (source) {
                case Upstream.None() -> "bootstrap (without leader)";
                case Upstream.Member(var name, _) -> "bootstrap from '" + name + "'";
                case Upstream.Remote _ -> "bootstrap_standby_leader";
            };
        }
    }

    /// Starts the stopped server as a primary on its own timeline.
    record StartPrimary(Duration timeout) implements PostgresTask {
        @Override
        public String title() {
            return "starting primary after failure";
        }
    }

    /// Starts the stopped server as a standby.
    ///
    /// @param leading it is to be the standby leader
    record StartStandby(Upstream upstream, boolean leading, Duration timeout)
            implements PostgresTask {
        @Override
        public String title() {
            return "starting as a standby";
        }
    }

    /// Stops the server.
    ///
    /// @param checkpoint a checkpoint first, while clients still work, so that the stop itself is
    ///   short
    /// @param timeout when to go on to a harder way of stopping; null for never
    record Stop(Mode mode, boolean checkpoint, @Nullable Duration timeout, Reason reason)
            implements PostgresTask {

        public enum Mode {
            /// Ends sessions, writes a shutdown checkpoint, ships all WAL.
            FAST,
            /// Ends at once, as in a crash.
            IMMEDIATE
        }

        public enum Reason {
            SWITCHOVER,
            DEMOTION,
            STORE_SILENT,
            DEMOTE_CLUSTER,
            SHUTDOWN,
            START_TOO_SLOW,
            NO_DATA,
            REINITIALIZE
        }

        @Override
        public String title() {
            return reason == Reason.SWITCHOVER ? "switchover: demote" : "stopping";
        }
    }

    /// Stops and starts the server in its present role.
    ///
    /// @param upstream a standby's new source; null to keep the present one
    record Restart(@Nullable Upstream upstream, Duration timeout) implements PostgresTask {
        @Override
        public String title() {
            return upstream == null ? "restart" : "changing primary_conninfo and restarting";
        }
    }

    /// Ends recovery. The lease is asked again just before the point of no return.
    record Promote(HeldLease lease, Duration timeout) implements PostgresTask {
        @Override
        public String title() {
            return "promote";
        }
    }

    /// Undoes what the local timeline has beyond the fork, by `pg_rewind`.
    record Rewind(Upstream source) implements PostgresTask {
        @Override
        public String title() {
            return source instanceof Upstream.Member(var name, _)
                    ? "running pg_rewind from " + name
                    : "running pg_rewind";
        }
    }

    /// Lets a crashed server recover in single-user mode, so that its data can be compared and
    /// rewound.
    record CrashRecovery() implements PostgresTask {
        @Override
        public String title() {
            return "doing crash recovery in a single user mode";
        }
    }

    /// Copies logical slots from the leader; restarts the standby.
    record CopyLogicalSlots(Upstream leader, Set<String> slots) implements PostgresTask {
        public CopyLogicalSlots {
            slots = Set.copyOf(slots);
        }

        @Override
        public String title() {
            return "copy_logical_slots";
        }
    }

    /// Stops the server at once and clones again.
    record Reinitialize(Upstream source, boolean baseBackupOnly) implements PostgresTask {
        @Override
        public String title() {
            return "reinitialize";
        }
    }
}
