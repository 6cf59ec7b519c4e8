package io.tamada.dist.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tamada.dist.Programs;
import io.tamada.testkit.Eventually;
import io.tamada.testkit.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The configuration of docs/haproxy.md before a real cluster: who connects to it goes on.
@Tag("integration")
class HaProxyTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String DOCUMENT = "../docs/haproxy.md";

    @TempDir private Path folder;

    private TestCluster cluster;
    private Process proxy;
    private int primaryPort;
    private int replicaPort;
    private int rows;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(
                Programs.find("haproxy").isPresent(), "HAProxy is not installed (Debian: haproxy)");
        cluster = TestCluster.start(Files.createDirectory(folder.resolve("cluster")));
        List<Integer> ports = FreePorts.next(2);
        primaryPort = ports.getFirst();
        replicaPort = ports.getLast();
        proxy =
                new ProcessBuilder(
                                Programs.find("haproxy").orElseThrow().toString(),
                                "-db",
                                "-f",
                                configuration().toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("haproxy.log").toFile())
                        .start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (proxy != null) {
            proxy.destroy();
            if (!proxy.waitFor(10, TimeUnit.SECONDS)) {
                proxy.destroyForcibly();
            }
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    /// The document's, with the addresses of this test.
    private Path configuration() throws IOException {
        String text = Files.readString(Path.of(DOCUMENT)).split("```\n", -1)[1];
        text =
                text.replace("10.0.0.9:5000", "127.0.0.1:" + primaryPort)
                        .replace("10.0.0.9:5001", "127.0.0.1:" + replicaPort);
        for (int i = 0; i < cluster.members().size(); i++) {
            TestMember member = cluster.members().get(i);
            text =
                    text.replace(
                            "10.0.0." + (i + 1) + ":5432 check port 8008",
                            "127.0.0.1:"
                                    + member.postgresPort()
                                    + " check port "
                                    + member.restPort());
        }
        assertThat(text).contains("bind 127.0.0.1").doesNotContain("10.0.0.");
        return Files.writeString(folder.resolve("haproxy.cfg"), text);
    }

    @Test
    void clientsGoOnAfterASwitchoverAndAfterTheLossOfTheHost() throws IOException {
        TestMember first = cluster.awaitPrimary();
        Eventually.await(
                "a table is made through the proxy",
                PATIENCE,
                () -> {
                    execute("CREATE TABLE IF NOT EXISTS kept (n int PRIMARY KEY)");
                    return true;
                });
        awaitWriteAt(first);

        assertThat(cluster.post(first, "/switchover", Map.of("leader", first.name())).statusCode())
                .isEqualTo(200);
        TestMember second = cluster.awaitPrimary();
        assertThat(second).isNotSameAs(first);
        awaitWriteAt(second);
        cluster.awaitWhole();
        awaitAllRowsAtAReplicaOtherThan(second);

        second.killHost();
        Eventually.await(
                "another takes over",
                PATIENCE,
                () -> cluster.primary().filter(now -> now != second).isPresent());
        TestMember third = cluster.awaitPrimary();
        awaitWriteAt(third);
        awaitAllRowsAtAReplicaOtherThan(third);
    }

    /// A write through the proxy, acknowledged by this member.
    private void awaitWriteAt(TestMember member) {
        Eventually.await(
                "a write reaches " + member.name(),
                PATIENCE,
                () -> {
                    if (number(primaryPort, "SELECT inet_server_port()") != member.postgresPort()) {
                        return false;
                    }
                    execute("INSERT INTO kept VALUES (" + rows + ") ON CONFLICT DO NOTHING");
                    return true;
                });
        rows++;
    }

    private void awaitAllRowsAtAReplicaOtherThan(TestMember primary) {
        Eventually.await(
                "a replica has " + rows + " rows",
                PATIENCE,
                () ->
                        number(replicaPort, "SELECT inet_server_port()") != primary.postgresPort()
                                && number(
                                                replicaPort,
                                                "SELECT count(*) FROM kept WHERE pg_is_in_recovery()")
                                        == rows);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = TestMember.connect(primaryPort);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int number(int port, String sql) throws SQLException {
        try (Connection connection = TestMember.connect(port);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }
}
