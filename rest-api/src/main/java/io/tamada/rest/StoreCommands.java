package io.tamada.rest;

import io.tamada.ha.HaNode;
import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.ReadResult;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.port.Mailbox.WakeReason;
import io.tamada.ha.time.Deadline;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// What commands do with the store, each call within the cluster's `retry_timeout`.
final class StoreCommands {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    private final HaNode node;

    StoreCommands(HaNode node) {
        this.node = node;
    }

    private Deadline deadline() {
        return Deadline.after(node.time(), node.status().settings().timings().retryTimeout());
    }

    ReadResult read() throws InterruptedException {
        return node.store().read(deadline());
    }

    /// Writes, and wakes the engine when it may have been written.
    WriteResult write(DcsEntry entry, Precondition when) throws InterruptedException {
        WriteResult result = node.store().write(entry, when, deadline());
        if (!(result instanceof WriteResult.Refused)) {
            node.wake(WakeReason.REQUEST);
        }
        return result;
    }

    /// Waits until this member's own view shows what was just written, so that a reader who comes
    /// next sees it too. Gives up after a moment: the write stands either way.
    void awaitSeen(Predicate<ClusterView> written, Duration atMost) {
        Deadline by = Deadline.after(node.time(), atMost);
        ClusterView view = node.status().view();
        while ((view == null || !written.test(view))
                && !by.hasPassed()
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            view = node.status().view();
        }
    }

    static Response unreachable(String problem) {
        return Response.text(503, "The store can't be reached, nothing was changed: " + problem);
    }

    static Response uncertain(String problem) {
        return Response.text(
                503,
                "The store did not answer, so nobody knows yet whether the change was made: "
                        + problem);
    }
}
