package io.tamada.simulator.fault;

import io.tamada.simulator.fault.Fault.Direction;
import io.tamada.simulator.world.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/// Which faults happen in one episode, when, and for how long. They overlap as the seed has it.
public final class FaultPlan {

    /// @param atNanos from the beginning of the episode
    /// @param lastsNanos until it is healed
    public record Entry(long atNanos, long lastsNanos, Fault fault) {}

    private static final long SECOND = 1_000_000_000L;

    private final List<String> machines;
    private final SplittableRandom random;
    private final Scope scope;

    /// What the configuration of a cluster allows to go wrong without breaking a promise by design.
    ///
    /// @param guarded without a guard no agent is killed or frozen while PostgreSQL goes on
    /// @param ttlSeconds durations are drawn around it
    public record Scope(boolean guarded, boolean operators, int ttlSeconds) {}

    private FaultPlan(List<String> machines, Scope scope, SplittableRandom random) {
        this.machines = machines;
        this.random = random;
        this.scope = scope;
    }

    /// Draws an episode of at most so many seconds.
    public static List<Entry> draw(
            List<String> machines, Scope scope, int seconds, SplittableRandom random) {
        FaultPlan plan = new FaultPlan(machines, scope, random);
        switch (random.nextInt(12)) {
            case 0, 1 -> {
                return plan.onlyTheLaggardIsLeft(seconds);
            }
            case 2 -> {
                return plan.storeFirstThenPeers();
            }
            default -> {
                // Drawn one by one.
            }
        }
        int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 8 : 3);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Fault fault = plan.fault();
            long at = random.nextLong(seconds * SECOND);
            entries.add(new Entry(at, plan.duration(), fault));
        }
        entries.sort(Comparator.comparingLong(Entry::atNanos));
        return entries;
    }

    /// One member falls behind, then all the others lose their power: whether it may lead is the
    /// question.
    private List<Entry> onlyTheLaggardIsLeft(int seconds) {
        String laggard = machine();
        long ttl = scope.ttlSeconds() * SECOND;
        long lost = random.nextLong(seconds * SECOND);
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry(0, lost + random.nextLong(4 * ttl), new Fault.CutFromPeers(laggard)));
        for (String other : machines) {
            if (!other.equals(laggard)) {
                long apart = random.nextLong(ttl);
                long off = 2 * ttl + random.nextLong(4 * ttl);
                entries.add(new Entry(lost + apart, off, new Fault.PowerOff(other)));
            }
        }
        return entries;
    }

    /// A member loses the store and, after the others may have consented to its leading on, the
    /// others.
    private List<Entry> storeFirstThenPeers() {
        String alone = machine();
        long ttl = scope.ttlSeconds() * SECOND;
        long consented = ttl / 2 + random.nextLong(2 * ttl);
        return List.of(
                new Entry(0, 6 * ttl, new Fault.CutFromStore(alone, Direction.BOTH)),
                new Entry(consented, 4 * ttl, new Fault.CutFromPeers(alone)));
    }

    /// Short, around the ttl, or long.
    private long duration() {
        long ttl = scope.ttlSeconds() * SECOND;
        return switch (random.nextInt(4)) {
            case 0 -> random.nextLong(2 * SECOND);
            case 1 -> random.nextLong(ttl);
            case 2 -> ttl + random.nextLong(ttl);
            default -> random.nextLong(6 * ttl);
        };
    }

    private String machine() {
        return machines.get(random.nextInt(machines.size()));
    }

    private Direction direction() {
        return switch (random.nextInt(3)) {
            case 0 -> Direction.IN;
            case 1 -> Direction.OUT;
            default -> Direction.BOTH;
        };
    }

    private Fault fault() {
        int choice = random.nextInt(scope.operators() ? 27 : 20);
        return switch (choice) {
            case 0, 1 ->
                    scope.guarded()
                            ? new Fault.KillAgent(machine())
                            : new Fault.StopAgent(machine());
            case 2, 3 -> new Fault.CrashPostgres(machine());
            case 4, 5, 6 -> new Fault.PowerOff(machine());
            case 7 ->
                    scope.guarded()
                            ? new Fault.FreezeAgent(machine())
                            : new Fault.CrashPostgres(machine());
            case 8 ->
                    scope.guarded()
                            ? new Fault.FreezeMachine(machine())
                            : new Fault.PowerOff(machine());
            case 9 -> new Fault.HangPostgres(machine());
            case 10, 11 -> new Fault.CutFromStore(machine(), direction());
            case 12 -> new Fault.CutFromPeer(machine(), machine(), direction());
            case 13, 14 -> new Fault.Isolate(machine(), random.nextBoolean());
            case 15 -> new Fault.SilentStore();
            case 16 ->
                    new Fault.SlowNetwork(
                            random.nextBoolean() ? Network.STORE : machine(), upTo(5000));
            case 17 -> new Fault.LossyNetwork(random.nextDouble() * 0.3, random.nextDouble() * 0.3);
            case 18 -> new Fault.SlowPostgres(machine(), upTo(40_000));
            case 19 ->
                    random.nextBoolean()
                            ? new Fault.ClockRate(machine(), 1 + (random.nextDouble() - 0.5) / 1250)
                            : new Fault.WallJump(
                                    machine(),
                                    Duration.ofSeconds(random.nextInt(-100_000, 100_000)));
            case 20, 21 -> new Fault.Switchover(random.nextBoolean() ? machine() : "");
            case 22 -> new Fault.Failover(machine());
            case 23 -> new Fault.Restart(machine());
            case 24 -> new Fault.Reinitialize(machine());
            case 25 -> configure();
            default ->
                    random.nextInt(3) == 0 ? new Fault.Pause() : new Fault.RemoveMember(machine());
        };
    }

    private Duration upTo(long millis) {
        return Duration.ofMillis(1 + random.nextLong(millis));
    }

    private Fault configure() {
        return switch (random.nextInt(7)) {
            case 0 -> new Fault.Configure("synchronous_mode", "quorum");
            case 1 -> new Fault.Configure("synchronous_mode", true);
            case 2 -> new Fault.Configure("synchronous_mode", false);
            case 3 -> new Fault.Configure("synchronous_node_count", 1 + random.nextInt(3));
            case 4 -> new Fault.Configure("synchronous_mode_strict", random.nextBoolean());
            case 5 -> new Fault.Configure("ttl", scope.ttlSeconds() + random.nextInt(20));
            default -> new Fault.Configure("primary_start_timeout", random.nextInt(60));
        };
    }
}
