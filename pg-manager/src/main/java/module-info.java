/// PostgreSQL on this machine under the engine's orders: processes, files, replication, clone,
/// rewind.
// The agent is built later, so that the compiler doesn't know it yet.
@SuppressWarnings("module")
module io.tamada.pg {
    requires transitive io.tamada.ha;
    requires java.sql;
    requires static org.jspecify;
    requires org.postgresql.jdbc;
    // The driver's annotations, which the compiler wants to see.
    requires static org.checkerframework.checker.qual;

    exports io.tamada.pg;
    exports io.tamada.pg.guard;
    // The driver makes its sockets by class name; the agent's doctor runs PostgreSQL's programs.
    exports io.tamada.pg.process to
            io.tamada.agent,
            org.postgresql.jdbc;
}
