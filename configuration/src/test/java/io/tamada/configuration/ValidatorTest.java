package io.tamada.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.configuration.Finding.Severity;
import io.tamada.testkit.ShelfConfiguration;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidatorTest {

    @TempDir private Path directory;

    private List<Finding> findings(String yaml) {
        return Configurations.read(directory, yaml).findings();
    }

    private static String changed(String from, String to) {
        assertThat(ShelfConfiguration.COMPLETE).contains(from);
        return ShelfConfiguration.COMPLETE.replace(from, to);
    }

    @Test
    void aCompleteConfigurationHasNoFinding() {
        assertThat(findings(ShelfConfiguration.COMPLETE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "connect_address: 10.0.0.1:8008 | conect_address: 10.0.0.1:8008 | connect_address",
                "retry_timeout: 10              | retry_timout: 10              | retry_timeout",
                "data_dir: /srv/pg/data         | data_dri: /srv/pg/data        | data_dir",
                "superuser:                     | superusr:                     | superuser",
                "scope: demo                    | scoep: demo                   | scope",
                "host: 10.0.0.9                 | hsot: 10.0.0.9                | host",
                "initdb:                        | intidb:                       | initdb"
            })
    void aMisspeltKeyIsRefusedWithTheNameThatWasMeant(String from, String to, String meant) {
        assertThat(findings(changed(from, to)))
                .anySatisfy(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.REFUSED);
                    assertThat(finding.text())
                            .isEqualTo("unknown key; did you mean '" + meant + "'?");
                    assertThat(finding.place().line()).isPositive();
                    assertThat(finding.place().column()).isPositive();
                });
    }

    @Test
    void keysOfTheUsersOwnAreOnlyNoticed() {
        List<Finding> found = findings(ShelfConfiguration.COMPLETE + "my_notes: {a: 1}\n");

        assertThat(found).extracting(Finding::severity).containsExactly(Severity.NOTICE);
        assertThat(found.getFirst().text()).isEqualTo("unknown key, ignored");
    }

    @Test
    void whatTheUserNamesIsKnown() {
        String yaml =
                changed(
                        "  parameters:\n",
                        "  create_replica_methods: [mytool, basebackup]\n  mytool: {command: /bin/x}\n  parameters:\n");

        assertThat(findings(yaml)).isEmpty();
    }

    @Test
    void parametersAndTagsTakeAnyKey() {
        String yaml =
                changed("shared_buffers: 16MB", "shared_bufers: 16MB")
                        .replace("failover_priority: 2", "datacentre: x");

        assertThat(findings(yaml)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ttl: 20                                | bootstrap.dcs.ttl",
                "synchronous_mode: true                 | bootstrap.dcs.synchronous_mode",
                "maximum_lag_on_failover: 5             | bootstrap.dcs.maximum_lag_on_failover",
                "pg_hba: [local all all trust]          | postgresql.pg_hba"
            })
    void aMisplacedSettingIsNoticedWithItsPlace(String line, String right) {
        assertThat(findings(ShelfConfiguration.COMPLETE + line + "\n"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.NOTICE);
                    assertThat(finding.text())
                            .startsWith("has no effect here; it belongs to ")
                            .contains(right);
                });
    }

    @Test
    void localSettingsInTheDynamicConfigurationAreNoticed() {
        String yaml =
                changed(
                        "postgresql: {use_pg_rewind: true}",
                        "postgresql: {listen: '10.0.0.1:5432'}");

        assertThat(findings(yaml))
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.text())
                                .contains("each member's own configuration: postgresql.listen"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "listen: 10.0.0.1:8008   | listen: 10.0.0.1          | restapi.listen",
                "listen: 10.0.0.1:8008   | listen: 10.0.0.1:99999    | restapi.listen",
                "tags:                   | log: {level: LOUD}        | log.level",
                "tags:                   | log: {mode: 0999}         | log.mode",
                "failover_priority: 2    | nofailover: perhaps       | tags.nofailover",
                "data_dir: /srv/pg/data  | data_dir: [a]             | postgresql.data_dir",
                "host: 10.0.0.9          | port: 70000               | shelf.port",
                "host: 10.0.0.9          | wood: plastic             | shelf.wood",
                "host: 10.0.0.9          | patience: soon            | shelf.patience"
            })
    void aWrongValueIsRefusedWithWhatIsAllowed(String from, String to, String path) {
        String yaml =
                from.equals("tags:") ? ShelfConfiguration.COMPLETE + to + "\n" : changed(from, to);

        assertThat(findings(yaml))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.REFUSED);
                    assertThat(finding.path()).isEqualTo(path);
                    assertThat(finding.text()).contains("doesn't fit; expected ");
                });
    }

    @Test
    void aWrongDynamicValueFailsValidationOnly() {
        assertThat(findings(changed("ttl: 30", "ttl: abc")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.INVALID);
                    assertThat(finding.path()).isEqualTo("bootstrap.dcs.ttl");
                    assertThat(finding.place().line()).isEqualTo(12);
                });
    }

    @Test
    void timingsThatDontFitAreNoticed() {
        assertThat(findings(changed("ttl: 30", "ttl: 20")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.NOTICE);
                    assertThat(finding.text()).contains("ttl=20");
                });
    }

    @Test
    void whatIsMissingIsNamedWithItsVariable() {
        assertThat(findings("shelf: {host: x}\n"))
                .extracting(Finding::path)
                .contains("scope", "name", "restapi.listen", "postgresql.data_dir");
        assertThat(findings("shelf: {host: x}\n"))
                .anySatisfy(f -> assertThat(f.text()).contains("PATRONI_SCOPE"));
    }

    @Test
    void withoutStoreThoseThatThereAreAreListed() {
        String yaml = changed("shelf:", "nothing_like_a_store:");

        assertThat(findings(yaml))
                .anySatisfy(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.REFUSED);
                    assertThat(finding.text()).contains("no store is configured").contains("shelf");
                });
    }

    @Test
    void whatAStoresProviderFindsIsTold() {
        assertThat(findings(changed("host: 10.0.0.9", "wood: oak")))
                .singleElement()
                .asString()
                .endsWith("node.yml:4:9: shelf.wood: there are no boards to be of it");
    }

    @Test
    void theReservedNameIsRefused() {
        assertThat(
                        findings(
                                changed(
                                        "name: node1",
                                        "name: __patroni_strict_sync_replica_placeholder__")))
                .extracting(Finding::severity)
                .containsExactly(Severity.REFUSED);
    }

    @Test
    void secretsAreNeitherShownNorForgotten() {
        LocalConfiguration read = Configurations.read(directory, ShelfConfiguration.COMPLETE);

        assertThat(read.secrets())
                .containsExactlyInAnyOrder(
                        "open-sesame-shelf",
                        "open-sesame-rest",
                        "open-sesame-super",
                        "open-sesame-repl");
        assertThat(findings(changed("password: open-sesame-rest", "password: [open-sesame]")))
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.toString()).doesNotContain("sesame"));
    }
}
