package io.tamada.agent.doctor;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL server to be asked.
record Server(String host, int port) {

    private static final String PATIENCE_SECONDS = "5";

    /// From a published `postgres://host:port/database`; null when it makes no sense.
    static @Nullable Server of(@Nullable String connUrl) {
        try {
            URI uri = URI.create(connUrl == null ? "" : connUrl.split(",", 2)[0]);
            String host = uri.getHost();
            return host == null
                    ? null
                    : new Server(
                            host.replaceAll("^\\[(.*)]$", "$1"),
                            uri.getPort() < 0 ? 5432 : uri.getPort());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// Logs in with a role of the configuration: `superuser`, `replication` or `rewind`.
    Connection connect(Patient patient, String role) throws SQLException {
        return DriverManager.getConnection(url("postgres"), login(patient, role));
    }

    /// Logs in as a standby would.
    Connection replicate(Patient patient) throws SQLException {
        Properties login = login(patient, "replication");
        login.setProperty("replication", "true");
        login.setProperty("assumeMinServerVersion", "12");
        login.setProperty("preferQueryMode", "simple");
        return DriverManager.getConnection(url(""), login);
    }

    private String url(String database) {
        String address = host.contains(":") ? "[" + host + "]" : host;
        return "jdbc:postgresql://" + address + ":" + port + "/" + database;
    }

    private static Properties login(Patient patient, String role) {
        Properties login = new Properties();
        login.setProperty("user", patient.user(role));
        String password = patient.text("postgresql", "authentication", role, "password");
        // An empty one keeps the driver from looking for a password file.
        login.setProperty("password", password == null ? "" : password);
        for (String key : new String[] {"sslmode", "sslcert", "sslkey", "sslrootcert"}) {
            String value = patient.text("postgresql", "authentication", role, key);
            if (value != null) {
                login.setProperty(key, value);
            }
        }
        login.setProperty("connectTimeout", PATIENCE_SECONDS);
        login.setProperty("loginTimeout", PATIENCE_SECONDS);
        login.setProperty("socketTimeout", PATIENCE_SECONDS);
        login.setProperty("ApplicationName", "tamada doctor");
        return login;
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
