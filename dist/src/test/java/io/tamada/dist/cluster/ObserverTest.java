package io.tamada.dist.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A member without `raft.self_addr` has no vote and no data in the embedded store, and is a member
/// like the others for all the rest.
@Tag("integration")
class ObserverTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir private Path folder;

    private TestCluster cluster;
    private TestMember observer;

    @BeforeEach
    void start() throws IOException {
        cluster = TestCluster.start(folder, 1);
        observer = cluster.member("pg4");
    }

    @AfterEach
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void anObserverLeadsWithoutAVoteAndIsReplacedWhenItsHostIsLost() throws Exception {
        assertThat(folder.resolve("pg4/store")).doesNotExist();
        TestMember first = cluster.awaitPrimary();
        execute(first, "CREATE TABLE kept (n int)");
        if (first != observer) {
            switchOver(first, observer);
        }
        execute(observer, "INSERT INTO kept VALUES (1)");

        // One vote of three less: the two that are left are a majority, and the observer leads on.
        cluster.member("pg1").killHost();
        Eventually.await(
                "pg1 is gone from the observer's view",
                PATIENCE,
                () -> !cluster.get(observer, "/cluster").body().contains("\"pg1\""));
        assertThat(cluster.status(observer, "/primary")).isEqualTo(200);
        execute(observer, "INSERT INTO kept VALUES (2)");
        cluster.member("pg1").start();
        cluster.awaitWhole();

        observer.killHost();
        Eventually.await(
                "a member with a vote takes over",
                PATIENCE,
                () -> cluster.primary().filter(now -> now != observer).isPresent());
        observer.start();
        cluster.awaitWhole();
        assertThat(rows(observer)).isEqualTo(2);
    }

    private void switchOver(TestMember from, TestMember to) throws IOException {
        assertThat(
                        cluster.post(
                                        from,
                                        "/switchover",
                                        Map.of("leader", from.name(), "candidate", to.name()))
                                .statusCode())
                .isEqualTo(200);
        Eventually.await(
                to.name() + " leads",
                PATIENCE,
                () -> cluster.primary().filter(now -> now == to).isPresent());
    }

    private static void execute(TestMember member, String sql) throws SQLException {
        try (Connection connection = TestMember.connect(member.postgresPort());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int rows(TestMember member) throws SQLException {
        try (Connection connection = TestMember.connect(member.postgresPort());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM kept")) {
            row.next();
            return row.getInt(1);
        }
    }
}
