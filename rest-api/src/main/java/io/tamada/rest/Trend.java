package io.tamada.rest;

import io.tamada.ha.HaNode;
import io.tamada.ha.HaStatus;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.LeaderKey;
import io.tamada.ha.model.Lsn;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Where the members' WAL was during the last hour, as this member saw it: a sample every ten
/// seconds, in memory.
final class Trend implements AutoCloseable {

    private static final int EVERY_SECONDS = 10;
    private static final int SAMPLES_MAX = 360;

    /// @param leader null when nobody led
    /// @param position the primary's, as far as it was published
    /// @param members position by name; without those that published none
    private record Sample(
            Instant at, @Nullable String leader, Lsn position, Map<String, Lsn> members) {}

    private final Deque<Sample> samples = new ArrayDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final HaNode node;

    Trend(HaNode node) {
        this.node = node;
        Thread _ = Thread.ofVirtual().name("rest-trend").start(this::follow);
    }

    private void follow() {
        try {
            do {
                take(node.status(), node.time().wall());
            } while (!closed.await(EVERY_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            // Nobody interrupts it but to end it.
        }
    }

    synchronized void take(HaStatus status, Instant at) {
        ClusterView view = status.view();
        if (view == null) {
            return;
        }
        Map<String, Lsn> members = new TreeMap<>();
        view.members()
                .forEach((name, member) -> {
                    if (member.position() != null) {
                        members.put(name.value(), member.position());
                    }
                });
        String leader =
                view.leader() instanceof LeaderKey.HeldBy(var name, _, _) ? name.value() : null;
        samples.addLast(new Sample(at, leader, view.status().optime(), members));
        if (samples.size() > SAMPLES_MAX) {
            samples.removeFirst();
        }
    }

    /// Positions in bytes, oldest sample first.
    synchronized Map<String, Object> document() {
        Map<String, Object> doc = new LinkedHashMap<>();
        doc.put("every_seconds", EVERY_SECONDS);
        doc.put("samples", samples.stream().map(Trend::json).toList());
        return doc;
    }

    private static Map<String, @Nullable Object> json(Sample sample) {
        Map<String, Object> members = new LinkedHashMap<>();
        sample.members().forEach((name, position) -> members.put(name, position.value()));
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("at", Timestamps.iso(sample.at()));
        result.put("leader", sample.leader());
        result.put("position", sample.position().value());
        result.put("members", members);
        return result;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
