package io.tamada.rest;

import io.tamada.ha.HaNode;
import io.tamada.ha.HaStatus;
import io.tamada.ha.JournalEntry;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.Lsn;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers from the published snapshot: nothing here waits for anything.
final class ReadEndpoints {

    /// How old what is shown of the store is, in seconds.
    static final String AGE_HEADER = "Tamada-Store-Age";

    /// Up to where this member shows what was written: on a primary all of it, on a standby what is
    /// replayed. What a client got from the primary can be asked of a standby as `min_lsn`.
    static final String POSITION_HEADER = "Tamada-Lsn";

    /// The query parameter of a peer that wants positions as of now.
    static final String FRESH = "fresh";

    private static final Duration FRESH_WAIT = Duration.ofMillis(500);
    private static final int JOURNAL_DEFAULT = 100;
    private static final int JOURNAL_MAX = 1000;

    private static final double NANOS_PER_SECOND = 1e9;

    private static final Response UNSEEN =
            Response.text(503, "The store has not answered since this member was started");

    private final HaNode node;
    private final HostProgram program;
    private volatile @Nullable Rendered rendered;

    ReadEndpoints(HaNode node, HostProgram program) {
        this.node = node;
        this.program = program;
    }

    /// The status document of one snapshot, which load balancers ask for many times before the next
    /// one comes.
    private record Rendered(HaStatus status, boolean fresh, Response yes, Response no) {
        Response with(int code) {
            return code == HealthCodes.YES ? yes : no;
        }
    }

    @SuppressWarnings(
            "ReferenceEquality") // one snapshot, one document: to compare contents would cost more
    private Rendered rendered(HaStatus status, long now) {
        boolean fresh = status.isViewFreshAt(now);
        Rendered known = rendered;
        if (known != null && known.status() == status && known.fresh() == fresh) {
            return known;
        }
        Response yes = Response.json(HealthCodes.YES, StatusJson.of(status, program, now));
        Lsn position = StatusFacts.position(status);
        if (!position.isZero()) {
            yes = yes.with(POSITION_HEADER, position.toString());
        }
        Rendered made = new Rendered(status, fresh, yes, yes.under(HealthCodes.NO));
        rendered = made;
        return made;
    }

    Response health(HealthCheck check, Map<String, String> query) {
        HaStatus status = node.status();
        long now = node.time().nanos();
        return rendered(status, now).with(HealthCodes.code(check, query, status, now));
    }

    /// What a peer asks for before it compares positions says `fresh`: that is the one answer that
    /// waits for the engine, and not for long.
    Response status(Request request) throws InterruptedException {
        HaStatus status =
                request.query().containsKey(FRESH) ? node.freshStatus(FRESH_WAIT) : node.status();
        return rendered(status, node.time().nanos()).with(HealthCodes.YES);
    }

    Response liveness(Request request) {
        return Response.status(HealthCodes.liveness(node.status(), node.time().nanos()));
    }

    Response readiness(Request request) {
        return Response.status(
                HealthCodes.readiness(request.query(), node.status(), node.time().nanos()));
    }

    Response live(Request request) {
        return Response.json(
                200, LiveJson.of(node.status(), node.time().wall(), node.time().nanos()));
    }

    Response metrics(Request request) {
        List<JournalEntry> newest = node.journal(1);
        long entries = newest.isEmpty() ? 0 : newest.getLast().sequence();
        return Response.text(200, MetricsText.of(node.status(), entries, node.time().nanos()))
                .as("text/plain; version=0.0.4; charset=utf-8");
    }

    Response cluster(Request request) {
        HaStatus status = node.status();
        ClusterView view = status.view();
        return view == null
                ? UNSEEN
                : Response.json(200, ClusterJson.of(status.scope(), view, status.settings()));
    }

    Response history(Request request) {
        ClusterView view = node.status().view();
        return view == null ? UNSEEN : Response.json(200, ClusterJson.history(view.history()));
    }

    /// Adds to an endpoint's answers how old what they show of the store is.
    Endpoint withAge(Endpoint endpoint) {
        return request -> {
            HaStatus status = node.status();
            Response response = endpoint.answer(request);
            if (status.view() == null) {
                return response;
            }
            double seconds = (node.time().nanos() - status.viewAtNanos()) / NANOS_PER_SECOND;
            return response.with(AGE_HEADER, String.format(Locale.ROOT, "%.3f", seconds));
        };
    }

    Response journal(Request request) {
        JournalJson.Since since = JournalJson.Since.parse(request.parameter("since"));
        int limit = limit(request.parameter("limit"));
        if (limit < 1) {
            return Response.text(400, "limit must be a whole number from 1 to " + JOURNAL_MAX);
        }
        if (since == null) {
            return Response.text(
                    400,
                    "since must be a sequence number, or a time such as 2026-01-31T12:00:00+00:00");
        }
        boolean observations = "true".equals(request.parameter("observations"));
        return Response.json(
                200,
                observations
                        ? JournalJson.recorded(node.recorded(limit), since)
                        : JournalJson.of(node.journal(limit), since));
    }

    /// 0 for what is no limit.
    private static int limit(@Nullable String text) {
        if (text == null) {
            return JOURNAL_DEFAULT;
        }
        try {
            int value = Integer.parseInt(text);
            return value > JOURNAL_MAX ? 0 : value;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
