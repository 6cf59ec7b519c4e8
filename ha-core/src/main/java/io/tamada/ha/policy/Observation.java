package io.tamada.ha.policy;

import io.tamada.ha.dcs.DcsCapabilities;
import io.tamada.ha.dcs.HeldLease;
import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberSettings;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that a decision is made from.
///
/// @param me this member
/// @param settings the dynamic configuration in force
/// @param ownConfig what to write to `/config` when it is missing: the last one in force, or that
///   of the bootstrap
/// @param store what the store said
/// @param capabilities what kind of store it is
/// @param postgres what PostgreSQL is doing
/// @param lease proof of leadership; null without
/// @param leaseRefused the store said that the lease is not ours any more
/// @param task the one long task
/// @param requests operators waiting for an answer, oldest first
/// @param watchdogHealthy false when a watchdog is required and can't be had
/// @param ping a primary that goes on without the store, as it last told us; null when none did
/// @param leaving the agent was asked to end
/// @param evidence what was asked for and done in this turn
/// @param memory what earlier turns left
/// @param now elapsed time, nanoseconds
/// @param wall wall time
public record Observation(
        MemberSettings me,
        ClusterSettings settings,
        ConfigDocument ownConfig,
        StoreAnswer store,
        DcsCapabilities capabilities,
        LocalPostgres postgres,
        @Nullable HeldLease lease,
        boolean leaseRefused,
        TaskView task,
        List<PendingRequest> requests,
        boolean watchdogHealthy,
        @Nullable FailsafePromise ping,
        boolean leaving,
        Evidence evidence,
        Memory memory,
        long now,
        Instant wall) {

    public Observation {
        requests = List.copyOf(requests);
    }
}
