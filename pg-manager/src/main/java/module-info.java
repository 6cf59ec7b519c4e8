/// PostgreSQL on this machine under the engine's orders: processes, files, replication, clone,
/// rewind.
module io.tamada.pg {
    requires transitive io.tamada.ha;
    requires java.sql;
    requires static org.jspecify;
    requires org.postgresql.jdbc;
    // The driver's annotations, which the compiler wants to see.
    requires static org.checkerframework.checker.qual;

    exports io.tamada.pg;
    exports io.tamada.pg.guard;
    // The driver makes its sockets by class name.
    exports io.tamada.pg.process to
            org.postgresql.jdbc;
}
