package io.tamada.ha.runtime;

import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.PostgresState;
import io.tamada.ha.policy.TaskView;
import io.tamada.ha.port.PostgresTask;
import org.jspecify.annotations.Nullable;

/// What a member calls its state and its role, from what was seen.
final class Describe {

    private Describe() {}

    static PostgresState state(
            LocalPostgres postgres, TaskView task, @Nullable PostgresState told) {
        if (told != null) {
            return told;
        }
        PostgresTask running = task instanceof TaskView.Running(PostgresTask t, _, _) ? t : null;
        if (running instanceof PostgresTask.Clone || running instanceof PostgresTask.Reinitialize) {
            return PostgresState.CREATING_REPLICA;
        }
        if (running instanceof PostgresTask.Restart) {
            return PostgresState.RESTARTING;
        }
        if (running instanceof PostgresTask.Stop) {
            return PostgresState.STOPPING;
        }
        return switch (postgres) {
            case LocalPostgres.NoData _ ->
                    running instanceof PostgresTask.Initialize
                            ? PostgresState.INITIALIZING
                            : PostgresState.STOPPED;
            case LocalPostgres.Stopped s ->
                    s.crashed()
                            ? PostgresState.CRASHED
                            : s.lastFailure() != null
                                    ? PostgresState.START_FAILED
                                    : PostgresState.STOPPED;
            case LocalPostgres.Starting _ -> PostgresState.STARTING;
            case LocalPostgres.Stopping _ -> PostgresState.STOPPING;
            case LocalPostgres.Standby _, LocalPostgres.Primary _, LocalPostgres.Unresponsive _ ->
                    PostgresState.RUNNING;
        };
    }

    static MemberRole role(LocalPostgres postgres, boolean leads, boolean standbyCluster) {
        return switch (postgres) {
            case LocalPostgres.Primary _ -> MemberRole.PRIMARY;
            case LocalPostgres.Standby _ ->
                    leads && standbyCluster ? MemberRole.STANDBY_LEADER : MemberRole.REPLICA;
            case LocalPostgres.NoData _ -> MemberRole.UNINITIALIZED;
            case LocalPostgres.Stopped s -> stopped(s.control(), s.standbySignal(), leads);
            case LocalPostgres.Starting s -> s.standby() ? MemberRole.REPLICA : MemberRole.PRIMARY;
            case LocalPostgres.Stopping s ->
                    s.wasPrimary() ? MemberRole.PRIMARY : MemberRole.REPLICA;
            case LocalPostgres.Unresponsive u ->
                    u.wasPrimary() ? MemberRole.PRIMARY : MemberRole.REPLICA;
        };
    }

    private static MemberRole stopped(
            @Nullable ControlData control, boolean standbySignal, boolean leads) {
        if (control == null || standbySignal || !control.state().wasPrimary()) {
            return MemberRole.REPLICA;
        }
        return leads ? MemberRole.PRIMARY : MemberRole.DEMOTED;
    }
}
