package io.tamada.dcs.zookeeper;

import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.jspecify.annotations.Nullable;

/// A session that owns keys.
///
/// The library keeps a session alive for as long as it is connected. Here that is no renewal: what
/// a follower of the ensemble hears from its clients reaches the ensemble's leader later, or never.
/// A renewal connects anew, by which the leader itself begins to count from zero, and over that
/// connection it has a transaction committed by a majority, which shows that it still leads. A
/// session that is not renewed within its time is ended.
final class LeaseSession {

    /// What came of a renewal or a write.
    sealed interface Outcome {
        record Done(Answer answer) implements Outcome {}

        record Gone() implements Outcome {}
    }

    private interface Call {
        Answer over(Line line) throws InterruptedException;
    }

    private final Dialer dialer;
    private final TimeSource time;
    private final long id;
    private final byte[] password;
    private final int timeoutMillis;
    private final ReentrantLock connecting = new ReentrantLock();
    private volatile Line line;
    private volatile long renewedAt;
    private volatile boolean gone;

    /// @param openedAt the clock just before it was opened
    LeaseSession(Dialer dialer, TimeSource time, Line line, long openedAt) {
        this.dialer = dialer;
        this.time = time;
        this.line = line;
        this.id = line.session();
        this.password = line.password();
        this.timeoutMillis = line.timeoutMillis();
        this.renewedAt = openedAt;
    }

    long id() {
        return id;
    }

    /// As granted by the server.
    Duration ttl() {
        return Duration.ofMillis(timeoutMillis);
    }

    boolean isGone() {
        return gone;
    }

    /// What is left until it has to be ended, from its last renewal.
    Duration left() {
        return ttl().minusNanos(time.nanos() - renewedAt);
    }

    /// Begins to count from zero again, no earlier than from when the call began.
    ///
    /// @param check any path: whatever the answer about it, a majority has agreed on it
    /// @param reads answered after that
    Outcome renew(String check, List<Op> reads, Deadline by) throws InterruptedException {
        while (true) {
            long begun = time.nanos();
            switch (connected(true, by)) {
                case Dial.Expired _ -> {
                    return new Outcome.Gone();
                }
                case Dial.Failed _ -> {
                    return new Outcome.Done(Answer.unsent());
                }
                case Dial.Connected(Line fresh) -> {
                    Answer agreed = fresh.multi(List.of(Op.check(check, -1)), by);
                    Answer answer = isSettled(agreed) ? fresh.read(check, reads, by) : agreed;
                    if (isExpired(answer)) {
                        return new Outcome.Gone();
                    }
                    if (!isWorthAnother(answer, by)) {
                        if (isSettled(agreed) && !answer.isUnknown()) {
                            renewedAt = begun;
                        }
                        return gone ? new Outcome.Gone() : new Outcome.Done(answer);
                    }
                }
            }
        }
    }

    /// Answers of the ensemble, not of a connection.
    private static boolean isSettled(Answer answer) {
        return switch (answer.code()) {
            case OK, NONODE, NOAUTH, BADVERSION -> true;
            default -> false;
        };
    }

    private static boolean isWorthAnother(Answer answer, Deadline by) {
        return !by.hasPassed()
                && (answer.code() == Code.SESSIONMOVED || answer.code() == Code.CONNECTIONLOSS);
    }

    /// Writes over a connection of the session.
    Outcome multi(List<Op> operations, Deadline by) throws InterruptedException {
        return asked(open -> open.multi(operations, by), false, by);
    }

    /// Reads what was written before the call.
    Outcome read(String base, List<Op> reads, Deadline by) throws InterruptedException {
        return asked(open -> open.read(base, reads, by), true, by);
    }

    private Outcome asked(Call call, boolean repeatable, Deadline by) throws InterruptedException {
        while (true) {
            switch (connected(false, by)) {
                case Dial.Expired _ -> {
                    return new Outcome.Gone();
                }
                case Dial.Failed _ -> {
                    return new Outcome.Done(Answer.unsent());
                }
                case Dial.Connected(Line open) -> {
                    Answer answer = call.over(open);
                    if (isExpired(answer)) {
                        return new Outcome.Gone();
                    }
                    if (answer.code() == Code.SESSIONMOVED) {
                        // A connection that was given up reached its server after all. Nothing was
                        // done over this one.
                        open.retire();
                    } else if (answer.sent() && !(repeatable && isWorthAnother(answer, by))) {
                        return new Outcome.Done(answer);
                    }
                    if (by.hasPassed()) {
                        return new Outcome.Done(answer);
                    }
                }
            }
        }
    }

    private boolean isExpired(Answer answer) {
        if (answer.isSessionGone()) {
            abandon();
        }
        return gone;
    }

    /// The present connection, or a new one.
    private Dial connected(boolean anew, Deadline by) throws InterruptedException {
        if (!connecting.tryLock(by.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
            return new Dial.Failed("another call is still connecting");
        }
        try {
            if (gone) {
                return new Dial.Expired();
            }
            if (!anew && line.isUsable()) {
                return new Dial.Connected(line);
            }
            Dial dial = dialer.dial(id, password, timeoutMillis, by);
            switch (dial) {
                case Dial.Connected(Line fresh) -> adopt(fresh);
                case Dial.Expired _ -> abandon();
                case Dial.Failed _ -> {}
            }
            return gone ? new Dial.Expired() : dial;
        } finally {
            connecting.unlock();
        }
    }

    private synchronized void adopt(Line fresh) {
        if (gone) {
            fresh.drop();
        } else {
            line.retire();
            line = fresh;
        }
    }

    /// Ends it, so that its keys vanish now.
    synchronized void end() {
        if (!gone) {
            gone = true;
            line.endSession();
        }
    }

    /// Lets go of it; its keys stay until it runs out.
    synchronized void abandon() {
        gone = true;
        line.drop();
    }

    @Override
    public String toString() {
        return Node.token(id);
    }

    /// Whether the token names this session.
    boolean isNamed(@Nullable String token) {
        return Node.token(id).equals(token);
    }
}
