package io.tamada.ha.port;

/// How a task ended.
public sealed interface TaskResult {

    record Succeeded() implements TaskResult {}

    /// @param problem a sentence for operators
    /// @param retry true when trying the same again may help
    record Failed(String problem, boolean retry) implements TaskResult {}

    /// It still starts when its time is over: not ready, not dead.
    record StillStarting() implements TaskResult {}

    record Cancelled() implements TaskResult {}

    static TaskResult success() {
        return new Succeeded();
    }

    default boolean succeeded() {
        return this instanceof Succeeded;
    }
}
