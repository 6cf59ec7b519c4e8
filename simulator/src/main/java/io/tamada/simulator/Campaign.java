package io.tamada.simulator;

import io.tamada.simulator.world.Story;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Many seeds, several at a time, until the hours are over, something breaks or somebody stops it.
final class Campaign {

    /// What a check of the whole tree simulates: always the same, so that what fails there was
    /// caused by the last change. New seeds are looked for without end, elsewhere.
    static final double CHECK_HOURS = 2000;

    private static final long REPORT_NANOS = 30_000_000_000L;

    private final SimulatorOptions options;
    private final long startedNanos = System.nanoTime();
    private final List<Long> failedSeeds = new ArrayList<>();
    private long nextSeed;
    private double hours;
    private long runs;
    private long faults;
    private long failovers;
    private long reportedNanos = startedNanos;
    private boolean over;

    Campaign(SimulatorOptions options) {
        this.options = options;
        Long seed = options.seed();
        this.nextSeed = seed != null ? seed : options.check() ? 1 : System.currentTimeMillis();
    }

    /// True when no promise was broken.
    boolean run() throws InterruptedException {
        System.out.println((options.single() ? "seed " : "seeds from ") + nextSeed);
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < (options.single() ? 1 : options.jobs()); i++) {
            workers.add(Thread.ofPlatform().name("simulation-" + i).start(this::work));
        }
        Thread atExit = new Thread(this::summarize);
        Runtime.getRuntime().addShutdownHook(atExit);
        for (Thread worker : workers) {
            worker.join();
        }
        Runtime.getRuntime().removeShutdownHook(atExit);
        summarize();
        return failedSeeds.isEmpty();
    }

    private void work() {
        while (true) {
            long seed;
            synchronized (this) {
                if (over || (options.hours() > 0 && hours >= options.hours())) {
                    return;
                }
                seed = nextSeed++;
                over = options.single();
            }
            done(
                    new Simulation(
                                    seed,
                                    options.members(),
                                    options.hoursEach(),
                                    options.variant(),
                                    Story.untold())
                            .run());
        }
    }

    private synchronized void done(Verdict verdict) {
        runs++;
        hours += verdict.hours();
        faults += verdict.faults();
        failovers += verdict.failovers();
        if (verdict.failed()) {
            failedSeeds.add(verdict.seed());
            over |= options.untilFailure();
        }
        if (verdict.failed() || options.single()) {
            System.out.println(verdict);
        }
        if (verdict.failed()) {
            System.out.println(
                    "  replay: dev/simulate --seed "
                            + verdict.seed()
                            + " --trace"
                            + (options.members() > 0 ? " --members " + options.members() : "")
                            + (options.hoursEach() != 1 ? " --each " + options.hoursEach() : ""));
        }
        long now = System.nanoTime();
        if (now - reportedNanos > REPORT_NANOS) {
            reportedNanos = now;
            summarize();
        }
    }

    private synchronized void summarize() {
        double seconds = (System.nanoTime() - startedNanos) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%d seeds, %.1f cluster-hours in %.0f s (%.1f per second), %d faults, %d failovers, %d violations%s%n",
                runs,
                hours,
                seconds,
                hours / seconds,
                faults,
                failovers,
                failedSeeds.size(),
                failedSeeds.isEmpty() ? "" : " " + failedSeeds);
    }
}
