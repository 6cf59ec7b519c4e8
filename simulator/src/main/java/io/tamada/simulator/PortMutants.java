package io.tamada.simulator;

import io.tamada.ha.dcs.DcsCapabilities;
import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.DcsKey;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.LeaseGrant;
import io.tamada.ha.dcs.LeaseRenewal;
import io.tamada.ha.dcs.LeaseRequest;
import io.tamada.ha.dcs.LeaseResult;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.ReadResult;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.dcs.WakeUps;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Peer;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.port.PeerClient;
import io.tamada.ha.port.Watchdog;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// Engines that are lied to by what they are connected to, which is how mistakes of the lease
/// arithmetic, of the store adapter or of the clock look.
final class PortMutants {

    private PortMutants() {}

    static List<Variant> all() {
        return List.of(
                store(
                        "lease-believed-longer",
                        "a lease is believed half as long again as the store granted",
                        (_, result, _) -> stretched(result, 0.5)),
                store(
                        "lease-counted-from-the-answer",
                        "a lease is counted from when the answer came, not from when the request was sent",
                        (_, result, took) ->
                                result instanceof LeaseResult.Granted(LeaseGrant g)
                                        ? new LeaseResult.Granted(
                                                new LeaseGrant(
                                                        g.holder(),
                                                        g.revision(),
                                                        g.session(),
                                                        g.ttl().plusNanos(took)))
                                        : result),
                store(
                        "refusal-unheard",
                        "a lease that the store refuses to renew is taken for renewed",
                        (renewal, result, _) ->
                                renewal != null && result instanceof LeaseResult.Refused
                                        ? new LeaseResult.Granted(renewal.held())
                                        : result),
                store(
                        "silence-is-consent",
                        "a lease whose renewal nobody answered is taken for renewed",
                        (renewal, result, _) ->
                                renewal != null && result instanceof LeaseResult.Unknown
                                        ? new LeaseResult.Granted(renewal.held())
                                        : result),
                new PortMutant("wall-clock", "leases and timeouts are measured by the wall clock") {
                    @Override
                    public TimeSource time(TimeSource time) {
                        return new WallTime(time);
                    }
                },
                new PortMutant(
                        "guard-unfed", "the guard is armed once and its deadline is a day away") {
                    @Override
                    public Watchdog guard(Watchdog guard) {
                        return new TalkedTo(guard, edge -> edge + Duration.ofDays(1).toNanos());
                    }
                },
                new PortMutant(
                        "everybody-consents",
                        "a primary without the store takes every silence for consent") {
                    @Override
                    public PeerClient peers(PeerClient peers) {
                        return new Consenting(peers);
                    }
                });
    }

    private static LeaseResult stretched(LeaseResult result, double by) {
        return result instanceof LeaseResult.Granted(LeaseGrant g)
                ? new LeaseResult.Granted(
                        new LeaseGrant(
                                g.holder(),
                                g.revision(),
                                g.session(),
                                g.ttl().plusNanos((long) (g.ttl().toNanos() * by))))
                : result;
    }

    /// What a lease call seems to have brought.
    interface LeaseLie {
        LeaseResult of(
                @org.jspecify.annotations.Nullable LeaseRenewal renewal,
                LeaseResult result,
                long tookNanos);
    }

    private abstract static class PortMutant implements Variant {
        private final String name;
        private final String sentence;

        PortMutant(String name, String sentence) {
            this.name = name;
            this.sentence = sentence;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String sentence() {
            return sentence;
        }
    }

    private static Variant store(String name, String sentence, LeaseLie lie) {
        return new PortMutant(name, sentence) {
            @Override
            public DistributedConfigStore store(DistributedConfigStore store, TimeSource time) {
                return new LyingStore(store, time, lie);
            }
        };
    }

    /// The elapsed clock jumps with the wall clock.
    private record WallTime(TimeSource time) implements TimeSource {
        @Override
        public long nanos() {
            Instant wall = time.wall();
            return wall.getEpochSecond() % 100_000_000 * 1_000_000_000L + wall.getNano();
        }

        @Override
        public Instant wall() {
            return time.wall();
        }
    }

    private record TalkedTo(Watchdog guard, UnaryOperator<Long> edge) implements Watchdog {
        @Override
        public boolean activate(Duration ttl, Duration loopWait) {
            return guard.activate(ttl, loopWait);
        }

        @Override
        public void keepAlive(long edgeNanos) {
            guard.keepAlive(edge.apply(edgeNanos));
        }

        @Override
        public void disable() {
            guard.disable();
        }

        @Override
        public boolean isHealthy() {
            return guard.isHealthy();
        }

        @Override
        public void close() {
            guard.close();
        }
    }

    private record Consenting(PeerClient peers) implements PeerClient {
        @Override
        public Map<MemberName, PeerAnswer> ask(Collection<Peer> asked, Deadline by)
                throws InterruptedException {
            return peers.ask(asked, by);
        }

        @Override
        public Map<MemberName, Consent> failsafe(
                FailsafePing ping, Collection<Peer> asked, Deadline by)
                throws InterruptedException {
            Map<MemberName, Consent> answers = new TreeMap<>(peers.failsafe(ping, asked, by));
            answers.replaceAll((_, _) -> new Consent.Accepted(null));
            return answers;
        }

        @Override
        public boolean isAlive(Peer peer, Deadline by) throws InterruptedException {
            return peers.isAlive(peer, by);
        }

        @Override
        public void close() {
            peers.close();
        }
    }

    private record LyingStore(DistributedConfigStore store, TimeSource time, LeaseLie lie)
            implements DistributedConfigStore {
        @Override
        public DcsCapabilities capabilities() {
            return store.capabilities();
        }

        @Override
        public ReadResult read(Deadline by) throws InterruptedException {
            return store.read(by);
        }

        @Override
        public WriteResult write(DcsEntry entry, Precondition when, Deadline by)
                throws InterruptedException {
            return store.write(entry, when, by);
        }

        @Override
        public WriteResult delete(DcsKey key, Precondition when, Deadline by)
                throws InterruptedException {
            return store.delete(key, when, by);
        }

        @Override
        public LeaseResult acquireLeader(LeaseRequest request, Deadline by)
                throws InterruptedException {
            long sent = time.nanos();
            return lie.of(null, store.acquireLeader(request, by), time.nanos() - sent);
        }

        @Override
        public LeaseResult renewLeader(LeaseRenewal renewal, Deadline by)
                throws InterruptedException {
            long sent = time.nanos();
            return lie.of(renewal, store.renewLeader(renewal, by), time.nanos() - sent);
        }

        @Override
        public WriteResult releaseLeader(LeaseGrant held, Deadline by) throws InterruptedException {
            return store.releaseLeader(held, by);
        }

        @Override
        public WriteResult keepSession(Duration ttl, Deadline by) throws InterruptedException {
            return store.keepSession(ttl, by);
        }

        @Override
        public WriteResult deleteCluster(Deadline by) throws InterruptedException {
            return store.deleteCluster(by);
        }

        @Override
        public Subscription watch(WakeUps wakeUps) {
            return store.watch(wakeUps);
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
