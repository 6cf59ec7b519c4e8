package io.tamada.dist;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// A client that writes to whichever member is the primary, and remembers what was acknowledged.
final class AcknowledgedWrites implements AutoCloseable {

    private static final long PAUSE_MILLIS = 20;

    private final String url;
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    AcknowledgedWrites(List<SharedMember> members) throws SQLException {
        url =
                members.stream()
                        .map(member -> "127.0.0.1:" + member.postgresPort())
                        .collect(
                                Collectors.joining(
                                        ",",
                                        "jdbc:postgresql://",
                                        "/postgres?targetServerType=primary&hostRecheckSeconds=0"
                                                + "&connectTimeout=2&socketTimeout=60"));
        try (Connection connection = connect()) {
            connection.createStatement().execute("CREATE TABLE public.written (id text)");
        }
        thread = Thread.ofPlatform().name("writes").start(this::run);
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url, "postgres", SharedMember.PASSWORD);
    }

    private void run() {
        int number = 0;
        try {
            while (!closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                try (Connection connection = connect();
                        PreparedStatement insert =
                                connection.prepareStatement(
                                        "INSERT INTO public.written VALUES (?)")) {
                    while (!closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                        String id = "w" + ++number;
                        insert.setString(1, id);
                        insert.executeUpdate();
                        acknowledged.add(id);
                    }
                } catch (SQLException e) {
                    // Not acknowledged; the next primary is looked for.
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    int count() {
        return acknowledged.size();
    }

    /// Everything that was acknowledged, when nothing is written any more.
    Set<String> acknowledged() {
        return Set.copyOf(acknowledged);
    }

    /// Ends the writing.
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
