package io.tamada.ha.policy;

import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberSettings;
import org.jspecify.annotations.Nullable;

/// What no member can mend by itself, in a sentence that says what a person has to do.
public final class Alarm {

    private Alarm() {}

    /// The alarm of a member, as long as its cause lasts.
    ///
    /// @param memory what the last turn left
    /// @return null when all is well, or will be without help
    public static @Nullable String of(Observation seen, Memory memory) {
        return seen.lease() == null ? of(seen, memory.rewind()) : null;
    }

    static @Nullable String of(Observation seen, RewindState state) {
        return switch (state) {
            case RewindState.Needed(String reason, boolean rewindable) when !rewindable ->
                    mayCloneUnrewindable(seen)
                            ? null
                            : "the data has diverged from the leader's ("
                                    + reason
                                    + "), and pg_rewind can't tell the two apart; "
                                    + makeAnew(seen);
            case RewindState.Needed(String reason, _) ->
                    canRewind(seen) || mayCloneDiverged(seen)
                            ? null
                            : "the data has diverged from the leader's ("
                                    + reason
                                    + "), and can't be rewound: "
                                    + obstacle(seen.me())
                                    + "; "
                                    + makeAnew(seen);
            case RewindState.Failed(String problem) ->
                    mayCloneAfterFailure(seen)
                            ? null
                            : "the data has diverged from the leader's, and pg_rewind failed ("
                                    + problem
                                    + "); "
                                    + makeAnew(seen);
            case RewindState.Unsuspected _,
                    RewindState.Check _,
                    RewindState.NotNeeded _,
                    RewindState.Rewound _ ->
                    null;
        };
    }

    private static String obstacle(MemberSettings me) {
        return me.useRewind()
                ? "neither wal_log_hints nor data checksums are on"
                : "postgresql.use_pg_rewind is off";
    }

    private static String makeAnew(Observation seen) {
        MemberName name = seen.me().name();
        return "save what is needed of it, then make this member anew: tamadactl reinit CLUSTER "
                + name;
    }

    static boolean canRewind(Observation seen) {
        return seen.me().useRewind() && isRewindable(seen.postgres());
    }

    private static boolean isRewindable(LocalPostgres postgres) {
        LocalPostgres.Server server = postgres.running();
        if (server != null) {
            return server.rewindable();
        }
        ControlData control = postgres.control();
        return control != null && control.rewindable();
    }

    // ---- where the user's options let the data be replaced without asking
    // ---------------------------------------

    static boolean mayCloneDiverged(Observation seen) {
        return seen.me().removeDataOnDivergedTimelines() && !seen.settings().isStandbyCluster();
    }

    static boolean mayCloneUnrewindable(Observation seen) {
        return mayCloneAfterFailure(seen) && !seen.settings().isStandbyCluster();
    }

    static boolean mayCloneAfterFailure(Observation seen) {
        return seen.me().removeDataOnRewindFailure() || seen.me().removeDataOnDivergedTimelines();
    }
}
