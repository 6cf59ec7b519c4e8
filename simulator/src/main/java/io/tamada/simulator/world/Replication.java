package io.tamada.simulator.world;

import org.jspecify.annotations.Nullable;

/// A streaming connection from a server to a standby, seen from both ends: one end may know of its
/// end earlier.
final class Replication {

    private static final long MILLIS = 1_000_000L;

    private final World world;
    final PostgresServer source;
    final PostgresServer standby;
    private boolean sourceOpen = true;
    private boolean standbyOpen = true;
    private boolean streaming;
    private boolean inFlight;
    private long confirmed;
    private @Nullable Long blockedSince;

    Replication(World world, PostgresServer source, PostgresServer standby) {
        this.world = world;
        this.source = source;
        this.standby = standby;
        this.confirmed = standby.data().position;
    }

    String standbyName() {
        return standby.machine().name();
    }

    /// How far the source knows the standby to have flushed.
    long confirmed() {
        return confirmed;
    }

    /// It has caught up once, so it counts for synchronous commits.
    boolean isStreaming() {
        return streaming;
    }

    boolean isOpenAtSource() {
        return sourceOpen;
    }

    boolean isOpenAtStandby() {
        return standbyOpen;
    }

    private boolean connected() {
        return world.network().connects(source.machine().name(), standby.machine().name());
    }

    /// Sends what the standby has not got yet, one message at a time.
    void pump() {
        if (inFlight || !sourceOpen || !source.machine().isRunning()) {
            return;
        }
        Branch branch = source.data().branch;
        long position = source.data().position;
        DataDirectory there = standby.disk();
        if (there == null || !standbyOpen) {
            return;
        }
        if (there.contains(branch, position)) {
            caughtUp();
            return;
        }
        long bytes = Math.max(0, position - there.position);
        long transfer = bytes * world.nanosPerByte();
        inFlight = true;
        String from = source.machine().name();
        String to = standby.machine().name();
        world.scheduler()
                .in(
                        world.network().delayNanos(from, to) + transfer,
                        () -> arrived(branch, position));
    }

    private void arrived(Branch branch, long position) {
        inFlight = false;
        if (!sourceOpen || !standbyOpen || !connected()) {
            return;
        }
        if (!standby.machine().isRunning()) {
            return;
        }
        if (!standby.receive(this, branch, position)) {
            return;
        }
        String from = standby.machine().name();
        String to = source.machine().name();
        world.scheduler().in(world.network().delayNanos(from, to), () -> acknowledged(position));
        pump();
    }

    private void acknowledged(long position) {
        if (sourceOpen && connected() && source.machine().isRunning()) {
            confirmed = Math.max(confirmed, position);
            source.confirmedMore();
        }
    }

    private void caughtUp() {
        if (!streaming) {
            streaming = true;
            source.confirmedMore();
        }
    }

    /// Looks whether the connection is of any use still; each end gives it up after its own
    /// timeout.
    void check(long now) {
        boolean alive =
                connected() && source.machine().isRunning() && standby.machine().isRunning();
        if (alive && sourceOpen != standbyOpen) {
            // One end has been up and down meanwhile: its machine answers the other with a reset.
            closeAtSource();
            closeAtStandby();
            return;
        }
        if (alive) {
            blockedSince = null;
            pump();
            return;
        }
        if (blockedSince == null) {
            blockedSince = now;
        }
        if (now - blockedSince >= world.streamTimeoutNanos()) {
            closeAtSource();
            closeAtStandby();
        }
    }

    /// The other end learns of it if the network lets it; else by its timeout.
    void closeAtSource() {
        if (sourceOpen && source.machine().isRunning()) {
            sourceOpen = false;
            source.forget(this);
            tell(source, standby, this::closeAtStandby);
        }
    }

    void closeAtStandby() {
        if (standbyOpen && standby.machine().isRunning()) {
            standbyOpen = false;
            standby.lostSource(this);
            tell(standby, source, this::closeAtSource);
        }
    }

    private void tell(PostgresServer from, PostgresServer to, Runnable news) {
        String sender = from.machine().name();
        String receiver = to.machine().name();
        if (world.network().passes(sender, receiver)) {
            world.scheduler().in(MILLIS, news);
        }
    }

    /// The machine of one end lost its power: that end is gone, and can't tell.
    void vanishedAt(PostgresServer end) {
        if (end == source) {
            sourceOpen = false;
        } else {
            standbyOpen = false;
        }
    }
}
