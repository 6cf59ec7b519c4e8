package io.tamada.ctl;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// One statement on one server, over a connection of its own. The driver is found on the class
/// path.
record SqlClient(@Nullable String database, @Nullable String user, @Nullable String password) {

    private static final String CONNECT_SECONDS = "5";

    /// What came of a statement.
    sealed interface Result {
        record Rows(Table table) implements Result {}

        /// @param code the server's SQLSTATE, or a message where it gave none
        record Failed(String code) implements Result {}

        record NoConnection() implements Result {}
    }

    /// @param recovery what the server has to say of being in recovery; null when it doesn't matter
    Result run(HostPort address, String sql, @Nullable Boolean recovery) {
        try (Connection connection = DriverManager.getConnection(url(address), properties())) {
            if (recovery != null && !recovery.equals(isInRecovery(connection))) {
                return new Result.NoConnection();
            }
            return execute(connection, sql);
        } catch (SQLException e) {
            if ("08001".equals(e.getSQLState()) && DriverManager.drivers().findAny().isEmpty()) {
                throw new CtlError(
                        "No PostgreSQL driver is installed: add the jar 'postgresql' to the class path");
            }
            return new Result.NoConnection();
        }
    }

    private String url(HostPort address) {
        return "jdbc:postgresql://" + address + "/" + (database == null ? "" : database);
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", CONNECT_SECONDS);
        properties.setProperty("loginTimeout", CONNECT_SECONDS);
        properties.setProperty("ApplicationName", "Patroni ctl");
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        return properties;
    }

    private static boolean isInRecovery(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pg_catalog.pg_is_in_recovery()")) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    private static Result execute(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return new Result.Rows(Table.of(List.of(), List.of()));
            }
            try (ResultSet rows = statement.getResultSet()) {
                return new Result.Rows(table(rows));
            }
        } catch (SQLException e) {
            return new Result.Failed(
                    Objects.requireNonNullElse(e.getSQLState(), String.valueOf(e.getMessage())));
        }
    }

    private static Table table(ResultSet rows) throws SQLException {
        ResultSetMetaData meta = rows.getMetaData();
        List<String> titles = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            titles.add(meta.getColumnLabel(i));
        }
        List<List<Object>> all = new ArrayList<>();
        while (rows.next()) {
            List<Object> row = new ArrayList<>();
            for (int i = 1; i <= titles.size(); i++) {
                Object value = rows.getObject(i);
                String text = rows.getString(i);
                row.add(
                        switch (value) {
                            case Integer n -> n;
                            case Long n -> n;
                            case Boolean b -> b;
                            case null, default -> text == null ? Table.Missing.VALUE : text;
                        });
            }
            all.add(row);
        }
        return Table.of(titles, all);
    }
}
