package io.tamada.dcs.zookeeper;

import io.tamada.dcs.KeyValueStore.Session;
import io.tamada.dcs.KeyValueStore.SessionResult;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The sessions that this process has opened and not let go of.
final class LeaseSessions implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(LeaseSessions.class.getName());

    /// How much later than at its time a session is ended: answers that are on their way come
    /// first.
    private static final Duration GRACE = Duration.ofMillis(20);

    private final Dialer dialer;
    private final TimeSource time;
    private final Map<String, LeaseSession> open = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor timer;
    private volatile @Nullable Duration toldOf;

    LeaseSessions(Dialer dialer, TimeSource time) {
        this.dialer = dialer;
        this.time = time;
        this.timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("zookeeper-sessions").factory());
        timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    SessionResult open(Duration ttl, Deadline by) throws InterruptedException {
        long begun = time.nanos();
        int millis = (int) Math.min(Integer.MAX_VALUE, ttl.toMillis());
        return switch (dialer.dial(0, new byte[0], millis, by)) {
            case Dial.Failed(String problem) -> new SessionResult.Unknown(problem);
            case Dial.Expired _ -> new SessionResult.Unknown("no session was opened");
            case Dial.Connected(Line line) -> {
                LeaseSession session = new LeaseSession(dialer, time, line, begun);
                open.put(session.toString(), session);
                if (timer.isShutdown()) {
                    session.end();
                    yield new SessionResult.Unknown(ZooKeeperStore.CLOSED);
                }
                watchOver(session);
                tellOfLess(ttl, session.ttl());
                yield new SessionResult.Granted(described(session));
            }
        };
    }

    static Session described(LeaseSession session) {
        return new Session(session.toString(), session.ttl());
    }

    /// Null for one that is gone, or that isn't ours.
    @Nullable LeaseSession find(Session session) {
        LeaseSession found = open.get(session.id());
        if (found != null && found.isGone()) {
            open.remove(session.id(), found);
            return null;
        }
        return found;
    }

    private void watchOver(LeaseSession session) {
        if (session.isGone()) {
            open.remove(session.toString(), session);
            return;
        }
        Duration left = session.left();
        if (left.isPositive()) {
            var _ =
                    timer.schedule(
                            () -> watchOver(session),
                            left.plus(GRACE).toNanos(),
                            TimeUnit.NANOSECONDS);
        } else {
            session.end();
            open.remove(session.toString(), session);
        }
    }

    private void tellOfLess(Duration wanted, Duration granted) {
        if (granted.compareTo(wanted) < 0 && !granted.equals(toldOf)) {
            toldOf = granted;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "ttl: {0} s asked for, ZooKeeper grants {1} s at most (its maxSessionTimeout)",
                    wanted.toMillis() / 1000.0,
                    granted.toMillis() / 1000.0);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        open.values().forEach(LeaseSession::abandon);
        open.clear();
    }
}
