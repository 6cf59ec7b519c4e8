package io.tamada.testkit;

import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Timeline;

/// A transaction that a client committed on a simulated server.
public final class Commit {

    /// What the client knows.
    public enum State {
        /// It waits for its answer.
        PENDING,
        /// It was told that the transaction is safe.
        ACKNOWLEDGED,
        /// Its connection broke: it doesn't know.
        BROKEN
    }

    private final MemberName server;
    private final Wal.Branch branch;
    private final Lsn position;
    private volatile State state = State.PENDING;
    private volatile long acknowledgedAtNanos;

    Commit(MemberName server, Wal.Branch branch, Lsn position) {
        this.server = server;
        this.branch = branch;
        this.position = position;
    }

    /// The server that the client was connected to.
    public MemberName server() {
        return server;
    }

    public Timeline timeline() {
        return branch.timeline();
    }

    /// Where its record ends.
    public Lsn position() {
        return position;
    }

    public State state() {
        return state;
    }

    public boolean isAcknowledged() {
        return state == State.ACKNOWLEDGED;
    }

    /// The reading of the elapsed clock when the client was answered; meaningful only for an
    /// acknowledged one.
    public long acknowledgedAtNanos() {
        return acknowledgedAtNanos;
    }

    /// True when a log has it.
    public boolean isIn(Wal wal) {
        return wal.contains(branch, position);
    }

    void acknowledge(long nanos) {
        acknowledgedAtNanos = nanos;
        state = State.ACKNOWLEDGED;
    }

    void breakOff() {
        state = State.BROKEN;
    }

    @Override
    public String toString() {
        return "Commit[" + server + " timeline " + timeline() + " " + position + " " + state + "]";
    }
}
