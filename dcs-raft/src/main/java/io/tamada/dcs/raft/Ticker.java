package io.tamada.dcs.raft;

import io.tamada.dcs.raft.machine.Command;
import io.tamada.dcs.raft.machine.CommandCodec;
import io.tamada.dcs.raft.machine.LogClock;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Lets the log's time move on when a session is due to end and nothing else is proposed.
///
/// It wakes when the first session would end and proposes one command if nobody prolonged it: while
/// all sessions are kept alive nothing is written for it.
final class Ticker {

    /// A command that changes nothing but the log's time.
    static final byte[] TICK = CommandCodec.bytes(new Command.Tick());

    private static final int PROPOSAL_MILLIS = 2_000;

    private final RaftMachine machine;
    private final LeaderDesk desk;
    private final ScheduledExecutorService timer;
    private @Nullable Future<?> next;
    private long nextExpiry = Long.MAX_VALUE;
    private boolean proposing;
    private boolean stopped;

    Ticker(RaftMachine machine, LeaderDesk desk, ScheduledExecutorService timer) {
        this.machine = machine;
        this.desk = desk;
        this.timer = timer;
    }

    /// Sessions or the leader have changed.
    synchronized void reconsider() {
        LogClock.Leadership leadership = machine.clock().leadership();
        long expiry = leadership == null ? Long.MAX_VALUE : machine.nextExpiry();
        // One that was prolonged is looked at again when it would have ended.
        if (leadership == null
                || expiry == Long.MAX_VALUE
                || proposing
                || stopped
                || expiry >= nextExpiry) {
            return;
        }
        if (next != null) {
            next.cancel(false);
        }
        nextExpiry = expiry;
        long wait = Math.max(0, expiry - leadership.stamp()) + TimeUnit.MILLISECONDS.toNanos(1);
        try {
            next = timer.schedule(this::due, wait, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException _) {
            stopped = true;
        }
    }

    private void due() {
        synchronized (this) {
            next = null;
            nextExpiry = Long.MAX_VALUE;
            LogClock.Leadership leadership = machine.clock().leadership();
            if (leadership == null || stopped) {
                return;
            }
            proposing = machine.nextExpiry() <= leadership.stamp();
        }
        if (proposing) {
            Thread.ofVirtual().name("raft-tick").start(this::propose);
        } else {
            reconsider();
        }
    }

    private void propose() {
        try {
            Reply reply = desk.answer(new Ask.Propose(TICK, true), PROPOSAL_MILLIS);
            if (!(reply instanceof Reply.Decided)) {
                Thread.sleep(100);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (this) {
                proposing = false;
            }
            reconsider();
        }
    }

    synchronized void stop() {
        stopped = true;
        if (next != null) {
            next.cancel(false);
        }
    }
}
