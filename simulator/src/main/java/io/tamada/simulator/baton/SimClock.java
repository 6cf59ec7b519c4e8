package io.tamada.simulator.baton;

import io.tamada.ha.time.TimeSource;
import java.time.Instant;

/// A simulated machine's clocks: the elapsed one runs at a rate of its own, the wall clock may
/// jump.
public final class SimClock implements TimeSource {

    private static final Instant EPOCH = Instant.parse("2030-01-01T00:00:00Z");

    private final BatonScheduler scheduler;
    private double rate = 1;
    private long worldAtChange;
    private long localAtChange;
    private long wallOffsetNanos;

    /// @param startNanos the elapsed clock's first reading: machines were not started together
    public SimClock(BatonScheduler scheduler, long startNanos) {
        this.scheduler = scheduler;
        this.worldAtChange = scheduler.nowNanos();
        this.localAtChange = startNanos;
    }

    /// Changes how many local seconds a true second takes.
    public void runAt(double newRate) {
        long local = nanos();
        worldAtChange = scheduler.nowNanos();
        localAtChange = local;
        rate = newRate;
    }

    /// Makes the wall clock jump; the elapsed clock doesn't notice.
    public void jumpWall(long nanos) {
        wallOffsetNanos += nanos;
    }

    @Override
    public long nanos() {
        return localAtChange + Math.round((scheduler.nowNanos() - worldAtChange) * rate);
    }

    /// The virtual time at which this clock will read `localNanos`, at its present rate.
    public long worldNanosAt(long localNanos) {
        double ahead = (localNanos - localAtChange) / rate;
        return ahead > 4e18 ? Long.MAX_VALUE / 2 : worldAtChange + (long) Math.ceil(ahead);
    }

    @Override
    public Instant wall() {
        return EPOCH.plusNanos(scheduler.nowNanos() + wallOffsetNanos);
    }
}
