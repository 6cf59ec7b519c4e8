package io.tamada.testkit;

import io.tamada.ha.model.Lsn;

/// A streaming replication connection. Everything happens with the world's lock held.
final class FakeStream {

    private final FakeReplication world;
    private final FakeServer upstream;
    private final FakeServer standby;
    private boolean open = true;
    private long lastContact;
    private Lsn flushed = Lsn.ZERO;
    private Lsn sourceEnd;

    FakeStream(FakeReplication world, FakeServer upstream, FakeServer standby) {
        this.world = world;
        this.upstream = upstream;
        this.standby = standby;
        this.lastContact = world.now();
        this.sourceEnd = upstream.wal().end();
        deliver();
        keepAlive();
    }

    FakeServer upstream() {
        return upstream;
    }

    FakeServer standby() {
        return standby;
    }

    /// What the standby has confirmed.
    Lsn flushed() {
        return flushed;
    }

    /// Where the source stood when it last spoke.
    Lsn sourceEnd() {
        return sourceEnd;
    }

    /// Sends what the source has now.
    void deliver() {
        Wal sent = upstream.wal();
        world.after(world.delay(), () -> arrive(sent));
    }

    private void arrive(Wal sent) {
        if (!flows()) {
            return;
        }
        lastContact = world.now();
        sourceEnd = sent.end();
        Wal had = standby.wal();
        if (had.isPrefixOf(sent)) {
            standby.receive(sent);
        } else if (!sent.isPrefixOf(had)) {
            close();
            return;
        }
        Lsn has = standby.wal().end();
        world.after(world.delay(), () -> confirm(has));
    }

    private void confirm(Lsn position) {
        if (flows()) {
            lastContact = world.now();
            flushed = Lsn.max(flushed, position);
            upstream.judgeCommits();
        }
    }

    private void keepAlive() {
        world.after(
                world.timeout().dividedBy(2),
                () -> {
                    if (!open) {
                        return;
                    }
                    if (flows()) {
                        lastContact = world.now();
                        deliver();
                    } else if (world.now() - lastContact >= world.timeout().toNanos()) {
                        close();
                        return;
                    }
                    keepAlive();
                });
    }

    private boolean flows() {
        return open && world.linked(upstream, standby) && upstream.serves() && standby.isAwake();
    }

    /// One side's process ended: the other sees it at once if the network lets it, else when it has
    /// waited long enough.
    void processEnded() {
        if (world.linked(upstream, standby)) {
            close();
        }
    }

    void close() {
        if (open) {
            open = false;
            upstream.streamClosed(this);
            standby.streamClosed(this);
        }
    }
}
