package io.tamada.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.StandbyCluster;
import io.tamada.ha.model.Upstream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is written, compared with golden files.
class ConfigFilesTest {

    private static final PgVersion PG15 = new PgVersion(150_018);
    private static final Upstream LEADER =
            new Upstream.Member(MemberName.of("two"), "postgres://10.0.0.2:5433/postgres");

    @TempDir Path folder;

    private PostgresSettings settings(Map<String, ?> more) {
        Map<String, @Nullable Object> section = new LinkedHashMap<>();
        section.put("listen", "*:5434");
        section.put("connect_address", "10.0.0.1:5434");
        section.put("data_dir", folder.toString());
        section.put("pgpass", "/var/lib/tamada/pg pass");
        section.put(
                "authentication",
                Map.of(
                        "replication",
                        Map.of(
                                "username",
                                "repl",
                                "password",
                                "s:e\\cret",
                                "sslmode",
                                "verify-full",
                                "sslrootcert",
                                "/ca.pem")));
        section.putAll(more);
        return PostgresSettings.of(
                "batman", MemberName.of("one"), ConfigDocument.of(section), ConfigDocument.EMPTY);
    }

    private static Parameters parameters(
            PostgresSettings settings,
            PgVersion version,
            MemberRole role,
            @Nullable Map<String, String> control) {
        return Parameters.of(
                settings, new Parameters.Circumstances(version, role, null, false, control));
    }

    private void expect(String golden, Path file) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ConfigFilesTest.class.getResourceAsStream(golden), golden)) {
            String wanted = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(Files.readString(file).replace(folder.toString(), "DATA")).isEqualTo(wanted);
        }
    }

    @Test
    void aPrimarysConfiguration() throws IOException {
        PostgresSettings settings =
                settings(
                        Map.of(
                                "parameters",
                                Map.of(
                                        "log_line_prefix",
                                        "%m 'x\\y' ",
                                        "autovacuum",
                                        false,
                                        "wal_keep_segments",
                                        20,
                                        "port",
                                        1),
                                "parameters_primary",
                                Map.of("work_mem", "8MB", "max_connections", 5),
                                "parameters_replica",
                                Map.of("work_mem", "9MB")));
        Files.writeString(folder.resolve("postgresql.conf"), "# the original\n");
        ConfigFiles files = new ConfigFiles(settings, new DataDirectory(folder));

        Parameters parameters = parameters(settings, PG15, MemberRole.PRIMARY, null);

        assertThat(files.writeConf(parameters, null, PG15)).isTrue();
        assertThat(files.writeConf(parameters, null, PG15)).isFalse();
        expect("primary.conf", folder.resolve("postgresql.conf"));
        assertThat(folder.resolve("postgresql.base.conf")).hasContent("# the original\n");
        assertThat(files.written("log_line_prefix")).isEqualTo("%m 'x\\y' ");
        assertThat(parameters.problems()).singleElement().asString().contains("max_connections");
        assertThat(parameters.arguments())
                .contains("--max_connections=100", "--port=5434", "--cluster_name=batman")
                .noneMatch(argument -> argument.contains("wal_keep"));
    }

    @Test
    void aStandbysConfiguration() throws IOException {
        PostgresSettings settings =
                settings(
                        Map.of(
                                "recovery_conf",
                                Map.of(
                                        "restore_command",
                                        "cp /a/%f %p",
                                        "recovery_target_time",
                                        "yesterday")));
        ConfigFiles files = new ConfigFiles(settings, new DataDirectory(folder));
        RecoverySettings recovery =
                RecoverySettings.standby(settings, ClusterSettings.DEFAULT, PG15, LEADER, false);
        Parameters parameters =
                parameters(
                        settings,
                        PG15,
                        MemberRole.REPLICA,
                        Map.of("max_connections setting", "200"));

        files.writeConf(parameters, recovery, PG15);
        files.writeRecoveryMarks(recovery, true, PG15);

        expect("standby.conf", folder.resolve("postgresql.conf"));
        assertThat(folder.resolve("standby.signal")).exists();
        assertThat(recovery.passfile()).isEqualTo("10.0.0.2:5433:*:repl:s\\:e\\\\cret\n");
        assertThat(parameters.raised().reasons()).containsOnlyKeys("max_connections");
    }

    @Test
    void whatWeWouldAddGivesWayToTheUsersValue() throws IOException {
        PostgresSettings settings =
                settings(Map.of("parameters", Map.of("wal_retrieve_retry_interval", "3s")));
        ConfigFiles files = new ConfigFiles(settings, new DataDirectory(folder));

        files.writeConf(parameters(settings, PG15, MemberRole.REPLICA, null), null, PG15);

        assertThat(folder.resolve("postgresql.conf"))
                .content()
                .containsOnlyOnce("wal_retrieve_retry_interval = '3s'")
                .doesNotContain("'1s'");
    }

    @Test
    void beforeTwelveRecoveryHasAFileOfItsOwn() throws IOException {
        PostgresSettings settings = settings(Map.of());
        PgVersion old = new PgVersion(110_020);
        ConfigFiles files = new ConfigFiles(settings, new DataDirectory(folder));
        RecoverySettings recovery =
                RecoverySettings.standby(settings, ClusterSettings.DEFAULT, old, LEADER, false);

        files.writeConf(parameters(settings, old, MemberRole.REPLICA, null), recovery, old);
        files.writeRecoveryMarks(recovery, true, old);

        expect("recovery.conf", folder.resolve("recovery.conf"));
        assertThat(folder.resolve("postgresql.conf"))
                .content()
                .doesNotContain("primary_conninfo")
                .contains("wal_keep_segments");
        files.writeRecoveryMarks(null, false, old);
        assertThat(folder.resolve("recovery.conf")).doesNotExist();
    }

    @Test
    void recoverySettingsLeaveTheAutomaticFile() throws IOException {
        Files.writeString(
                folder.resolve("postgresql.auto.conf"),
                "work_mem = '5MB'\nprimary_conninfo = 'host=elsewhere'\n");
        PostgresSettings settings = settings(Map.of());
        RecoverySettings recovery =
                RecoverySettings.standby(
                        settings, ClusterSettings.DEFAULT, PG15, Upstream.none(), false);

        new ConfigFiles(settings, new DataDirectory(folder))
                .writeRecoveryMarks(recovery, true, PG15);

        assertThat(folder.resolve("postgresql.auto.conf")).hasContent("work_mem = '5MB'\n");
        assertThat(recovery.parameters()).doesNotContainKey("primary_conninfo");
    }

    @Test
    void aRemoteSourceOfSeveralHosts() {
        StandbyCluster remote =
                new StandbyCluster(
                        "a.example,b.example", 5555, "slot_x", List.of(), null, null, null);
        RecoverySettings recovery =
                RecoverySettings.standby(
                        settings(Map.of()),
                        ClusterSettings.DEFAULT,
                        PG15,
                        new Upstream.Remote(remote),
                        true);

        assertThat(recovery.parameters().get("primary_conninfo"))
                .contains("host=a.example,b.example port=5555", "target_session_attrs=read-write")
                .doesNotContain("sslnegotiation");
        assertThat(recovery.parameters()).containsEntry("primary_slot_name", "slot_x");
        assertThat(recovery.passfile().lines()).hasSize(2);
    }

    @Test
    void hbaIsWrittenOnlyWhenItIsOurs() throws IOException {
        PostgresSettings settings = settings(Map.of("pg_hba", List.of("local all all trust")));
        ConfigFiles files = new ConfigFiles(settings, new DataDirectory(folder));
        Parameters own = parameters(settings, PG15, MemberRole.PRIMARY, null);

        assertThat(files.writeHba(null, own)).isFalse();
        assertThat(files.writeHba(settings.hba.base(), own)).isTrue();
        assertThat(folder.resolve("pg_hba.conf")).content().endsWith("local all all trust\n");

        PostgresSettings elsewhere = settings(Map.of("parameters", Map.of("hba_file", "/etc/hba")));
        assertThat(
                        files.writeHba(
                                List.of("x"),
                                parameters(elsewhere, PG15, MemberRole.PRIMARY, null)))
                .isFalse();
    }
}
