package io.tamada.dcs.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.LeaderChangeContext;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import io.tamada.dcs.raft.machine.CommandCodec;
import io.tamada.dcs.raft.machine.KvEntry;
import io.tamada.dcs.raft.machine.KvMachine;
import io.tamada.dcs.raft.machine.LogClock;
import io.tamada.dcs.raft.machine.Outcome;
import io.tamada.ha.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Feeds the committed log to the [KvMachine], on the consensus library's one thread for it.
final class RaftMachine extends StateMachineAdapter {

    private static final System.Logger LOG = System.getLogger(RaftMachine.class.getName());

    private final LogClock clock;
    private final ChangeLog changes = new ChangeLog();
    private final ReentrantLock lock = new ReentrantLock();
    private final Listener listener;
    private KvMachine machine = new KvMachine();
    private volatile long appliedIndex;

    /// Hears what happens to the node, on the library's threads: must return at once.
    interface Listener {
        /// The node began or ceased to lead, or follows somebody else.
        void leaderChanged();

        /// Entries were applied.
        void applied(int entries);

        /// The node has stopped working for good.
        void broken(String problem);
    }

    /// A command on its way through the log.
    static final class Proposal implements Closure {
        final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

        @Override
        public void run(Status status) {
            if (!status.isOk()) {
                outcome.completeExceptionally(new IOException(status.getErrorMsg()));
            }
        }
    }

    RaftMachine(TimeSource time, Listener listener) {
        this.clock = new LogClock(time);
        this.listener = listener;
    }

    @Override
    public void onApply(Iterator entries) {
        int count = 0;
        while (entries.hasNext()) {
            KvMachine.Step step;
            long revision;
            lock.lock();
            try {
                CommandCodec.Stamped entry = CommandCodec.stamped(entries.getData());
                step = machine.apply(entry.stamp(), entry.command());
                clock.applied(entries.getIndex(), machine.time());
                revision = machine.revision();
            } catch (IOException e) {
                entries.setErrorAndRollback(
                        1, new Status(RaftError.ESTATEMACHINE, "%s", e.getMessage()));
                return;
            } finally {
                lock.unlock();
            }
            appliedIndex = entries.getIndex();
            if (entries.done() instanceof Proposal proposal) {
                proposal.outcome.complete(step.outcome());
            }
            changes.changed(revision, step.changed());
            count++;
            entries.next();
        }
        listener.applied(count);
    }

    List<KvEntry> range(String prefix) {
        lock.lock();
        try {
            return machine.range(prefix);
        } finally {
            lock.unlock();
        }
    }

    long nextExpiry() {
        lock.lock();
        try {
            return machine.nextExpiry();
        } finally {
            lock.unlock();
        }
    }

    LogClock clock() {
        return clock;
    }

    ChangeLog changes() {
        return changes;
    }

    /// The last entry with a command that was applied, or the snapshot that was loaded.
    long appliedIndex() {
        return appliedIndex;
    }

    @Override
    public void onLeaderStart(long term) {
        clock.lead(term);
        changes.serve(true);
        listener.leaderChanged();
    }

    @Override
    public void onLeaderStop(@Nullable Status status) {
        clock.follow();
        changes.serve(false);
        listener.leaderChanged();
    }

    @Override
    public void onStartFollowing(LeaderChangeContext context) {
        listener.leaderChanged();
    }

    @Override
    public void onStopFollowing(LeaderChangeContext context) {
        listener.leaderChanged();
    }

    @Override
    public void onConfigurationCommitted(Configuration members) {
        LOG.log(System.Logger.Level.INFO, "raft members: " + members);
    }

    @Override
    public void onShutdown() {
        changes.serve(false);
    }

    @Override
    public void onError(RaftException error) {
        listener.broken(String.valueOf(error.getStatus()));
    }

    @Override
    public void onSnapshotSave(SnapshotWriter writer, Closure done) {
        lock.lock();
        try {
            SnapshotFile.write(Path.of(writer.getPath()), machine);
        } catch (IOException e) {
            done.run(new Status(RaftError.EIO, "cannot write a snapshot: %s", e.getMessage()));
            return;
        } finally {
            lock.unlock();
        }
        done.run(
                writer.addFile(SnapshotFile.NAME)
                        ? Status.OK()
                        : new Status(RaftError.EIO, "cannot add the snapshot's file"));
    }

    @Override
    public boolean onSnapshotLoad(SnapshotReader reader) {
        lock.lock();
        try {
            machine = SnapshotFile.read(Path.of(reader.getPath()));
            appliedIndex = reader.load().getLastIncludedIndex();
            clock.applied(appliedIndex, machine.time());
            changes.changed(machine.revision(), List.of());
            return true;
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "cannot load the snapshot in " + reader.getPath() + ": " + e.getMessage());
            return false;
        } finally {
            lock.unlock();
        }
    }
}
