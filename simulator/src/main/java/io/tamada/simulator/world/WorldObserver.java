package io.tamada.simulator.world;

/// Sees what happens in the world, all-knowing and without a part in it.
public interface WorldObserver {

    /// A server told a client that its commit is done.
    void acknowledged(PostgresServer server, Branch branch, long position);

    /// A server has begun to accept writes.
    void becameWritable(PostgresServer server);

    /// A standby is about to end recovery with the log up to here.
    void promoting(PostgresServer server, Branch branch, long position);

    /// A data directory was deleted.
    void dataRemoved(PostgresServer server, DataDirectory data, String reason);

    /// PostgreSQL would stream though the logs differ: equal timeline numbers with different
    /// content.
    void corrupted(PostgresServer standby, PostgresServer source);
}
