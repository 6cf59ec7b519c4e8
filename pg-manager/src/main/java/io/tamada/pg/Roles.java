package io.tamada.pg;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PasswordUtil;

/// The database roles that replication and the agents need.
final class Roles {

    private static final List<String> REWIND_FUNCTIONS =
            List.of(
                    "pg_ls_dir(text, boolean, boolean)",
                    "pg_stat_file(text, boolean)",
                    "pg_read_binary_file(text)",
                    "pg_read_binary_file(text, bigint, bigint, boolean)");

    /// Nothing of what follows reaches the server's log or waits for a standby.
    private static final List<String> QUIETLY =
            List.of(
                    "SET synchronous_commit TO local",
                    "SET log_statement TO none",
                    "SET log_duration TO off",
                    "SET log_min_duration_statement TO -1",
                    "SET log_min_error_statement TO panic",
                    "SET pg_stat_statements.track_utility TO off",
                    "SET pgaudit.log TO none");

    private Roles() {}

    static void superuser(Connection connection, PostgresSettings settings) throws SQLException {
        Credentials role = settings.superuser;
        if (role.username() != null && role.password() != null) {
            create(connection, role, "SUPERUSER", settings.requiresScram());
        }
    }

    static void others(Connection connection, PostgresSettings settings, PgVersion version)
            throws SQLException {
        if (settings.replication.username() != null) {
            create(connection, settings.replication, "REPLICATION", settings.requiresScram());
        }
        Credentials rewind = settings.rewind;
        boolean own =
                rewind.username() != null
                        && !rewind.username().equals(settings.superuser.username());
        if (own && version.atLeast(110_000)) {
            create(connection, rewind, "", settings.requiresScram());
            for (String function : REWIND_FUNCTIONS) {
                Sql.execute(
                        connection,
                        "GRANT EXECUTE ON FUNCTION pg_catalog."
                                + function
                                + " TO "
                                + Sql.identifier(String.valueOf(rewind.username())));
            }
        }
    }

    private static void create(
            Connection connection, Credentials role, String attributes, boolean scram)
            throws SQLException {
        String name = String.valueOf(role.username());
        for (String setting : QUIETLY) {
            Sql.execute(connection, setting);
        }
        try {
            String found =
                    Sql.one(
                            connection,
                            "SELECT 1 FROM pg_roles WHERE rolname = " + Sql.literal(name));
            Sql.execute(
                    connection,
                    (found == null ? "CREATE" : "ALTER")
                            + " ROLE "
                            + Sql.identifier(name)
                            + " WITH LOGIN "
                            + attributes
                            + password(connection, name, role.password(), scram));
        } finally {
            Sql.execute(connection, "RESET ALL");
        }
    }

    /// Sent as the server would store it: the password itself never crosses the line.
    private static String password(
            Connection connection, String user, @Nullable Secret password, boolean scram)
            throws SQLException {
        if (password == null) {
            return "";
        }
        String kind = Sql.one(connection, "SHOW password_encryption");
        String stored =
                PasswordUtil.encodePassword(
                        user,
                        password.reveal().toCharArray(),
                        scram || "scram-sha-256".equals(kind) ? "scram-sha-256" : "md5");
        return " PASSWORD " + Sql.literal(stored);
    }
}
