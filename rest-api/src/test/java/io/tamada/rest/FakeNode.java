package io.tamada.rest;

import io.tamada.ha.HaEvent;
import io.tamada.ha.HaListener;
import io.tamada.ha.HaNode;
import io.tamada.ha.HaStatus;
import io.tamada.ha.JournalEntry;
import io.tamada.ha.OperatorRequest;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.ReadResult;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Peer;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.port.Mailbox.WakeReason;
import io.tamada.ha.port.PeerClient;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import io.tamada.testkit.InMemoryStore;
import io.tamada.testkit.ManualTime;
import io.tamada.testkit.StoreFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A member without an engine: its status is what a test says, its store is in memory and its clock
/// stands still unless something would have to wait.
final class FakeNode implements HaNode {

    final ManualTime time = new ManualTime();
    final StoreFaults faults = new StoreFaults();
    final InMemoryStore keys = new InMemoryStore(time);
    final DistributedConfigStore store;
    final List<OperatorRequest> requests = new CopyOnWriteArrayList<>();
    final List<WakeReason> wakes = new CopyOnWriteArrayList<>();
    final List<HaListener> listeners = new CopyOnWriteArrayList<>();
    final List<String> relayed = new CopyOnWriteArrayList<>();
    final List<JournalEntry> journal = new ArrayList<>();
    final Map<MemberName, PeerAnswer> peerAnswers = new HashMap<>();
    volatile HaStatus status;
    volatile Function<OperatorRequest, CompletionStage<OperatorRequest.Outcome>> engine =
            _ -> CompletableFuture.completedFuture(new OperatorRequest.Outcome.Done());
    volatile FailsafeReply failsafeReply = new FailsafeReply.Off();
    volatile Runnable onWake = this::look;

    FakeNode() {
        status = Statuses.primary().at(time).build();
        store = keys.dcs(status.member().name(), Duration.ofSeconds(30), time.jumping(), faults);
    }

    /// Puts what the store says into the status, as a turn of the engine does.
    void look() {
        try {
            if (store.read(Deadline.after(time, Duration.ofSeconds(1)))
                    instanceof ReadResult.Seen(var view)) {
                status = Statuses.of(status).at(time).view(view).build();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public HaStatus status() {
        return status;
    }

    @Override
    public HaStatus freshStatus(Duration atMost) {
        return status();
    }

    @Override
    public CompletionStage<OperatorRequest.Outcome> request(OperatorRequest request) {
        requests.add(request);
        return engine.apply(request);
    }

    @Override
    public FailsafeReply failsafe(PeerClient.FailsafePing ping) {
        return failsafeReply;
    }

    @Override
    public void wake(WakeReason reason) {
        wakes.add(reason);
        onWake.run();
    }

    @Override
    public List<JournalEntry> journal(int most) {
        return journal.subList(Math.max(0, journal.size() - most), journal.size());
    }

    @Override
    public Subscription listen(HaListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void tell(HaEvent event) {
        listeners.forEach(listener -> listener.on(event));
    }

    @Override
    public DistributedConfigStore store() {
        return store;
    }

    @Override
    public PeerClient peers() {
        return new Peers();
    }

    private final class Peers implements PeerClient, MemberRelay {
        @Override
        public Reply forward(
                Peer to, String method, String path, @Nullable String body, Deadline by) {
            relayed.add(to.name() + " " + method + " " + path + " " + body);
            return to.apiUrl().contains(":1/")
                    ? new Reply.Silent("not there")
                    : new Reply.Answered(200, "text/plain", "restarted successfully");
        }

        @Override
        public Map<MemberName, PeerAnswer> ask(Collection<Peer> peers, Deadline by) {
            Map<MemberName, PeerAnswer> result = new HashMap<>();
            for (Peer peer : peers) {
                result.put(
                        peer.name(),
                        peerAnswers.getOrDefault(peer.name(), new PeerAnswer.Silent("not there")));
            }
            return result;
        }

        @Override
        public Map<MemberName, Consent> failsafe(
                FailsafePing ping, Collection<Peer> peers, Deadline by) {
            return Map.of();
        }

        @Override
        public boolean isAlive(Peer peer, Deadline by) {
            return false;
        }

        @Override
        public void close() {}
    }

    @Override
    public TimeSource time() {
        return time;
    }
}
