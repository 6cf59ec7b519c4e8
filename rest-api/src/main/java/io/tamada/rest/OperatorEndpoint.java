package io.tamada.rest;

import io.tamada.ha.HaNode;
import io.tamada.ha.HaStatus;
import io.tamada.ha.OperatorRequest;
import io.tamada.ha.OperatorRequest.Outcome;
import io.tamada.ha.model.Values;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Restart and reinitialize: handed over to this member's engine.
final class OperatorEndpoint {

    private static final String IN_PROGRESS = " already in progress";

    /// Added to the time that the work itself may take.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HaNode node;
    private final int bytesMax;

    OperatorEndpoint(HaNode node, int bytesMax) {
        this.node = node;
        this.bytesMax = bytesMax;
    }

    Response restart(Request request) throws InterruptedException {
        return switch (Bodies.optional(request, bytesMax)) {
            case Bodies.Body.Bad(Response answer) -> answer;
            case Bodies.Body.Given(var body) ->
                    switch (RestartRequests.parse(
                            body, node.status().settings().paused(), node.time().wall())) {
                        case RestartRequests.Parsed.Refused(int status, String text) ->
                                Response.text(status, text);
                        case RestartRequests.Parsed.Now(var filter) ->
                                asked(
                                        new OperatorRequest.Restart(filter),
                                        Response.text(200, "restarted successfully"),
                                        "restart",
                                        patience(filter.timeout()));
                        case RestartRequests.Parsed.Later(var filter, var at) ->
                                asked(
                                        new OperatorRequest.ScheduleRestart(filter, at),
                                        Response.text(202, "Restart scheduled"),
                                        "restart",
                                        patience(null));
                    };
        };
    }

    /// How long an order may take.
    ///
    /// @param startTimeout of PostgreSQL's start; null for the configured one
    Duration patience(@Nullable Duration startTimeout) {
        HaStatus status = node.status();
        Duration start =
                startTimeout == null ? status.settings().primaryStartTimeout() : startTimeout;
        return start.plus(status.settings().primaryStopTimeout())
                .plus(status.settings().timings().loopWait().multipliedBy(2))
                .plus(PATIENCE);
    }

    Response cancelRestart(Request request) throws InterruptedException {
        return asked(
                new OperatorRequest.CancelScheduledRestart(),
                Response.text(200, "scheduled restart deleted"),
                "restart",
                patience(Duration.ZERO));
    }

    Response reinitialize(Request request) throws InterruptedException {
        return switch (Bodies.optional(request, bytesMax)) {
            case Bodies.Body.Bad(Response answer) -> answer;
            case Bodies.Body.Given(var body) -> {
                Optional<Boolean> force = flag(body, "force");
                Optional<Boolean> fromLeader =
                        flag(body, body.containsKey("from_leader") ? "from_leader" : "from-leader");
                yield force.isEmpty() || fromLeader.isEmpty()
                        ? Response.text(400, "force and from_leader must be true or false")
                        : asked(
                                new OperatorRequest.Reinitialize(force.get(), fromLeader.get()),
                                Response.text(200, "reinitialize started"),
                                "reinitialize",
                                patience(Duration.ZERO));
            }
        };
    }

    /// Empty for what is neither true nor false.
    private static Optional<Boolean> flag(Map<String, @Nullable Object> body, String key) {
        Object value = body.get(key);
        return value == null ? Optional.of(false) : Values.bool(value);
    }

    private Response asked(OperatorRequest request, Response done, String action, Duration atMost)
            throws InterruptedException {
        CompletableFuture<Outcome> answer = node.request(request).toCompletableFuture();
        try {
            return switch (answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                case Outcome.Done() -> done;
                case Outcome.Refused(var reason, String text) -> refused(reason, text, action);
            };
        } catch (TimeoutException e) {
            return Response.text(
                    503,
                    action
                            + " status unknown after "
                            + atMost.toSeconds()
                            + " seconds; operation may still be in progress");
        } catch (ExecutionException e) {
            return Response.text(500, action + " failed");
        }
    }

    /// The texts that tools know, whatever the engine's own words are.
    private Response refused(OperatorRequest.Reason reason, String text, String action) {
        return switch (reason) {
            case CONDITIONS_NOT_MET -> Response.text(503, "restart conditions are not satisfied");
            case BUSY -> Response.text(503, busy(text));
            case STILL_STARTING -> Response.text(503, "postgres is still starting");
            case FAILED -> Response.text(503, action + " failed");
            case PAUSED -> Response.text(500, "Can't schedule restart in the paused state");
            case ALREADY_SCHEDULED -> Response.text(409, "Another restart is already scheduled");
            case NOTHING_SCHEDULED -> Response.text(404, "no restarts are scheduled");
            case NO_LEADER -> Response.text(503, "Cluster has no leader, can not reinitialize");
            case IS_LEADER -> Response.text(503, "I am the leader, can not reinitialize");
            case STOPPING -> Response.text(503, text.isBlank() ? "this member is stopping" : text);
        };
    }

    private String busy(String text) {
        if (text.endsWith(IN_PROGRESS)) {
            return text;
        }
        String task = node.status().task();
        return (task == null ? "another action" : task) + IN_PROGRESS;
    }
}
