package io.tamada.rest;

import io.tamada.ha.HaNode;
import java.util.concurrent.Semaphore;

/// Hands out streams of events, a bounded number at a time.
final class EventsEndpoint {

    private static final int STREAMS_MAX = 100;

    private final HaNode node;
    private final Semaphore free = new Semaphore(STREAMS_MAX);

    EventsEndpoint(HaNode node) {
        this.node = node;
    }

    Response open(Request request) {
        if (Routes.isProbe(request.method())) {
            return Response.status(200);
        }
        return free.tryAcquire()
                ? Response.stream("text/event-stream", new EventStream(node, free::release))
                : Response.text(503, STREAMS_MAX + " streams of events are open already");
    }
}
