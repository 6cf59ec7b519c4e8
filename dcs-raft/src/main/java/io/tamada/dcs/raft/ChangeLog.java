package io.tamada.dcs.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The latest changed keys, for those who wait for a change at the leader.
final class ChangeLog {

    private static final int KEPT = 256;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final ArrayDeque<Change> latest = new ArrayDeque<>();
    private long revision;
    private boolean serving;

    private record Change(long revision, String key) {}

    /// Notes what a command changed, and the revision after it.
    void changed(long newRevision, List<String> keys) {
        lock.lock();
        try {
            if (newRevision == revision) {
                return;
            }
            revision = newRevision;
            for (String key : keys) {
                latest.addLast(new Change(newRevision, key));
            }
            while (latest.size() > KEPT) {
                latest.removeFirst();
            }
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Whether this node answers: only while it leads does it hear of changes at once.
    void serve(boolean leading) {
        lock.lock();
        try {
            serving = leading;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for a change after a revision.
    ///
    /// @return null when this node does not lead, or no longer
    Reply.@Nullable Changes await(long since, int millis) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lock();
        try {
            while (serving && since >= 0 && revision <= since && left > 0) {
                left = moved.awaitNanos(left);
            }
            return serving ? new Reply.Changes(revision, keysAfter(since)) : null;
        } finally {
            lock.unlock();
        }
    }

    private List<String> keysAfter(long since) {
        List<String> keys = new ArrayList<>();
        boolean complete =
                since >= 0 && (latest.isEmpty() || latest.getFirst().revision() <= since + 1);
        for (Change change : latest) {
            if (complete && change.revision() > since && !keys.contains(change.key())) {
                keys.add(change.key());
            }
        }
        return keys;
    }
}
