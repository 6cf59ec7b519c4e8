package io.tamada.dcs.zookeeper;

import io.tamada.ha.time.Deadline;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;

/// Requests over a connection, each waited for no longer than its deadline.
final class Calls {

    private Calls() {}

    /// All of the operations or none; reads are seen as of one moment.
    static Answer multi(ZooKeeper connection, List<Op> operations, Deadline by)
            throws InterruptedException {
        if (!connection.getState().isConnected()) {
            return Answer.unsent();
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        connection.multi(
                operations,
                (code, _, _, results) -> answer.complete(Answer.of(code, results)),
                null);
        return awaited(answer, by);
    }

    /// Reads what was written before the call, whichever server took the write.
    static Answer read(ZooKeeper connection, String base, List<Op> reads, Deadline by)
            throws InterruptedException {
        if (!connection.getState().isConnected()) {
            return Answer.unsent();
        }
        CompletableFuture<Answer> synced = new CompletableFuture<>();
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        connection.sync(base, (code, _, _) -> synced.complete(Answer.of(code, null)), null);
        connection.multi(
                reads, (code, _, _, results) -> answer.complete(Answer.of(code, results)), null);
        Answer first = awaited(synced, by);
        return first.code() == Code.OK ? awaited(answer, by) : first;
    }

    private static Answer awaited(CompletableFuture<Answer> answer, Deadline by)
            throws InterruptedException {
        try {
            return answer.get(by.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return Answer.late();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an answer never fails", e);
        }
    }
}
