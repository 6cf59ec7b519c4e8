package demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A client of one member alone, who writes unique rows whenever its server accepts them, whoever leads.
///
/// Three of them show who accepts writes at each instant, and which rows were acknowledged.
final class NodeWriter implements AutoCloseable {

    static final String TABLE = "chaos_rows";
    private static final long PAUSE_MILLIS = 10;
    private static final long IDS_EACH = 1_000_000_000L;

    /// What its client sees of a server.
    enum Role {
        DOWN,
        STANDBY,
        WRITABLE
    }

    /// An acknowledged row, with the readings of the clock around it.
    record Row(long id, long sentNanos, long acknowledgedNanos) {}

    /// From a moment on.
    record Change(long nanos, Role role) {}

    private final Member member;
    private final Endpoints endpoints;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private final List<Row> rows = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private long nextId;

    NodeWriter(Member member, int index, Endpoints endpoints) {
        this.member = member;
        this.endpoints = endpoints;
        this.nextId = index * IDS_EACH;
        changes.add(new Change(System.nanoTime(), Role.DOWN));
        this.thread = Thread.ofPlatform().daemon().name("writer-" + member.name()).start(this::run);
    }

    Member member() {
        return member;
    }

    private void run() {
        while (!pause()) {
            try (Connection connection = endpoints.connect(member.server());
                    Statement statement = connection.createStatement()) {
                while (isReadOnly(statement)) {
                    saw(Role.STANDBY);
                    if (pause()) {
                        return;
                    }
                }
                statement.execute("CREATE TABLE IF NOT EXISTS " + TABLE + " (id bigint PRIMARY KEY)");
                writeRows(connection);
            } catch (SQLException e) {
                saw(Role.DOWN);
            }
        }
    }

    private static boolean isReadOnly(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SHOW transaction_read_only")) {
            return row.next() && row.getString(1).equals("on");
        }
    }

    private void writeRows(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + TABLE + " (id) VALUES (?)")) {
            do {
                long id = nextId++;
                insert.setLong(1, id);
                long sent = System.nanoTime();
                insert.executeUpdate();
                // A commit that was cancelled while it waited for a standby is there but not confirmed: a warning tells.
                if (insert.getWarnings() == null) {
                    keep(new Row(id, sent, System.nanoTime()));
                }
                insert.clearWarnings();
            } while (!pause());
        }
    }

    /// @return true when it is to end
    private boolean pause() {
        try {
            return stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    private synchronized void keep(Row row) {
        rows.add(row);
        saw(Role.WRITABLE);
    }

    private synchronized void saw(Role role) {
        if (changes.getLast().role() != role) {
            changes.add(new Change(System.nanoTime(), role));
        }
    }

    synchronized List<Row> rows() {
        return List.copyOf(rows);
    }

    synchronized int count() {
        return rows.size();
    }

    synchronized List<Change> changes() {
        return List.copyOf(changes);
    }

    @Override
    public void close() {
        stopped.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(6));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
