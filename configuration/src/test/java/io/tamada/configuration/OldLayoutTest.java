package io.tamada.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.testkit.ShelfConfiguration;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OldLayoutTest {

    private static final String TODAY =
            """
              authentication:
                superuser: {username: postgres, password: open-sesame-super}
                replication: {username: replicator, password: open-sesame-repl}
            """;

    @TempDir Path directory;

    @Test
    void usersOfAnOldFileAreThoseOfToday() {
        LocalConfiguration read =
                Configurations.read(
                        directory,
                        ShelfConfiguration.COMPLETE
                                .replace(
                                        TODAY,
                                        """
                                          superuser: {username: postgres, password: open-sesame-super}
                                          replication: {username: replicator, password: open-sesame-repl}
                                          pg_rewind: {username: rewinder, password: open-sesame-rewind}
                                          name: node1
                                        """)
                                .replace("name: node1\nshelf", "shelf"));

        assertThat(read.findings()).isEmpty();
        assertThat(read.name().value()).isEqualTo("node1");
        assertThat(read.document().at("postgresql", "authentication", "superuser", "password"))
                .isEqualTo("open-sesame-super");
        assertThat(read.document().at("postgresql", "authentication", "replication", "username"))
                .isEqualTo("replicator");
        assertThat(read.document().at("postgresql", "authentication", "rewind", "username"))
                .isEqualTo("rewinder");
        assertThat(read.document().at("postgresql", "use_pg_rewind")).isEqualTo(true);
        assertThat(read.document().at("postgresql", "superuser")).isNull();
        assertThat(read.secrets()).contains("open-sesame-rewind");
    }

    @Test
    void whatStandsInTodaysPlaceCounts() {
        LocalConfiguration read =
                Configurations.read(
                        directory,
                        ShelfConfiguration.COMPLETE.replace(
                                TODAY,
                                TODAY + "  superuser: {username: other, password: other}\n"));

        assertThat(read.document().at("postgresql", "authentication", "superuser", "username"))
                .isEqualTo("postgres");
    }
}
