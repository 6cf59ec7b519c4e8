package io.tamada.ha.runtime;

import io.tamada.ha.OperatorRequest;
import io.tamada.ha.policy.PendingRequest;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Operators' requests between the threads that bring them and the loop that answers.
final class Requests {

    private static final int MOST = 16;

    private record Waiting(
            PendingRequest pending, CompletableFuture<OperatorRequest.Outcome> answer) {}

    private final List<Waiting> waiting = new ArrayList<>();
    private @Nullable Waiting underway;
    private long lastId;

    synchronized CompletionStage<OperatorRequest.Outcome> add(OperatorRequest request) {
        if (waiting.size() >= MOST) {
            return CompletableFuture.completedFuture(
                    refused(OperatorRequest.Reason.BUSY, "too many requests are waiting already"));
        }
        Waiting entry =
                new Waiting(new PendingRequest(++lastId, request), new CompletableFuture<>());
        waiting.add(entry);
        return entry.answer().minimalCompletionStage();
    }

    synchronized List<PendingRequest> pending() {
        return waiting.stream().map(Waiting::pending).toList();
    }

    synchronized void answer(long id, OperatorRequest.Outcome outcome) {
        waiting.stream()
                .filter(w -> w.pending().id() == id)
                .toList()
                .forEach(w -> {
                    waiting.remove(w);
                    w.answer().complete(outcome);
                });
    }

    /// A task was begun for this request. A reinitialize is answered at once, others when the task
    /// ends.
    synchronized void begun(long id) {
        waiting.stream()
                .filter(w -> w.pending().id() == id)
                .findFirst()
                .ifPresent(w -> {
                    waiting.remove(w);
                    if (w.pending().request() instanceof OperatorRequest.Reinitialize) {
                        w.answer().complete(new OperatorRequest.Outcome.Done());
                    } else {
                        underway = w;
                    }
                });
    }

    synchronized void ended(PostgresTask task, TaskResult result) {
        if (underway == null || !(task instanceof PostgresTask.Restart)) {
            return;
        }
        underway.answer().complete(outcome(result));
        underway = null;
    }

    synchronized void refuseAll(String why) {
        OperatorRequest.Outcome stopping = refused(OperatorRequest.Reason.STOPPING, why);
        waiting.forEach(w -> w.answer().complete(stopping));
        waiting.clear();
        if (underway != null) {
            underway.answer().complete(stopping);
            underway = null;
        }
    }

    private static OperatorRequest.Outcome outcome(TaskResult result) {
        return switch (result) {
            case TaskResult.Succeeded _ -> new OperatorRequest.Outcome.Done();
            case TaskResult.StillStarting _ ->
                    refused(OperatorRequest.Reason.STILL_STARTING, "postgres is still starting");
            case TaskResult.Failed(String problem, _) ->
                    refused(OperatorRequest.Reason.FAILED, "restart failed: " + problem);
            case TaskResult.Cancelled _ ->
                    refused(OperatorRequest.Reason.FAILED, "restart failed: cancelled");
        };
    }

    private static OperatorRequest.Outcome refused(OperatorRequest.Reason reason, String text) {
        return new OperatorRequest.Outcome.Refused(reason, text);
    }
}
