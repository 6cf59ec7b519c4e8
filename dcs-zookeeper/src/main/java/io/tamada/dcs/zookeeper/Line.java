package io.tamada.dcs.zookeeper;

import io.tamada.ha.time.Deadline;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.Op;

/// One connection of a session, to one server. It is never made a second time: what could not be
/// sent over it is not sent.
final class Line {

    private final Handle handle;

    /// How many calls use it; below zero when it is retired and the last call has ended.
    private final AtomicInteger users = new AtomicInteger(1);

    private volatile boolean retired;

    Line(Handle handle) {
        this.handle = handle;
    }

    long session() {
        return handle.getSessionId();
    }

    byte[] password() {
        return handle.getSessionPasswd();
    }

    int timeoutMillis() {
        return handle.getSessionTimeout();
    }

    boolean isUsable() {
        return !retired && handle.getState().isConnected();
    }

    Answer multi(List<Op> operations, Deadline by) throws InterruptedException {
        users.incrementAndGet();
        try {
            return Calls.multi(handle, operations, by);
        } finally {
            leave();
        }
    }

    Answer read(String base, List<Op> reads, Deadline by) throws InterruptedException {
        users.incrementAndGet();
        try {
            return Calls.read(handle, base, reads, by);
        } finally {
            leave();
        }
    }

    /// Closes it as soon as nobody waits for an answer; the session lives on.
    void retire() {
        if (!retired) {
            retired = true;
            leave();
        }
    }

    private void leave() {
        if (users.decrementAndGet() == 0) {
            handle.close();
        }
    }

    /// Closes it at once; the session lives on.
    void drop() {
        retired = true;
        handle.close();
    }

    /// Ends the session with it.
    void endSession() {
        retired = true;
        handle.endSession();
    }
}
