package io.tamada.dcs.zookeeper;

import io.tamada.ha.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.apache.curator.ensemble.EnsembleProvider;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/// The connection for reads, watches and keys that belong to no session. Curator keeps it up and
/// replaces it when its session has expired; the session itself owns nothing.
final class WorkLine implements AutoCloseable {

    private interface Call {
        Answer over(ZooKeeper connection) throws InterruptedException;
    }

    private final CuratorFramework curator;
    private final BiConsumer<KeeperState, @Nullable ZooKeeper> listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable ZooKeeper connection;
    private volatile long answers;
    private volatile boolean closed;

    /// @param timeout after which a dead connection is given up
    /// @param listener hears of each change of the connection, with the connection if there is one
    WorkLine(
            Dialer dialer,
            EnsembleProvider servers,
            Duration timeout,
            BiConsumer<KeeperState, @Nullable ZooKeeper> listener) {
        this.listener = listener;
        int millis = (int) timeout.toMillis();
        this.curator =
                CuratorFrameworkFactory.builder()
                        .ensembleProvider(servers)
                        .sessionTimeoutMs(millis)
                        .connectionTimeoutMs(millis)
                        .retryPolicy(new RetryOneTime(1))
                        .zookeeperFactory((hosts, wanted, watcher, _) ->
                                opened(dialer, hosts, wanted, watcher))
                        .build();
        curator.start();
    }

    private ZooKeeper opened(Dialer dialer, String hosts, int timeoutMillis, Watcher watcher)
            throws java.io.IOException {
        Handle[] self = new Handle[1];
        lock.lock();
        try {
            // Events wait until the handle is known.
            self[0] =
                    dialer.permanent(
                            hosts,
                            timeoutMillis,
                            event -> {
                                if (event.getType() == EventType.None) {
                                    turned(event.getState(), self);
                                }
                                watcher.process(event);
                            });
            connection = null;
            return self[0];
        } finally {
            lock.unlock();
        }
    }

    private void turned(KeeperState state, Handle[] self) {
        ZooKeeper now = null;
        lock.lock();
        try {
            if (state == KeeperState.SyncConnected) {
                connection = self[0];
                now = connection;
            } else if (state != KeeperState.SaslAuthenticated && self[0].equals(connection)) {
                connection = null;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        listener.accept(state, now);
    }

    /// The present connection, waited for.
    private @Nullable ZooKeeper connected(Deadline by) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (connection == null || !connection.getState().isConnected()) {
                long left = Math.min(by.remaining().toNanos(), TimeUnit.MILLISECONDS.toNanos(50));
                if (by.hasPassed() || closed) {
                    return null;
                }
                changed.awaitNanos(left);
            }
            return connection;
        } finally {
            lock.unlock();
        }
    }

    /// All of the operations or none.
    Answer multi(List<Op> operations, Deadline by) throws InterruptedException {
        return asked(connection -> Calls.multi(connection, operations, by), by);
    }

    /// Reads what was written before the call. Asked again when the connection is lost.
    Answer read(String base, List<Op> reads, Deadline by) throws InterruptedException {
        while (true) {
            Answer answer = asked(connection -> Calls.read(connection, base, reads, by), by);
            if (answer.code() != Code.CONNECTIONLOSS || by.hasPassed() || closed) {
                return answer;
            }
        }
    }

    /// Sends a call as soon as there is a connection.
    private Answer asked(Call call, Deadline by) throws InterruptedException {
        while (true) {
            ZooKeeper now = connected(by);
            if (now == null) {
                return Answer.unsent();
            }
            long before = answers;
            Answer answer = call.over(now);
            if (answer.code() == Code.OPERATIONTIMEOUT) {
                if (answers == before) {
                    replace(now);
                }
                return answer;
            }
            if (answer.sent()) {
                answers = before + 1;
                return answer;
            }
        }
    }

    /// A server that answered nothing at all while a call waited is left for another.
    private void replace(ZooKeeper silent) {
        lock.lock();
        try {
            if (closed || !silent.equals(connection)) {
                return;
            }
            connection = null;
        } finally {
            lock.unlock();
        }
        renew();
    }

    /// Connects anew, to the servers that there are now.
    void move() {
        if (!closed) {
            renew();
        }
    }

    private void renew() {
        try {
            curator.getZookeeperClient().reset();
        } catch (Exception e) {
            System.getLogger(WorkLine.class.getName())
                    .log(System.Logger.Level.DEBUG, "the connection was not replaced", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        curator.close();
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
