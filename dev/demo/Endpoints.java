package demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.postgresql.Driver;

/// Where a cluster's PostgreSQL servers listen, and how to log in.
///
/// @param servers each as `address:port`
record Endpoints(List<String> servers, String user, String password) {

    private static final Driver DRIVER = new Driver();

    /// Connects to the member that accepts writes, trying one after the other.
    ///
    /// @throws SQLException when none does
    Connection primary() throws SQLException {
        SQLException last = new SQLException("no member accepts writes");
        for (String server : servers) {
            Connection connection = null;
            try {
                connection = connect(server);
                if (acceptsWrites(connection)) {
                    return connection;
                }
            } catch (SQLException e) {
                last = e;
            }
            close(connection);
        }
        throw last;
    }

    /// Connects to one member, whatever it is.
    Connection connect(String server) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "1");
        properties.setProperty("loginTimeout", "2");
        properties.setProperty("socketTimeout", "5");
        properties.setProperty("ApplicationName", "demo");
        Connection connection = DRIVER.connect("jdbc:postgresql://" + server + "/postgres", properties);
        if (connection == null) {
            throw new SQLException("the driver doesn't take this URL");
        }
        return connection;
    }

    private static boolean acceptsWrites(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW transaction_read_only")) {
            return row.next() && row.getString(1).equals("off");
        }
    }

    private static void close(Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            // It is of no use any more, closed or not.
        }
    }
}
