package io.tamada.ha.port;

import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.time.Deadline;

/// The local PostgreSQL, as the engine needs it.
///
/// [#look], [#apply] and [#divergenceFrom] are called from the engine's thread and come back by
/// their deadline; [#run] is called from a background thread, one task at a time, and ends early
/// when that thread is interrupted; [#fence] may be called from any thread at any time. None throws
/// for what the world does.
public interface PostgresControl extends AutoCloseable {

    /// One look at what the server is doing. Costs one short query when it runs.
    LocalPostgres look(Deadline by) throws InterruptedException;

    /// Does short work.
    OrderResult apply(PostgresOrder order, Deadline by) throws InterruptedException;

    /// Does long work, and returns when it is over. An interrupt cancels it: child processes are
    /// stopped, and the result is [TaskResult.Cancelled].
    TaskResult run(PostgresTask task, TaskProgress progress);

    /// Asks the source whether the local data can follow it.
    Divergence divergenceFrom(Upstream source, Deadline by) throws InterruptedException;

    /// Makes sure that no client can commit any more: stops the server at once, by force if it must
    /// be, whatever task runs.
    ///
    /// @return true when it is certain that no postmaster of this data directory lives
    boolean fence(Deadline by);

    /// Tells when the postmaster exits or the WAL stream breaks, so that the engine looks at once.
    /// A hint, as ever.
    Subscription onChange(Runnable wakeUp);

    /// Lets go of connections and threads. The server goes on.
    @Override
    void close();
}
