package demo;

import io.tamada.ha.time.TimeSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A client that keeps writing: one numbered row after the other, each in a transaction of its own, to whoever is primary.
///
/// It remembers which rows were acknowledged and when. A row whose commit ended in an error may be there or not: it counts as
/// not acknowledged.
final class Writer implements AutoCloseable {

    private static final String TABLE = "demo_writes";
    private static final long PAUSE_MILLIS = 5;

    private final Endpoints endpoints;
    private final TimeSource time;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private final BitSet acknowledged = new BitSet();
    private final List<Long> acknowledgedAtNanos = new ArrayList<>();
    private int connections;

    /// Starts writing at once, and goes on until closed.
    Writer(Endpoints endpoints, TimeSource time) {
        this.endpoints = endpoints;
        this.time = time;
        this.thread = Thread.ofPlatform().daemon().name("writer").start(this::write);
    }

    private void write() {
        int id = 0;
        boolean tableIsThere = false;
        while (stopped.getCount() > 0) {
            try (Connection connection = endpoints.primary()) {
                if (!tableIsThere) {
                    execute(connection, "CREATE TABLE IF NOT EXISTS " + TABLE + " (id bigint PRIMARY KEY)");
                    tableIsThere = true;
                }
                try (PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO " + TABLE + " (id) VALUES (?)")) {
                    for (boolean first = true; stopped.getCount() > 0; first = false) {
                        id++;
                        insert.setLong(1, id);
                        insert.executeUpdate();
                        acknowledge(id, first);
                        pause();
                    }
                }
            } catch (SQLException e) {
                // The primary is gone or no longer one; look for the next.
                pause();
            }
        }
    }

    private void pause() {
        try {
            if (stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            stopped.countDown();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private synchronized void acknowledge(int id, boolean firstOfConnection) {
        acknowledged.set(id);
        connections += firstOfConnection ? 1 : 0;
        acknowledgedAtNanos.add(time.nanos());
    }

    synchronized int count() {
        return acknowledged.cardinality();
    }

    /// How many connections had a write acknowledged: one more whenever the writer had to find the primary anew.
    synchronized int connections() {
        return connections;
    }

    /// The longest time between two acknowledged writes that ended after a reading of the clock.
    synchronized Duration longestGapSince(long nanos) {
        long longest = 0;
        for (int i = acknowledgedAtNanos.size() - 1; i > 0 && acknowledgedAtNanos.get(i) - nanos > 0; i--) {
            longest = Math.max(longest, acknowledgedAtNanos.get(i) - acknowledgedAtNanos.get(i - 1));
        }
        return Duration.ofNanos(longest);
    }

    /// How many acknowledged rows the present primary doesn't have.
    int lost() throws SQLException {
        BitSet missing;
        synchronized (this) {
            missing = (BitSet) acknowledged.clone();
        }
        try (Connection connection = endpoints.primary();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM " + TABLE)) {
            while (rows.next()) {
                missing.clear((int) rows.getLong(1));
            }
        }
        return missing.cardinality();
    }

    @Override
    public void close() {
        stopped.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
