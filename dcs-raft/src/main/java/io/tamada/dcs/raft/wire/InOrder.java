package io.tamada.dcs.raft.wire;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Does one thing after the other, on a thread that is there only while there is something to do.
final class InOrder implements Executor {

    /// More than a leader sends without waiting for answers.
    private static final int WAITING_MAX = 512;

    private final String name;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean working;

    InOrder(String name) {
        this.name = name;
    }

    /// Returns at once.
    ///
    /// @throws RejectedExecutionException when too much waits
    @Override
    public synchronized void execute(Runnable task) {
        if (waiting.size() >= WAITING_MAX) {
            throw new RejectedExecutionException(WAITING_MAX + " requests wait");
        }
        waiting.add(task);
        if (!working) {
            working = true;
            Thread.ofVirtual().name(name).start(this::work);
        }
    }

    private void work() {
        for (Runnable task = next(); task != null; task = next()) {
            task.run();
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable task = waiting.poll();
        working = task != null;
        return task;
    }
}
