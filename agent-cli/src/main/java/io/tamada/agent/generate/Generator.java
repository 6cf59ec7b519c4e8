package io.tamada.agent.generate;

import static io.tamada.agent.generate.Template.UNFILLED;
import static io.tamada.agent.generate.Template.map;

import io.tamada.ha.dcs.DcsProviders;
import io.tamada.ha.model.ConfigDocument;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes configurations for a member on this machine. What the environment gives wins, as it does
/// when a member starts.
///
/// @param given the settings in the environment
/// @param environment for libpq's own variables
public record Generator(
        ConfigDocument given, Map<String, String> environment, DcsProviders providers) {

    /// A template to be filled in.
    public ConfigDocument sample() {
        OwnAddress own = OwnAddress.find();
        String address = own.ip() + ":5432";
        Map<String, @Nullable Object> root = Template.head(own, null);
        root.put(
                "bootstrap",
                map(
                        "dcs",
                        Template.dynamic(
                                map(
                                        "wal_level", "replica",
                                        "hot_standby", "on",
                                        "max_connections", 100,
                                        "max_wal_senders", 10,
                                        "max_prepared_transactions", 0,
                                        "max_locks_per_transaction", 64,
                                        "track_commit_timestamp", "off",
                                        "max_replication_slots", 10,
                                        "max_worker_processes", 8,
                                        "wal_log_hints", "on",
                                        "wal_keep_size", "128MB"),
                                true)));
        root.put(
                "postgresql",
                map(
                        "data_dir",
                        UNFILLED,
                        "bin_dir",
                        "",
                        "listen",
                        address,
                        "connect_address",
                        address,
                        "authentication",
                        map(
                                "superuser", user("postgres"),
                                "replication", user("replicator"),
                                "rewind", user("rewind_user")),
                        "parameters",
                        map("password_encryption", "scram-sha-256"),
                        "pg_hba",
                        List.of(
                                "host all all all scram-sha-256",
                                "host replication replicator all scram-sha-256")));
        root.put("tags", Template.tags());
        return Template.withStore(ConfigDocument.of(root).patched(given), providers);
    }

    private static Map<String, @Nullable Object> user(String name) {
        return map("username", name, "password", UNFILLED);
    }

    /// The configuration under which a running server can be taken over as it is.
    ///
    /// @param dsn null for libpq's variables alone
    /// @param password asked only when the server wants one that was not given
    /// @throws IllegalArgumentException for a DSN that can't be read
    /// @throws SQLException when the server doesn't tell; its message holds no password
    public ConfigDocument of(@Nullable String dsn, Supplier<@Nullable String> password)
            throws SQLException {
        Dsn asked = Dsn.parse(dsn, environment);
        RunningServer server;
        try {
            server = RunningServer.ask(asked);
        } catch (SQLException e) {
            String typed =
                    asked.get("password") == null && wantsPassword(e) ? password.get() : null;
            if (typed == null) {
                throw new SQLException(asked + ": " + e.getMessage(), e);
            }
            asked = asked.with("password", typed);
            server = RunningServer.ask(asked);
        }
        return Template.withStore(
                new ServerConfiguration(server, asked, OwnAddress.find()).document().patched(given),
                providers);
    }

    private static boolean wantsPassword(SQLException e) {
        // Invalid authorization, and the driver's own refusal to connect without one.
        return String.valueOf(e.getSQLState()).startsWith("28") || "08004".equals(e.getSQLState());
    }
}
