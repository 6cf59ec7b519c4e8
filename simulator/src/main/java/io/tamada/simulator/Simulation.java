package io.tamada.simulator;

import io.tamada.simulator.baton.BatonScheduler;
import io.tamada.simulator.fault.FaultInjector;
import io.tamada.simulator.fault.FaultPlan;
import io.tamada.simulator.fault.Operators;
import io.tamada.simulator.invariant.Judgement;
import io.tamada.simulator.invariant.LeaseHonoured;
import io.tamada.simulator.invariant.NoConfirmedCommitLost;
import io.tamada.simulator.invariant.NofailoverHonoured;
import io.tamada.simulator.invariant.NothingDeletedWithoutReason;
import io.tamada.simulator.invariant.OneBootstrap;
import io.tamada.simulator.invariant.OneWritablePrimary;
import io.tamada.simulator.invariant.TimelineGrows;
import io.tamada.simulator.world.Clients;
import io.tamada.simulator.world.Machine;
import io.tamada.simulator.world.Story;
import io.tamada.simulator.world.World;
import io.tamada.simulator.world.WorldObserver;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/// One cluster's life under one seed: born, troubled and healed again and again, judged at every
/// event.
public final class Simulation {

    private static final long SECOND = 1_000_000_000L;
    private static final long HOUR = 3600 * SECOND;

    /// How much a cluster gets to itself after everything was healed, besides a few ttls.
    private static final long RECOVERY_SECONDS = 180;

    /// Held for ever, so that it stays silent: the story tells what the engines say.
    private static final Logger ENGINE_LOG = silenced();

    private final long seed;
    private final long lengthNanos;
    private final ClusterSetup setup;
    private final BatonScheduler scheduler;
    private final World world;
    private final Judgement judgement;
    private final Agents agents;
    private final FaultInjector faults;
    private final Operators operators;
    private final Clients clients;
    private final Liveness liveness;

    /// @param members how many; 0 leaves it to the seed
    /// @param hours how long, unless a promise is broken before
    /// @param variant how the engines think: the production policy or one of its mutants
    public Simulation(long seed, int members, double hours, Variant variant, Story story) {
        this.seed = seed;
        this.lengthNanos = (long) (hours * HOUR);
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 1);
        this.setup = ClusterSetup.draw(random, members);
        this.scheduler = new BatonScheduler(random.nextLong());
        this.world = new World(scheduler, setup.guarded(), story);
        this.judgement = new Judgement(world);
        this.agents = new Agents(world, setup, variant);
        this.operators = new Operators(world, judgement);
        this.faults = new FaultInjector(world, agents, operators);
        this.clients = new Clients(world, 500_000_000L);
        setup.members().forEach(world::addMachine);
        List.<WorldObserver>of(
                        new OneWritablePrimary(judgement),
                        new LeaseHonoured(judgement),
                        new TimelineGrows(judgement),
                        new NoConfirmedCommitLost(judgement),
                        new OneBootstrap(judgement),
                        new NofailoverHonoured(judgement, setup::tagsOf),
                        new NothingDeletedWithoutReason(judgement, setup.divergedMayGo()))
                .forEach(world::observe);
        this.liveness = new Liveness(world, clients, judgement, operators, setup);
    }

    private static Logger silenced() {
        Logger log = Logger.getLogger("io.tamada.ha");
        log.setLevel(Level.OFF);
        return log;
    }

    /// Runs it.
    public Verdict run() {
        if (ENGINE_LOG.isLoggable(Level.SEVERE)) {
            world.note("seed " + seed, "setup", () -> "the engines' log is on");
        }
        world.note("seed " + seed, "setup", setup::toString);
        try {
            live();
        } catch (RuntimeException e) {
            judgement.violated("NoEngineFailure", stackOf(e));
        }
        return new Verdict(
                seed,
                setup,
                scheduler.nowNanos() / (double) HOUR,
                scheduler.steps(),
                faults.injected(),
                judgement.failovers(),
                clients.acknowledged(),
                scheduler.fingerprint(),
                judgement.violations());
    }

    private static String stackOf(Throwable problem) {
        Throwable cause = problem.getCause() == null ? problem : problem.getCause();
        StringBuilder text = new StringBuilder(cause.toString());
        for (int i = 0; i < Math.min(6, cause.getStackTrace().length); i++) {
            text.append(" < ").append(cause.getStackTrace()[i]);
        }
        return text.toString();
    }

    private void live() {
        world.machines().forEach(agents::start);
        if (!until(RECOVERY_SECONDS + 4L * setup.ttlSeconds(), liveness::hasLeader)) {
            judgement.violated("LeaderReturns", "no cluster was born");
            return;
        }
        clients.start();
        if (!recovered()) {
            return;
        }
        while (scheduler.nowNanos() < lengthNanos) {
            int seconds = 20 + scheduler.random().nextInt(10 * setup.ttlSeconds());
            FaultPlan.Scope scope =
                    new FaultPlan.Scope(setup.guarded(), setup.operators(), setup.ttlSeconds());
            faults.schedule(FaultPlan.draw(setup.members(), scope, seconds, scheduler.random()));
            pass(seconds + scheduler.random().nextInt(3 * setup.ttlSeconds()));
            faults.heal();
            if (!recovered()) {
                return;
            }
            pass(scheduler.random().nextInt(30));
        }
    }

    private boolean recovered() {
        liveness.begin();
        boolean well = until(RECOVERY_SECONDS + 6L * setup.ttlSeconds(), liveness::isWell);
        if (!well && judgement.violations().isEmpty()) {
            judgement.violated(
                    liveness.hasLeader() ? "AllStream" : "LeaderReturns", liveness.whatIsMissing());
        }
        return judgement.violations().isEmpty();
    }

    private boolean until(long seconds, BooleanSupplier condition) {
        for (long i = 0; i < seconds && judgement.violations().isEmpty(); i++) {
            if (condition.getAsBoolean()) {
                return true;
            }
            pass(1);
        }
        return condition.getAsBoolean();
    }

    private void pass(long seconds) {
        long end = scheduler.nowNanos() + seconds * SECOND;
        while (scheduler.nowNanos() < end && judgement.violations().isEmpty()) {
            scheduler.step();
        }
    }

    World world() {
        return world;
    }

    /// The machines, for a look from outside.
    Iterable<Machine> machines() {
        return world.machines();
    }
}
