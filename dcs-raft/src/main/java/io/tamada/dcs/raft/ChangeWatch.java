package io.tamada.dcs.raft;

import io.tamada.dcs.KeyPaths;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.dcs.WakeUps;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Asks the leader again and again to tell of the next change, and passes it on as hints.
///
/// Followers ask too: they apply a change only when the leader has next told them what is
/// committed.
final class ChangeWatch implements AutoCloseable {

    private static final int WAIT_MILLIS = 20_000;
    private static final int PAUSE_MILLIS = 500;

    private final GroupClient client;
    private final KeyPaths paths;
    private final TimeSource time;
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();

    /// One subscription: a listener may be registered twice, and each ends by itself.
    private static final class Subscriber {
        final WakeUps wakeUps;

        Subscriber(WakeUps wakeUps) {
            this.wakeUps = wakeUps;
        }
    }

    private @Nullable Thread thread;
    private volatile boolean closed;

    ChangeWatch(GroupClient client, KeyPaths paths, TimeSource time) {
        this.client = client;
        this.paths = paths;
        this.time = time;
    }

    Subscription add(WakeUps wakeUps) {
        Subscriber own = new Subscriber(wakeUps);
        subscribers.add(own);
        start();
        return () -> subscribers.remove(own);
    }

    private synchronized void start() {
        if (thread == null && !closed) {
            thread = Thread.ofVirtual().name("raft-watch").start(this::run);
        }
    }

    private void run() {
        long revision = -1;
        boolean connected = false;
        try {
            while (!closed) {
                Reply reply =
                        client.ask(
                                new Ask.Await(revision, WAIT_MILLIS),
                                Deadline.after(
                                        time,
                                        Duration.ofMillis(
                                                connected ? 2 * WAIT_MILLIS : PAUSE_MILLIS)));
                boolean answered = reply instanceof Reply.Changes;
                if (answered != connected) {
                    connected = answered;
                    tell(Set.of(WakeUps.Hint.CONNECTION));
                }
                if (reply instanceof Reply.Changes(long now, List<String> keys)) {
                    if (revision >= 0 && now != revision) {
                        tell(hints(keys));
                    }
                    revision = now;
                }
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    private Set<WakeUps.Hint> hints(List<String> keys) {
        if (keys.isEmpty()) {
            return EnumSet.complementOf(EnumSet.of(WakeUps.Hint.CONNECTION));
        }
        Set<WakeUps.Hint> hints = EnumSet.noneOf(WakeUps.Hint.class);
        for (String key : keys) {
            String relative = paths.relative(key);
            if (relative != null) {
                hints.add(KeyPaths.hint(relative));
            }
        }
        return hints;
    }

    private void tell(Set<WakeUps.Hint> hints) {
        for (Subscriber subscriber : subscribers) {
            hints.forEach(subscriber.wakeUps::wake);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
