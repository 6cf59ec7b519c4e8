package io.tamada.ha;

import io.tamada.ha.model.RestartFilter;
import java.time.Instant;

/// What an operator asks of one member. What concerns the whole cluster goes through the store
/// instead.
public sealed interface OperatorRequest {

    /// Restart PostgreSQL now.
    record Restart(RestartFilter filter) implements OperatorRequest {}

    /// Restart PostgreSQL at a given time.
    record ScheduleRestart(RestartFilter filter, Instant at) implements OperatorRequest {}

    record CancelScheduledRestart() implements OperatorRequest {}

    /// Throw the local data away and clone again.
    ///
    /// @param force cancel the task that runs
    /// @param fromLeader from the leader by base backup, whatever else is configured
    record Reinitialize(boolean force, boolean fromLeader) implements OperatorRequest {}

    /// How a request ended.
    sealed interface Outcome {

        /// Done, or accepted where the request is to be done later.
        record Done() implements Outcome {}

        /// @param reason which of the known reasons
        /// @param text the sentence for the operator
        record Refused(Reason reason, String text) implements Outcome {}
    }

    enum Reason {
        CONDITIONS_NOT_MET,
        BUSY,
        STILL_STARTING,
        FAILED,
        PAUSED,
        ALREADY_SCHEDULED,
        NOTHING_SCHEDULED,
        NO_LEADER,
        IS_LEADER,
        STOPPING
    }
}
