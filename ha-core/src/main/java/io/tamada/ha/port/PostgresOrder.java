package io.tamada.ha.port;

import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.Upstream;

/// Short work on the local PostgreSQL: done at once, within the deadline of one decision.
public sealed interface PostgresOrder {

    /// Writes configuration that follows from the settings, reloads if needed, notes what needs a
    /// restart.
    record Configure(ClusterSettings settings) implements PostgresOrder {}

    /// Points a running standby at its source. [OrderResult.NeedsRestart] when a reload can't do
    /// it.
    record Follow(Upstream upstream, boolean leading) implements PostgresOrder {}

    /// Sets `synchronous_standby_names`; empty text clears it.
    record SetSynchronousStandbys(String value) implements PostgresOrder {}

    /// Brings the replication slots in line.
    record SyncSlots(SlotPlan plan) implements PostgresOrder {}

    /// Begins a checkpoint on a thread of its own and returns at once.
    record StartCheckpoint() implements PostgresOrder {}

    /// Lets a paused replay go on.
    record ResumeReplay() implements PostgresOrder {}

    /// Takes note of the role that the lease gives the running server: configuration of that role,
    /// `on_role_change`.
    record AssumeRole(MemberRole role) implements PostgresOrder {}
}
