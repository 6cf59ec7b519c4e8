package io.tamada.dcs.consul;

import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.KeyValueStore.Entry;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.dcs.WakeUps;
import io.tamada.ha.model.Revision;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Tells of changes: a read that Consul answers when something has changed, or after a while, and
/// another one after that. It runs while somebody listens.
final class ConsulWatch implements AutoCloseable {

    private static final Duration WAIT = Duration.ofSeconds(20);

    /// Consul adds up to a sixteenth to what it was asked to wait.
    private static final Duration GIVEN_UP = Duration.ofSeconds(25);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    /// One subscription: a listener may be registered twice, and each ends by itself.
    private static final class Subscriber {
        final WakeUps wakeUps;

        Subscriber(WakeUps wakeUps) {
            this.wakeUps = wakeUps;
        }
    }

    private final ConsulHttp http;
    private final Keys keys;
    private final TimeSource time;
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private @Nullable Thread watching;
    private boolean closed;

    ConsulWatch(ConsulHttp http, Keys keys, TimeSource time) {
        this.http = http;
        this.keys = keys;
        this.time = time;
    }

    synchronized Subscription add(WakeUps wakeUps) {
        Subscriber own = new Subscriber(wakeUps);
        subscribers.add(own);
        if (watching == null && !closed) {
            watching = Thread.ofVirtual().name("consul-watch").start(this::watch);
        }
        return () -> remove(own);
    }

    private synchronized void remove(Subscriber own) {
        subscribers.remove(own);
        if (subscribers.isEmpty()) {
            stop();
        }
    }

    private synchronized void stop() {
        if (watching != null) {
            watching.interrupt();
            watching = null;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        subscribers.clear();
        stop();
    }

    /// What was seen: the index to wait from, and each key's revision.
    private record Seen(long index, Map<String, Revision> revisions) {}

    private void watch() {
        Seen seen = new Seen(0, Map.of());
        boolean lost = false;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Seen next = next(seen);
                if (next == null) {
                    if (!lost) {
                        tell(WakeUps.Hint.CONNECTION);
                    }
                    lost = true;
                    TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                } else {
                    if (lost) {
                        tell(WakeUps.Hint.CONNECTION);
                    }
                    lost = false;
                    changes(seen.revisions(), next.revisions()).forEach(this::tell);
                    seen = next;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// What is seen after a change, or after a while; null when it can't be read.
    private @Nullable Seen next(Seen seen) throws InterruptedException {
        Map<String, String> query =
                Map.of(
                        "recurse",
                        "",
                        "index",
                        Long.toString(seen.index()),
                        "wait",
                        WAIT.toSeconds() + "s");
        if (!(http.get(keys.treeAddress(), query, Deadline.after(time, GIVEN_UP))
                instanceof Answer.Answered answered)) {
            return null;
        }
        List<Entry> entries = keys.entries(answered);
        if (entries == null) {
            return null;
        }
        Map<String, Revision> revisions = new HashMap<>();
        entries.forEach(entry -> revisions.put(entry.key(), entry.revision()));
        // An index that went back is of a Consul that was restored: begin from the start.
        long index = answered.index() < seen.index() ? 0 : Math.max(1, answered.index());
        return new Seen(index, revisions);
    }

    private static Set<WakeUps.Hint> changes(
            Map<String, Revision> before, Map<String, Revision> after) {
        Set<WakeUps.Hint> hints = EnumSet.noneOf(WakeUps.Hint.class);
        after.forEach((key, revision) -> {
            if (!revision.equals(before.get(key))) {
                hints.add(KeyPaths.hint(key));
            }
        });
        before.keySet().stream()
                .filter(key -> !after.containsKey(key))
                .forEach(key -> hints.add(KeyPaths.hint(key)));
        return hints;
    }

    private void tell(WakeUps.Hint hint) {
        for (Subscriber subscriber : subscribers) {
            subscriber.wakeUps.wake(hint);
        }
    }
}
