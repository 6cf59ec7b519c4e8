package io.tamada.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.testkit.ShelfConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSourcesTest {

    @TempDir private Path directory;

    private LocalConfiguration read(Path path) {
        return Configurations.reader(path, Map.of()).read();
    }

    @Test
    void filesOfADirectoryAreLaidOverEachOther() throws IOException {
        Files.writeString(directory.resolve("10-base.yml"), ShelfConfiguration.COMPLETE);
        Files.writeString(
                directory.resolve("20-own.yaml"),
                "name: node2\ntags: {failover_priority: ~, nosync: true}\n");
        Files.writeString(directory.resolve("30-ignored.txt"), "name: node3\n");

        LocalConfiguration read = read(directory);

        assertThat(read.name().value()).isEqualTo("node2");
        assertThat(read.tags().all()).isEqualTo(Map.of("nosync", true));
        assertThat(read.placeOf("name").toString()).endsWith("20-own.yaml:1:7");
        assertThat(read.placeOf("scope").toString()).endsWith("10-base.yml:1:8");
    }

    @Test
    void whatCantBeReadIsOneFinding() throws IOException {
        Path latin =
                Files.write(
                        directory.resolve("latin.yml"), new byte[] {'a', ':', ' ', (byte) 0xe9});
        Path empty = Files.writeString(directory.resolve("empty.yml"), "# nothing\n");
        Path none = directory.resolve("none.yml");
        Path emptyDirectory = Files.createDirectory(directory.resolve("d"));

        for (Path path : new Path[] {latin, empty, none, emptyDirectory}) {
            assertThat(read(path).findings())
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.severity()).isEqualTo(Finding.Severity.REFUSED);
                        assertThat(finding.place().source()).isEqualTo(path.toString());
                    });
        }
    }

    @Test
    void nothingAtAllIsRefused() {
        ConfigurationReader reader =
                new ConfigurationReader(
                        null,
                        Map.of(),
                        io.tamada.ha.dcs.DcsProviders.visibleTo(getClass().getClassLoader()));

        assertThat(reader.read().findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.text()).contains("PATRONI_CONFIGURATION"));
    }
}
