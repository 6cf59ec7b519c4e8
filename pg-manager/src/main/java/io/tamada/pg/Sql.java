package io.tamada.pg;

import io.tamada.pg.process.UnixSocketFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/// Connections to PostgreSQL, each with limits on connecting, on every answer and on every
/// statement.
final class Sql {

    private static final Driver DRIVER = new Driver();

    /// libpq's names of connection settings to the driver's.
    private static final Map<String, String> DRIVER_NAMES =
            Map.of(
                    "sslmode", "sslmode",
                    "sslcert", "sslcert",
                    "sslkey", "sslkey",
                    "sslrootcert", "sslrootcert",
                    "gssencmode", "gssEncMode",
                    "channel_binding", "channelBinding",
                    "sslnegotiation", "sslNegotiation");

    private Sql() {}

    /// Where to, as whom, and how patiently.
    ///
    /// @param readWriteOnly of several hosts the one that accepts writes
    /// @param statementTimeout zero for none
    record Target(
            ServerAddress address,
            String database,
            Credentials role,
            String applicationName,
            Replication replication,
            boolean readWriteOnly,
            Duration answerTimeout,
            Duration statementTimeout) {

        Target replicating(Replication value) {
            return new Target(
                    address,
                    database,
                    role,
                    applicationName,
                    value,
                    readWriteOnly,
                    answerTimeout,
                    statementTimeout);
        }

        Target into(String otherDatabase) {
            return new Target(
                    address,
                    otherDatabase,
                    role,
                    applicationName,
                    replication,
                    readWriteOnly,
                    answerTimeout,
                    statementTimeout);
        }

        /// With all the time that the work may take.
        Target patient(Duration atMost) {
            return new Target(
                    address,
                    database,
                    role,
                    applicationName,
                    replication,
                    readWriteOnly,
                    atMost,
                    Duration.ZERO);
        }
    }

    enum Replication {
        NO,
        /// Replication commands and nothing else; `pg_hba.conf` has lines of its own for it.
        PHYSICAL,
        /// Replication commands and SQL in a database.
        DATABASE
    }

    static Connection open(Target target) throws SQLException {
        Properties p = new Properties();
        p.setProperty("user", target.role().usernameOrSystemUser());
        if (target.role().password() != null) {
            p.setProperty("password", target.role().password().reveal());
        }
        if (target.role().sslPassword() != null) {
            p.setProperty("sslpassword", target.role().sslPassword().reveal());
        }
        p.setProperty("gssEncMode", "disable");
        target.role()
                .tls()
                .forEach((name, value) -> {
                    String driverName = DRIVER_NAMES.get(name);
                    if (driverName != null) {
                        p.setProperty(driverName, value);
                    }
                });
        String seconds =
                Long.toString(Math.max(1, target.answerTimeout().plusMillis(999).toSeconds()));
        String connectSeconds =
                Long.toString(Math.clamp(target.answerTimeout().plusMillis(999).toSeconds(), 1, 5));
        p.setProperty("connectTimeout", connectSeconds);
        p.setProperty("loginTimeout", connectSeconds);
        p.setProperty("socketTimeout", seconds);
        p.setProperty("tcpKeepAlive", "true");
        p.setProperty("ApplicationName", target.applicationName());
        p.setProperty("preferQueryMode", "simple");
        p.setProperty("assumeMinServerVersion", "10");
        p.setProperty("logUnclosedConnections", "false");
        if (target.readWriteOnly()) {
            p.setProperty("targetServerType", "primary");
        }
        switch (target.replication()) {
            case NO ->
                    p.setProperty(
                            "options",
                            "-c statement_timeout="
                                    + target.statementTimeout().toMillis()
                                    + " -c search_path=pg_catalog");
            case PHYSICAL -> p.setProperty("replication", "true");
            case DATABASE -> p.setProperty("replication", "database");
        }
        Connection connection = DRIVER.connect(url(target, p), p);
        if (connection == null) {
            throw new SQLException("not an address of PostgreSQL: " + target.address().urlForm());
        }
        return connection;
    }

    private static String url(Target target, Properties p) {
        String database =
                java.net.URLEncoder.encode(
                        target.database(), java.nio.charset.StandardCharsets.UTF_8);
        ServerAddress address = target.address();
        if (address.host().startsWith("/")) {
            p.setProperty("socketFactory", UnixSocketFactory.class.getName());
            p.setProperty("socketFactoryArg", address.host() + "/.s.PGSQL." + address.firstPort());
            p.setProperty("sslmode", "disable");
            p.setProperty("sslNegotiation", "postgres");
            return "jdbc:postgresql://localhost:" + address.firstPort() + "/" + database;
        }
        List<String> parts = new ArrayList<>();
        String[] ports = address.port().split(",", -1);
        for (int i = 0; i < address.hosts().size(); i++) {
            parts.add(
                    new ServerAddress(address.hosts().get(i), ports[Math.min(i, ports.length - 1)])
                            .urlForm());
        }
        return "jdbc:postgresql://" + String.join(",", parts) + "/" + database;
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// The first column of the first row; null when there is none.
    static @Nullable String one(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    static void closeQuietly(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                // It is gone either way.
            }
        }
    }

    static String literal(String text) {
        String quoted = "'" + text.replace("'", "''") + "'";
        return text.indexOf('\\') < 0 ? quoted : " E" + quoted.replace("\\", "\\\\");
    }

    static String identifier(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /// One line about what went wrong, in the server's words.
    static String problem(SQLException e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        String state = e.getSQLState();
        return state == null || state.startsWith("08")
                ? message
                : message + String.format(Locale.ROOT, " (SQLSTATE %s)", state);
    }
}
