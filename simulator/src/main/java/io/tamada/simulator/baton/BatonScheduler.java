package io.tamada.simulator.baton;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Runs simulated threads one at a time and keeps the virtual time.
///
/// The threads are virtual threads whose continuations are all carried by the one platform thread
/// that calls [#step], so that exactly one runs at a time, a lock of the standard library held
/// across a wait blocks only its contenders, and a step costs less than a microsecond. Whenever the
/// running thread waits, the next is drawn by the seed among those that can run; when none can,
/// time goes on to the next timer. Equal seeds give equal runs.
///
/// Not thread-safe: everything of one world happens on the thread that drives it.
public final class BatonScheduler {

    /// What came of a step.
    public enum Progress {
        RAN,
        /// Nothing can run and no timer is set: whoever waits, waits for ever.
        STUCK
    }

    private final SplittableRandom random;
    private final List<Runnable> runnable = new ArrayList<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final List<SimProcess> processes = new ArrayList<>();
    private long nowNanos;
    private long sequence;
    private long steps;
    private long fingerprint = 17;
    private @Nullable Throwable failure;

    public BatonScheduler(long seed) {
        random = new SplittableRandom(seed);
    }

    /// Virtual time since the beginning. Every machine's clocks derive from it.
    public long nowNanos() {
        return nowNanos;
    }

    /// How many times something ran.
    public long steps() {
        return steps;
    }

    /// A digest of which thread ran when: equal for equal runs.
    public long fingerprint() {
        return fingerprint;
    }

    /// Draws for everything that the world decides, so that one seed decides all.
    public SplittableRandom random() {
        return random;
    }

    /// Does something at a given time, outside all threads. A time that has passed means as soon as
    /// possible.
    public Timer at(long nanos, Runnable action) {
        Timer timer = new Timer(Math.max(nanos, nowNanos), sequence++, action);
        timers.add(timer);
        return timer;
    }

    /// Does something after a delay.
    public Timer in(long delayNanos, Runnable action) {
        return at(nowNanos + delayNanos, action);
    }

    /// A process whose threads freeze, thaw and die together.
    public SimProcess process(String name) {
        SimProcess process = new SimProcess(this, name);
        processes.add(process);
        processes.removeIf(SimProcess::isForgotten);
        return process;
    }

    void ready(Runnable continuation) {
        runnable.add(continuation);
    }

    void mix(long value) {
        fingerprint = fingerprint * 31 + value;
    }

    void failed(Throwable problem) {
        if (failure == null) {
            failure = problem;
        }
    }

    /// Runs one thread until it waits, or moves time to the next timer.
    ///
    /// @throws IllegalStateException when a simulated thread ended with an exception
    public Progress step() {
        steps++;
        if (!runnable.isEmpty()) {
            int chosen = runnable.size() == 1 ? 0 : random.nextInt(runnable.size());
            Runnable continuation = runnable.get(chosen);
            runnable.set(chosen, runnable.getLast());
            runnable.removeLast();
            continuation.run();
        } else {
            Timer timer = timers.poll();
            if (timer == null) {
                return Progress.STUCK;
            }
            if (timer.isCancelled()) {
                return Progress.RAN;
            }
            nowNanos = timer.atNanos();
            mix(nowNanos);
            timer.fire();
        }
        Throwable problem = failure;
        if (problem != null) {
            failure = null;
            throw new IllegalStateException("a simulated thread ended with " + problem, problem);
        }
        return Progress.RAN;
    }

    /// Runs until the virtual time has been reached; false when stuck before.
    public boolean runUntil(long nanos) {
        Timer end = at(nanos, () -> {});
        while (!end.hasFired()) {
            if (step() == Progress.STUCK) {
                return false;
            }
        }
        return true;
    }

    /// The threads that wait for something that no timer can bring: what to print when stuck.
    public List<String> waiting() {
        List<String> names = new ArrayList<>();
        for (SimProcess process : processes) {
            names.addAll(process.liveThreads());
        }
        return names;
    }
}
