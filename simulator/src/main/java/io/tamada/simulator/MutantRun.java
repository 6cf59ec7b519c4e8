package io.tamada.simulator;

import io.tamada.simulator.world.Story;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Runs every mutant until an invariant catches it, and names those that get away.
final class MutantRun {

    /// Cluster-hours that each mutant gets when nothing else is asked for: what the ordinary check
    /// spends on production.
    private static final double HOURS = 300;

    private MutantRun() {}

    /// @param seeds how many were run until it was caught, or in all
    record Result(Variant mutant, @Nullable Verdict caught, long seeds, double hours) {}

    /// True when at least 95 % are caught.
    static boolean all(SimulatorOptions options) throws InterruptedException {
        Queue<Variant> waiting = new ArrayDeque<>(Mutants.all());
        List<Result> results = new ArrayList<>();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < options.jobs(); i++) {
            workers.add(
                    Thread.ofPlatform()
                            .name("mutants-" + i)
                            .start(() -> work(waiting, results, options)));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        long caught = results.stream().filter(r -> r.caught() != null).count();
        System.out.printf(Locale.ROOT, "%d of %d mutants caught%n", caught, results.size());
        return caught >= Math.ceil(results.size() * 0.95);
    }

    private static void work(
            Queue<Variant> waiting, List<Result> results, SimulatorOptions options) {
        while (true) {
            Variant mutant;
            synchronized (waiting) {
                mutant = waiting.poll();
            }
            if (mutant == null) {
                return;
            }
            Result result = hunt(mutant, options);
            synchronized (results) {
                results.add(result);
                print(result);
            }
        }
    }

    /// Runs seeds under one mutant until it is caught or the hours are over.
    static Result hunt(Variant mutant, SimulatorOptions options) {
        double budget = options.hours() > 0 ? options.hours() : HOURS;
        Long first = options.seed();
        long seed = first == null ? 1 : first;
        double hours = 0;
        long seeds = 0;
        while (hours < budget) {
            Verdict verdict =
                    new Simulation(
                                    seed++,
                                    options.members(),
                                    options.hoursEach(),
                                    mutant,
                                    Story.untold())
                            .run();
            hours += Math.max(verdict.hours(), 0.001);
            seeds++;
            if (verdict.failed() && isSoundOtherwise(verdict.seed(), options)) {
                return new Result(mutant, verdict, seeds, hours);
            }
        }
        return new Result(mutant, null, seeds, hours);
    }

    /// A seed that production fails as well says nothing about a mutant.
    private static boolean isSoundOtherwise(long seed, SimulatorOptions options) {
        return !new Simulation(
                        seed,
                        options.members(),
                        options.hoursEach(),
                        Variant.PRODUCTION,
                        Story.untold())
                .run()
                .failed();
    }

    private static void print(Result r) {
        Verdict verdict = r.caught();
        System.out.printf(
                Locale.ROOT,
                "%-30s %-8s after %3d seeds, %6.1f h  %s%n",
                r.mutant().name(),
                verdict == null ? "SURVIVED" : "caught",
                r.seeds(),
                r.hours(),
                verdict == null
                        ? r.mutant().sentence() + "  [" + Mutants.whyElusive(r.mutant()) + "]"
                        : "seed "
                                + verdict.seed()
                                + ": "
                                + verdict.violations().getFirst().invariant());
    }
}
