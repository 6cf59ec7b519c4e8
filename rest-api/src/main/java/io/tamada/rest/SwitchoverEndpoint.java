package io.tamada.rest;

import io.tamada.ha.HaNode;
import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.ReadResult;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.LeaderKey;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.Peer;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.model.Versioned;
import io.tamada.ha.time.Deadline;
import io.tamada.rest.SwitchoverRequests.Action;
import io.tamada.rest.SwitchoverRequests.Candidates;
import io.tamada.rest.SwitchoverRequests.Parsed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Moves the leader role: checks what can be checked, leaves the wish in the store, and waits for
/// what comes of it.
final class SwitchoverEndpoint {

    private static final Duration PEERS_ANSWER_WITHIN = Duration.ofSeconds(2);
    private static final Duration LOOK_AT_LEAST_EVERY = Duration.ofSeconds(1);

    /// The result is waited for twice this long, or twice `loop_wait` if that is longer.
    private static final long WAIT_SECONDS_MIN = 10;

    private final HaNode node;
    private final StoreCommands store;
    private final int bytesMax;

    SwitchoverEndpoint(HaNode node, StoreCommands store, int bytesMax) {
        this.node = node;
        this.store = store;
        this.bytesMax = bytesMax;
    }

    Response switchover(Request request) throws InterruptedException {
        return post(Action.SWITCHOVER, request);
    }

    Response failover(Request request) throws InterruptedException {
        return post(Action.FAILOVER, request);
    }

    private Response post(Action action, Request request) throws InterruptedException {
        return switch (Bodies.required(request, bytesMax)) {
            case Bodies.Body.Bad(Response answer) -> answer;
            case Bodies.Body.Given(var body) ->
                    switch (store.read()) {
                        case ReadResult.Unknown(String problem) ->
                                StoreCommands.unreachable(problem);
                        case ReadResult.Seen(ClusterView view) -> understood(action, body, view);
                    };
        };
    }

    private Response understood(Action action, Map<String, @Nullable Object> body, ClusterView view)
            throws InterruptedException {
        ClusterSettings settings = settings(view);
        return switch (SwitchoverRequests.parse(
                action, body, settings.paused(), node.time().wall())) {
            case Parsed.Refused(int status, String text) -> Response.text(status, text);
            case Parsed.Asked asked -> asked(asked, view, settings);
        };
    }

    private ClusterSettings settings(ClusterView view) {
        Versioned<ConfigDocument> config = view.config();
        return config == null ? node.status().settings() : ClusterSettings.of(config.value());
    }

    private Response asked(Parsed.Asked asked, ClusterView view, ClusterSettings settings)
            throws InterruptedException {
        if (asked.at() == null) {
            String impossible = impossible(asked, view, settings);
            if (impossible != null) {
                return Response.text(412, impossible);
            }
        }
        Semaphore hints = new Semaphore(0);
        try (Subscription _ = node.store().watch(_ -> hints.release())) {
            WriteResult written =
                    store.write(new DcsEntry.Failover(asked.toStore()), Precondition.whatever());
            if (!written.isApplied()) {
                return Response.text(503, "failed to write failover key into DCS");
            }
            return asked.at() != null
                    ? Response.text(202, "Switchover scheduled")
                    : result(asked, holder(view), settings, hints);
        }
    }

    /// Why it can't be done; null when it may be.
    private @Nullable String impossible(
            Parsed.Asked asked, ClusterView view, ClusterSettings settings)
            throws InterruptedException {
        return switch (SwitchoverRequests.candidates(asked, view, settings)) {
            case Candidates.Impossible(String text) -> text;
            case Candidates.Found(List<MemberStatus> members) ->
                    anyIsFit(members)
                            ? null
                            : SwitchoverRequests.impossible(
                                    asked, "no good candidates have been found");
        };
    }

    private boolean anyIsFit(List<MemberStatus> members) throws InterruptedException {
        List<Peer> peers =
                members.stream()
                        .filter(m -> m.apiUrl() != null)
                        .map(m -> new Peer(m.name(), String.valueOf(m.apiUrl())))
                        .toList();
        return node
                .peers()
                .ask(peers, Deadline.after(node.time(), PEERS_ANSWER_WITHIN))
                .values()
                .stream()
                .anyMatch(answer ->
                        switch (answer) {
                            case PeerAnswer.Answered a ->
                                    !a.tags().noFailover() && !a.watchdogFailed();
                            case PeerAnswer.Silent _ -> false;
                        });
    }

    private static @Nullable MemberName holder(ClusterView view) {
        return view.leader() instanceof LeaderKey.HeldBy(var name, _, _) ? name : null;
    }

    /// Looks until another leads, the wish is gone, or time is up.
    private Response result(
            Parsed.Asked asked,
            @Nullable MemberName before,
            ClusterSettings settings,
            Semaphore hints)
            throws InterruptedException {
        long seconds = 2 * Math.max(WAIT_SECONDS_MIN, settings.timings().loopWait().toSeconds());
        Deadline by = Deadline.after(node.time(), Duration.ofSeconds(seconds));
        while (!by.hasPassed()) {
            long atMost = Math.min(by.remaining().toMillis(), LOOK_AT_LEAST_EVERY.toMillis());
            if (hints.tryAcquire(atMost, TimeUnit.MILLISECONDS)) {
                hints.drainPermits();
            }
            if (store.read() instanceof ReadResult.Seen(ClusterView view)) {
                Response response = judged(asked, before, view);
                if (response != null) {
                    return response;
                }
            }
        }
        return Response.text(
                503,
                asked.action().title()
                        + " status unknown after "
                        + seconds
                        + " seconds; operation may still be in progress");
    }

    private static @Nullable Response judged(
            Parsed.Asked asked, @Nullable MemberName before, ClusterView view) {
        MemberName now = holder(view);
        if (now != null && !now.equals(before)) {
            MemberName candidate = asked.candidate();
            return Response.text(
                    200,
                    candidate == null || candidate.equals(now)
                            ? asked.action().succeeded(now)
                            : asked.action().wonByOther(now, candidate));
        }
        return view.failover() == null
                ? Response.text(503, asked.action().title() + " failed")
                : null;
    }

    /// Takes a scheduled switchover back.
    Response cancel(Request request) throws InterruptedException {
        return switch (store.read()) {
            case ReadResult.Unknown(String problem) -> StoreCommands.unreachable(problem);
            case ReadResult.Seen(ClusterView view)
                    when view.failover() != null
                            && view.failover().value() instanceof FailoverRequest.Switchover s
                            && s.scheduledAt() != null ->
                    cancel(view.failover());
            case ReadResult.Seen _ -> Response.text(404, "no switchover is scheduled");
        };
    }

    private Response cancel(Versioned<FailoverRequest> scheduled) throws InterruptedException {
        return switch (store.write(
                new DcsEntry.Failover(null), Precondition.at(scheduled.revision()))) {
            case WriteResult.Applied _ -> Response.text(200, "scheduled switchover deleted");
            case WriteResult.Refused _ ->
                    Response.text(409, "The switchover was changed by someone else meanwhile");
            case WriteResult.Unknown(String problem) -> StoreCommands.uncertain(problem);
        };
    }
}
