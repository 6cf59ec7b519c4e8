package io.tamada.pg;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A checkpoint: takes as long as it takes, and can be given up at any moment.
final class Checkpoint {

    private static final System.Logger LOG = System.getLogger(Checkpoint.class.getName());
    private static final Duration PATIENCE = Duration.ofHours(6);

    private Checkpoint() {}

    /// Waits for a checkpoint.
    ///
    /// @return false when it failed or took longer than that; null for as long as it takes
    static boolean run(Site site, @Nullable Duration atMost) throws InterruptedException {
        return run(site.local(), atMost == null ? PATIENCE : atMost);
    }

    static boolean run(Sql.Target target, Duration atMost) throws InterruptedException {
        Connection connection = null;
        try {
            connection = Sql.open(target.patient(atMost));
            return execute(connection, atMost);
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.WARNING, "Checkpoint failed: {0}", Sql.problem(e));
            return false;
        } finally {
            Sql.closeQuietly(connection);
        }
    }

    /// On a thread of its own, because waiting for the driver can't be interrupted.
    private static boolean execute(Connection connection, Duration atMost)
            throws InterruptedException, SQLException {
        SQLException[] problem = new SQLException[1];
        Thread worker =
                Thread.ofVirtual()
                        .name("checkpoint")
                        .start(() -> {
                            try {
                                Sql.execute(connection, "CHECKPOINT");
                            } catch (SQLException e) {
                                problem[0] = e;
                            }
                        });
        try {
            if (!worker.join(atMost)) {
                connection.abort(Runnable::run);
                return false;
            }
        } catch (InterruptedException e) {
            connection.abort(Runnable::run);
            throw e;
        }
        if (problem[0] != null) {
            throw problem[0];
        }
        return true;
    }
}
