package io.tamada.pg;

import io.tamada.ha.dcs.Subscription;
import io.tamada.pg.process.ExitWatch;
import io.tamada.pg.process.OsProcess;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Tells those who want to know that the server changed, and watches the processes whose end means
/// so.
final class Changes implements AutoCloseable {

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private @Nullable ExitWatch postmaster;
    private @Nullable ExitWatch receiver;

    Subscription listen(Runnable listener) {
        // A wrapper of its own, so that one listener may subscribe twice.
        Runnable entry = () -> listener.run();
        listeners.add(entry);
        return () -> listeners.remove(entry);
    }

    void tell() {
        listeners.forEach(Runnable::run);
    }

    synchronized void watchPostmaster(OsProcess process) {
        postmaster = watched(postmaster, process);
    }

    /// The end of the WAL receiver is the end of the stream.
    synchronized void watchReceiver(@Nullable OsProcess process) {
        if (process != null) {
            receiver = watched(receiver, process);
        }
    }

    private @Nullable ExitWatch watched(@Nullable ExitWatch current, OsProcess process) {
        if (current != null) {
            if (current.process().equals(process)) {
                return current;
            }
            current.close();
        }
        return ExitWatch.on(process, this::tell);
    }

    @Override
    public synchronized void close() {
        listeners.clear();
        if (postmaster != null) {
            postmaster.close();
        }
        if (receiver != null) {
            receiver.close();
        }
    }
}
