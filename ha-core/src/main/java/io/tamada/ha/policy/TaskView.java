package io.tamada.ha.policy;

import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskResult;
import java.time.Duration;

/// The one long task.
public sealed interface TaskView {

    record Idle() implements TaskView {}

    record Running(PostgresTask task, Duration elapsed, boolean cancelled) implements TaskView {}

    /// Seen once, right after it ended.
    record Ended(PostgresTask task, TaskResult result) implements TaskView {}

    TaskView IDLE = new Idle();
}
