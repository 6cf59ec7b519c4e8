package io.tamada.ha.policy;

import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.ScheduledRestart;
import io.tamada.ha.model.Timeline;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything that must survive a turn. There is no other state in the policy.
///
/// @param bootstrap how far the bootstrap of a new cluster is
/// @param rewind what is known of divergence
/// @param wasPaused the last turn was paused
/// @param recovering a start after a failure was begun, and its end not yet looked at
/// @param crashRecoveryTried single-user recovery was tried since the last good start
/// @param steppingDown set while and after this member gives the lease away
/// @param failedPromotions how many attempts to promote under this lease failed in a row
/// @param noRaceUntilNanos keep out of races until then (after a failed pre-promote script); 0 for
///   never
/// @param backoffSinceNanos when the race was first seen; null when nobody races
/// @param wonRace the lease was acquired and the request that led there not yet cleared
/// @param lastHealthy the last view that had a leader; its members are asked in a race
/// @param lastPosition our position one turn ago
/// @param previousPosition our position two turns ago
/// @param lastTimeline our timeline when last seen as a standby
/// @param startTimeout limit of a requested start; null for `primary_start_timeout`
/// @param scheduledRestart a restart to come
/// @param sync confirmations of standbys
/// @param slotsSeen slot name of a member to when it was last seen, elapsed nanoseconds
/// @param slotsCopiedAtNanos when logical slots were last copied from the leader; null for never
/// @param consentUntilNanos the others let us lead until then without the store; 0 for never
/// @param consentAskedNanos when the others were last asked, from which their consent counts
/// @param failsafeInDoubt failsafe members that we tried to publish, and the store may have taken:
///   they have to consent like those that are known to be published
/// @param failsafeDoubtedNanos when that was tried last
/// @param generation the lease after whose end our WAL receiver was stopped, so that our position
///   is final; null else
/// @param configured the settings that PostgreSQL was last configured with; null before the first
///   time
/// @param syncDutyReleasedAtNanos when this standby asked to be relieved; null when it didn't
/// @param firstTurnNanos when the first turn was: what happened before is forgotten; null before it
public record Memory(
        Bootstrap bootstrap,
        RewindState rewind,
        boolean wasPaused,
        boolean recovering,
        boolean crashRecoveryTried,
        @Nullable SteppingDown steppingDown,
        int failedPromotions,
        long noRaceUntilNanos,
        @Nullable Long backoffSinceNanos,
        boolean wonRace,
        @Nullable ClusterView lastHealthy,
        @Nullable Lsn lastPosition,
        @Nullable Lsn previousPosition,
        @Nullable Timeline lastTimeline,
        @Nullable Duration startTimeout,
        @Nullable ScheduledRestart scheduledRestart,
        SyncMemory sync,
        Map<String, Long> slotsSeen,
        @Nullable Long slotsCopiedAtNanos,
        long consentUntilNanos,
        long consentAskedNanos,
        Map<MemberName, String> failsafeInDoubt,
        long failsafeDoubtedNanos,
        @Nullable String generation,
        @Nullable ClusterSettings configured,
        @Nullable Long syncDutyReleasedAtNanos,
        @Nullable Long firstTurnNanos) {

    /// Phases of bootstrapping a new cluster.
    public enum Bootstrap {
        NONE,
        /// We won the right to; the data directory is being made.
        CREATING,
        /// The server runs or is about to; users and scripts come next.
        STARTED,
        /// All is made; the store has to be told.
        FINISHED,
        /// It failed; what is left has to be moved aside.
        FAILED
    }

    public static final Memory EMPTY = new Draft().build();

    public Memory {
        slotsSeen = Map.copyOf(slotsSeen);
        failsafeInDoubt = Map.copyOf(failsafeInDoubt);
    }

    /// This memory, with PostgreSQL's configuration to be written again.
    public Memory withoutConfiguration() {
        Draft d = edit();
        d.configured = null;
        return d.build();
    }

    Draft edit() {
        Draft d = new Draft();
        d.bootstrap = bootstrap;
        d.rewind = rewind;
        d.wasPaused = wasPaused;
        d.recovering = recovering;
        d.crashRecoveryTried = crashRecoveryTried;
        d.steppingDown = steppingDown;
        d.failedPromotions = failedPromotions;
        d.noRaceUntilNanos = noRaceUntilNanos;
        d.backoffSinceNanos = backoffSinceNanos;
        d.wonRace = wonRace;
        d.lastHealthy = lastHealthy;
        d.lastPosition = lastPosition;
        d.previousPosition = previousPosition;
        d.lastTimeline = lastTimeline;
        d.startTimeout = startTimeout;
        d.scheduledRestart = scheduledRestart;
        d.sync = sync;
        d.slotsSeen = slotsSeen;
        d.slotsCopiedAtNanos = slotsCopiedAtNanos;
        d.consentUntilNanos = consentUntilNanos;
        d.consentAskedNanos = consentAskedNanos;
        d.failsafeInDoubt = failsafeInDoubt;
        d.failsafeDoubtedNanos = failsafeDoubtedNanos;
        d.generation = generation;
        d.configured = configured;
        d.syncDutyReleasedAtNanos = syncDutyReleasedAtNanos;
        d.firstTurnNanos = firstTurnNanos;
        return d;
    }

    /// The memory while one decision is made. Lives only inside [HaPolicy#decide].
    static final class Draft {
        Bootstrap bootstrap = Bootstrap.NONE;
        RewindState rewind = new RewindState.Unsuspected();
        boolean wasPaused;
        boolean recovering;
        boolean crashRecoveryTried;
        @Nullable SteppingDown steppingDown;
        int failedPromotions;
        long noRaceUntilNanos;
        @Nullable Long backoffSinceNanos;
        boolean wonRace;
        @Nullable ClusterView lastHealthy;
        @Nullable Lsn lastPosition;
        @Nullable Lsn previousPosition;
        @Nullable Timeline lastTimeline;
        @Nullable Duration startTimeout;
        @Nullable ScheduledRestart scheduledRestart;
        SyncMemory sync = SyncMemory.UNKNOWN;
        Map<String, Long> slotsSeen = Map.of();
        @Nullable Long slotsCopiedAtNanos;
        long consentUntilNanos;
        long consentAskedNanos;
        Map<MemberName, String> failsafeInDoubt = Map.of();
        long failsafeDoubtedNanos;
        @Nullable String generation;
        @Nullable ClusterSettings configured;
        @Nullable Long syncDutyReleasedAtNanos;
        @Nullable Long firstTurnNanos;

        Memory build() {
            return new Memory(
                    bootstrap,
                    rewind,
                    wasPaused,
                    recovering,
                    crashRecoveryTried,
                    steppingDown,
                    failedPromotions,
                    noRaceUntilNanos,
                    backoffSinceNanos,
                    wonRace,
                    lastHealthy,
                    lastPosition,
                    previousPosition,
                    lastTimeline,
                    startTimeout,
                    scheduledRestart,
                    sync,
                    slotsSeen,
                    slotsCopiedAtNanos,
                    consentUntilNanos,
                    consentAskedNanos,
                    failsafeInDoubt,
                    failsafeDoubtedNanos,
                    generation,
                    configured,
                    syncDutyReleasedAtNanos,
                    firstTurnNanos);
        }
    }
}
