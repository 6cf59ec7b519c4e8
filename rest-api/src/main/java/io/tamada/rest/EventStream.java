package io.tamada.rest;

import io.tamada.ha.HaEvent;
import io.tamada.ha.HaNode;
import io.tamada.ha.dcs.Subscription;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// One listener's stream of events, in the format of server-sent events.
///
/// The engine's thread only puts events into a bounded queue. Who reads too slowly to keep up is
/// cut off: on reconnecting it reads the present state, which is worth more than old events.
final class EventStream implements Response.Stream {

    private static final int WAITING_MAX = 256;
    private static final int SILENCE_SECONDS_MAX = 10;

    /// Tells the browser when to come again, in milliseconds, and that the stream is open.
    private static final String GREETING = "retry: 1000\n: events of this member\n\n";

    private static final String SIGN_OF_LIFE = ": alive\n\n";

    private final HaNode node;
    private final Runnable ended;

    /// @param ended is told once the stream is over
    EventStream(HaNode node, Runnable ended) {
        this.node = node;
        this.ended = ended;
    }

    @Override
    public void writeTo(Response.Sink out) throws IOException, InterruptedException {
        BlockingQueue<HaEvent> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
        Thread writer = Thread.currentThread();
        try (Subscription _ =
                node.listen(event -> {
                    if (!waiting.offer(event)) {
                        writer.interrupt();
                    }
                })) {
            out.write(GREETING);
            while (true) {
                HaEvent event = waiting.poll(SILENCE_SECONDS_MAX, TimeUnit.SECONDS);
                out.write(event == null ? SIGN_OF_LIFE : EventText.of(event));
            }
        } finally {
            ended.run();
        }
    }
}
