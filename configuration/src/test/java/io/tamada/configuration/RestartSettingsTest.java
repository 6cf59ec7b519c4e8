package io.tamada.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.testkit.ShelfConfiguration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartSettingsTest {

    @TempDir Path directory;

    private LocalConfiguration read(String yaml) {
        return Configurations.read(directory, yaml);
    }

    @Test
    void whatCountsAfterARestartOnlyStaysAsItWasAndIsNamed() {
        LocalConfiguration before = read(ShelfConfiguration.COMPLETE);
        List<String> waiting = new ArrayList<>();
        LocalConfiguration after =
                read(ShelfConfiguration.COMPLETE
                                .replace("name: node1", "name: node2")
                                .replace("/srv/pg/data", "/srv/pg/other")
                                .replace("host: 10.0.0.9", "host: 10.0.0.8")
                                .replace("failover_priority: 2", "failover_priority: 3"))
                        .reloadedOver(before, waiting);

        assertThat(waiting).containsExactlyInAnyOrder("name", "postgresql.data_dir", "shelf");
        assertThat(after.name().value()).isEqualTo("node1");
        assertThat(after.document().at("postgresql", "data_dir")).isEqualTo("/srv/pg/data");
        assertThat(after.document().at("shelf", "host")).isEqualTo("10.0.0.9");
        assertThat(after.document().at("tags", "failover_priority")).isEqualTo(3L);
    }

    @Test
    void whatIsNewOrGoneWaitsAsWell() {
        LocalConfiguration before = read(ShelfConfiguration.COMPLETE);
        List<String> waiting = new ArrayList<>();
        LocalConfiguration after =
                read(ShelfConfiguration.COMPLETE.replace(
                                        "  bin_dir: /usr/lib/postgresql/17/bin\n", "")
                                + "namespace: /other\n")
                        .reloadedOver(before, waiting);

        assertThat(waiting).containsExactlyInAnyOrder("namespace", "postgresql.bin_dir");
        assertThat(after.namespace()).isEqualTo("/service");
        assertThat(after.document().at("postgresql", "bin_dir"))
                .isEqualTo("/usr/lib/postgresql/17/bin");
    }

    @Test
    void whatTheStoreTakesOverWhileItRunsDoesNotWait() {
        LocalConfiguration before = read(ShelfConfiguration.COMPLETE);
        List<String> waiting = new ArrayList<>();
        LocalConfiguration changed =
                read(ShelfConfiguration.COMPLETE.replace("open-sesame-shelf", "open-barley"));

        assertThat(changed.reloadedOver(before, waiting)).isSameAs(changed);
        assertThat(waiting).isEmpty();
    }

    @Test
    void nothingWaitsWhenNothingOfThatKindHasChanged() {
        LocalConfiguration before = read(ShelfConfiguration.COMPLETE);
        List<String> waiting = new ArrayList<>();
        LocalConfiguration after =
                read(ShelfConfiguration.COMPLETE.replace("name: node1", "name: 'node1'"));

        assertThat(after.reloadedOver(before, waiting)).isSameAs(after);
        assertThat(waiting).isEmpty();
    }
}
