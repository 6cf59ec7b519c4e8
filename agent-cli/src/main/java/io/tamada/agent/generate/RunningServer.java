package io.tamada.agent.generate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a server says of itself.
///
/// @param version as `server_version_num` counts it
/// @param parameters those that somebody set, and those that all members have to agree on
/// @param replicationUsers that may log in and replicate and are no superusers
/// @param programs directory of the server's programs; null when it can't be told
record RunningServer(
        int version,
        Map<String, String> parameters,
        List<String> replicationUsers,
        @Nullable Path programs) {

    /// Parameters whose values all members have to agree on, set or not.
    static final List<String> AGREED =
            List.of(
                    "wal_level",
                    "hot_standby",
                    "max_connections",
                    "max_wal_senders",
                    "max_prepared_transactions",
                    "max_locks_per_transaction",
                    "track_commit_timestamp",
                    "max_replication_slots",
                    "max_worker_processes",
                    "wal_log_hints",
                    "wal_keep_segments",
                    "wal_keep_size");

    private static final List<String> PLACES =
            List.of(
                    "data_checksums",
                    "listen_addresses",
                    "port",
                    "cluster_name",
                    "data_directory",
                    "config_file",
                    "hba_file",
                    "ident_file");

    RunningServer {
        parameters = Map.copyOf(parameters);
        replicationUsers = List.copyOf(replicationUsers);
    }

    /// Asks a server.
    ///
    /// @throws SQLException when it doesn't answer, or not all that is asked
    static RunningServer ask(Dsn dsn) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(dsn.driverUrl(), dsn.driverProperties());
                Statement statement = connection.createStatement()) {
            if (!"on".equals(one(statement, "SHOW is_superuser"))) {
                throw new SQLException(
                        "user '" + dsn.get("user") + "' is no superuser; give one that is");
            }
            Map<String, String> parameters = parameters(statement);
            List<String> users =
                    all(
                            statement,
                            "SELECT rolname FROM pg_roles"
                                    + " WHERE rolreplication AND rolcanlogin AND NOT rolsuper ORDER BY 1");
            int version = Integer.parseInt(one(statement, "SHOW server_version_num"));
            return new RunningServer(
                    version, parameters, users, programs(parameters.get("data_directory")));
        }
    }

    private static Map<String, String> parameters(Statement statement) throws SQLException {
        List<String> always = new ArrayList<>(AGREED);
        always.addAll(PLACES);
        String query =
                """
                SELECT name, current_setting(name)
                  FROM pg_settings
                 WHERE (context <> 'internal'
                        AND source IN ('configuration file', 'command line', 'environment variable')
                        AND name !~ '^(recovery_target|primary_conninfo$|primary_slot_name$|promote_trigger_file$)')
                    OR name IN ('%s')
                """
                        .formatted(String.join("','", always));
        Map<String, String> found = new TreeMap<>();
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                found.put(rows.getString(1), rows.getString(2));
            }
        }
        return found;
    }

    private static String one(Statement statement, String query) throws SQLException {
        return all(statement, query).getFirst();
    }

    private static List<String> all(Statement statement, String query) throws SQLException {
        List<String> values = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    /// The directory of the program that is the postmaster; it runs on this machine.
    private static @Nullable Path programs(@Nullable String dataDirectory) {
        try {
            Path file = Path.of(dataDirectory == null ? "" : dataDirectory, "postmaster.pid");
            String pid = Files.readAllLines(file).getFirst().strip();
            return Files.readSymbolicLink(Path.of("/proc", pid, "exe")).getParent();
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }
}
