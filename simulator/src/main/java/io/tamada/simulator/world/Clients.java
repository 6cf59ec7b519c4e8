package io.tamada.simulator.world;

import java.util.SplittableRandom;

/// Applications that write, all the time, to every server that takes writes and that they can
/// reach.
public final class Clients {

    private static final long MILLIS = 1_000_000L;

    private final World world;
    private long meanPauseNanos;
    private long written;
    private long acknowledged;
    private long lastAcknowledgedNanos;
    private boolean stopped;

    public Clients(World world, long meanPauseNanos) {
        this.world = world;
        this.meanPauseNanos = meanPauseNanos;
    }

    /// How many commits they have begun, and how many were acknowledged.
    public long written() {
        return written;
    }

    public long acknowledged() {
        return acknowledged;
    }

    /// When the last acknowledgement came in.
    public long lastAcknowledgedNanos() {
        return lastAcknowledgedNanos;
    }

    public void pauseBetweenWrites(long nanos) {
        meanPauseNanos = nanos;
    }

    public void start() {
        world.machines().forEach(this::startAt);
    }

    /// Begins to try one machine, for ever.
    public void startAt(Machine machine) {
        next(machine);
    }

    public void stop() {
        stopped = true;
    }

    private void next(Machine machine) {
        long pause = meanPauseNanos / 2 + world.scheduler().random().nextLong(meanPauseNanos);
        world.scheduler()
                .in(
                        pause,
                        () -> {
                            if (!stopped) {
                                write(machine);
                                next(machine);
                            }
                        });
    }

    private void write(Machine machine) {
        PostgresServer server = machine.postgres();
        if (!server.isWritable() || !world.network().connects(Network.CLIENTS, machine.name())) {
            return;
        }
        SplittableRandom random = world.scheduler().random();
        long bytes =
                random.nextInt(200) == 0 ? random.nextLong(3_000_000) : 80 + random.nextLong(2000);
        written++;
        server.commit(
                bytes,
                done -> {
                    if (done) {
                        acknowledged++;
                        lastAcknowledgedNanos = world.scheduler().nowNanos();
                    }
                });
    }

    /// How much a client may have waited between two acknowledgements when nothing is wrong.
    public long patienceNanos() {
        return meanPauseNanos * 2 + 100 * MILLIS;
    }
}
