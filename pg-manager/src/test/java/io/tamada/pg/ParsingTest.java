package io.tamada.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Timeline;
import io.tamada.ha.port.TaskProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What programs, files and people say, understood.
class ParsingTest {

    @ParameterizedTest
    @CsvSource({
        "15, 150000, 1500, 15",
        "9.6, 90600, 906, 9.6",
        "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1), 150018, 1500, 15",
        "postgres (PostgreSQL) 17beta1, 170000, 1700, 17",
        "9.6.24, 90624, 906, 9.6"
    })
    void versions(String text, int number, int major, String majorText) {
        PgVersion version = PgVersion.parse(text);
        assertThat(version.number()).isEqualTo(number);
        assertThat(version.major()).isEqualTo(major);
        assertThat(version.majorText()).isEqualTo(majorText);
    }

    @Test
    void controlData() {
        Map<String, String> values =
                ControlFile.parse(
                        """
                        Database system identifier:           7711487987236928660
                        Database cluster state:               shut down in recovery
                        Latest checkpoint location:           0/3000060
                        Latest checkpoint's TimeLineID:       2
                        Minimum recovery ending location:     0/3000148
                        Min recovery ending loc's timeline:   2
                        wal_log_hints setting:                on
                        Current max_connections setting:      100
                        Data page checksum version:           0
                        """);
        ControlData control = Objects.requireNonNull(ControlFile.control(values));
        assertThat(control.state()).isEqualTo(ControlData.State.SHUT_DOWN_IN_RECOVERY);
        assertThat(control.minRecoveryEnd()).isEqualTo(Lsn.parse("0/3000148"));
        assertThat(control.rewindable()).isTrue();
        assertThat(values).containsEntry("max_connections setting", "100");
        DivergenceCheck.Local local = Objects.requireNonNull(DivergenceCheck.ofControl(control));
        assertThat(local.inRecovery()).isTrue();
        assertThat(local.timeline()).isEqualTo(Timeline.of(2));
        assertThat(ControlFile.control(Map.of())).isNull();
    }

    @Test
    void walRecords() {
        WalRecords.WalRecord record =
                Objects.requireNonNull(
                        WalRecords.parse(
                                "rmgr: XLOG        len (rec/tot):    114/   114, tx:          0, lsn: 0/03000110, prev 0/030000D8,"
                                        + " desc: CHECKPOINT_SHUTDOWN redo 0/3000110; tli 1"));
        assertThat(record.manager()).isEqualTo("XLOG");
        assertThat(record.previous()).isEqualTo(Lsn.parse("0/30000D8"));
        assertThat(record.description()).startsWith("CHECKPOINT_SHUTDOWN");
        assertThat(WalRecords.parse("nothing")).isNull();
    }

    @Test
    void postmasterFile() {
        PostmasterFile file =
                Objects.requireNonNull(
                        PostmasterFile.parse(
                                List.of(
                                        "4711",
                                        "/data",
                                        "1700000000",
                                        "5433",
                                        "/run/pg",
                                        "127.0.0.1",
                                        "  123  456",
                                        "ready   ")));
        assertThat(file)
                .isEqualTo(
                        new PostmasterFile(
                                4711, 1_700_000_000, 5433, "/run/pg", "127.0.0.1", "ready"));
        assertThat(PostmasterFile.parse(List.of("garbage"))).isNull();
        assertThat(Objects.requireNonNull(PostmasterFile.parse(List.of("12"))).status()).isEmpty();
    }

    @Test
    void timelineHistory() {
        var history =
                DataDirectory.parseHistory(
                        "1\t0/3000148\tno recovery target specified\n\n2\t0/5000000\tx\n");
        assertThat(history.switches()).hasSize(2);
        assertThat(history.current()).isEqualTo(Timeline.of(3));
        assertThat(history.switches().getFirst().reason())
                .isEqualTo("no recovery target specified");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, localhost, 5432",
        "127.0.0.1:5433, 127.0.0.1, 5433",
        "'a,b:5433', 'a,b', 5433",
        "[::1]:5433, ::1, 5433",
        "::1, ::1, 5432",
        "*:1, *, 1"
    })
    void addresses(String text, String host, String port) {
        assertThat(ServerAddress.parse("x", text)).isEqualTo(new ServerAddress(host, port));
    }

    @Test
    void urls() {
        assertThat(ServerAddress.ofUrl("postgres://[fe80::1]:5433/postgres"))
                .isEqualTo(new ServerAddress("fe80::1", "5433"));
        assertThat(ServerAddress.ofUrl("postgres://u@a:1,b:2/db?x=y"))
                .isEqualTo(new ServerAddress("a,b", "1,2"));
        assertThat(ServerAddress.ofUrl("nonsense")).isNull();
        assertThatThrownBy(() -> ServerAddress.parse("postgresql.listen", "host:port"))
                .hasMessage("postgresql.listen: 'host:port' is not of the form HOST:PORT");
    }

    @Test
    void shellWords() {
        assertThat(ShellWords.split("  a 'b c' \"d \\\" $e\" f\\ g '' "))
                .containsExactly("a", "b c", "d \" $e", "f g", "");
        assertThatThrownBy(() -> ShellWords.split("a 'b")).hasMessageContaining("open quote");
    }

    @Test
    void archivePlaceholders() {
        assertThat(ArchiveCommands.fill("cp %p /a/%f; echo 100%% %r %x", "W", "/p$1"))
                .isEqualTo("cp /p$1 /a/W; echo 100% 000000010000000000000001 %x");
    }

    @Test
    void lastOptions() {
        assertThat(
                        CrashRecovery.options(
                                "/bin/postgres \"-D\" \"/data\" \"--max_connections=50\"\n"))
                .containsExactly("-c", "max_connections=50");
    }

    @Test
    void progressOfABaseBackup() {
        List<String> told = new ArrayList<>();
        BaseBackup.Meter meter = new BaseBackup.Meter(TaskProgress.SILENT);
        told.add(meter.sentence("    0/204800 kB (0%), 0/1 tablespace", 0));
        told.add(
                meter.sentence(
                        " 102400/204800 kB (50%), 0/1 tablespace (...0000/base/5/1247)",
                        10_000_000_000L));
        assertThat(told).containsExactly("0% of 200 MB", "50% of 200 MB, 10.0 MB/s, 10 s left");
        assertThat(meter.sentence("pg_basebackup: base backup completed", 0)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "128MB, integer, 16384, 8kB, true",
        "1GB, integer, 16384, 8kB, false",
        "30s, integer, 30000, ms, true",
        "TRUE, bool, on, , true",
        "0.50, real, 0.5, , true",
        "Replica, enum, replica, , true",
        "a, string, A, , false"
    })
    void runningValues(String wanted, String type, String setting, String unit, boolean same) {
        assertThat(
                        RunningParameters.same(
                                new RunningParameters.Running(setting, unit, type), wanted))
                .isEqualTo(same);
    }

    @Test
    void readableValues() {
        assertThat(
                        RunningParameters.readable(
                                new RunningParameters.Running("16384", "8kB", "integer")))
                .isEqualTo("128MB");
        assertThat(RunningParameters.readable(new RunningParameters.Running("-1", "kB", "integer")))
                .isEqualTo("-1");
        assertThat(
                        RunningParameters.readable(
                                new RunningParameters.Running("90000", "ms", "integer")))
                .isEqualTo("90s");
    }

    @Test
    void aServersObjectionsAreRead() {
        List<ServerObjection> objections =
                ServerObjection.parse(
                        """
                        2026-01-01 GMT [1] LOG:  1 kB is outside the valid range for parameter "work_mem" (64 kB .. 2147483647 kB)
                        2026-01-01 GMT [1] LOG:  -2 is outside the valid range for parameter "geqo_seed" (0 .. 1)
                        2026-01-01 GMT [1] LOG:  invalid value for parameter "wal_level": "parameter \"x\""
                        2026-01-01 GMT [1] HINT:  Available values: minimal, replica, logical.
                        2026-01-01 GMT [1] LOG:  parameter "fsync" requires a Boolean value
                        LOG:  unrecognized configuration parameter "no_such" in file "/x/postgresql.conf" line 4
                        LOG:  syntax error in file "/x/postgresql.conf" line 2, near token "="
                        FATAL:  configuration file "/x/postgresql.conf" contains errors
                        HINT:  Not about a parameter.
                        """,
                        List.of("first", "the second"));

        assertThat(objections)
                .containsExactly(
                        new ServerObjection("work_mem", "is not from 64 kB to 2147483647 kB", "64"),
                        new ServerObjection("geqo_seed", "is not from 0 to 1", "0"),
                        new ServerObjection(
                                "wal_level",
                                "is not allowed (Available values: minimal, replica, logical)",
                                null),
                        new ServerObjection("fsync", "is wrong: it requires a Boolean value", null),
                        new ServerObjection("no_such", null, null),
                        new ServerObjection(
                                "the second", "can't be written into a configuration", null));
    }

    @Test
    void aLocalSectionReplacesTheDynamicOneAsAWhole() {
        ConfigDocument merged =
                PostgresSettings.merge(
                        ConfigDocument.of(
                                Map.of("callbacks", Map.of("on_start", "a", "on_stop", "b"))),
                        ConfigDocument.of(Map.of("callbacks", Map.of("on_start", "c"))));
        assertThat(merged.section("callbacks").root()).isEqualTo(Map.of("on_start", "c"));
    }

    @Test
    void settingsAreMergedByTheirRules() {
        ConfigDocument merged =
                PostgresSettings.merge(
                        ConfigDocument.of(
                                Map.of(
                                        "data_dir",
                                        "/dynamic",
                                        "use_pg_rewind",
                                        true,
                                        "parameters",
                                        Map.of("max_connections", 200, "work_mem", "1MB"))),
                        ConfigDocument.of(
                                Map.of(
                                        "data_dir",
                                        "/local",
                                        "parameters",
                                        Map.of("max_connections", 300, "work_mem", "2MB"))));
        assertThat(merged.at("data_dir")).isEqualTo("/local");
        assertThat(merged.at("use_pg_rewind")).isEqualTo(true);
        assertThat(merged.at("parameters", "max_connections")).hasToString("200");
        assertThat(merged.at("parameters", "work_mem")).isEqualTo("2MB");
    }

    @Test
    void wrongSettingsAreNamedWithValueAndExpectation() {
        assertThatThrownBy(() -> of(Map.of("listen", "x")))
                .hasMessage("postgresql.data_dir: 'null' is not the path of a data directory");
        assertThatThrownBy(() -> of(Map.of("data_dir", "/d", "pg_ctl_timeout", "soon")))
                .hasMessage("postgresql.pg_ctl_timeout: 'soon' is not a number from 1 to 86400");
        assertThatThrownBy(() -> of(Map.of("data_dir", "/d", "parameters", List.of("x"))))
                .hasMessage("postgresql.parameters: '[x]' is not a mapping");
        assertThatThrownBy(() -> of(Map.of("data_dir", "/d", "use_pg_rewind", "maybe")))
                .hasMessage("postgresql.use_pg_rewind: 'maybe' is not true or false");
        assertThatThrownBy(() -> of(Map.of("data_dir", "/d", "pre_promote", "a 'b")))
                .hasMessageStartingWith("postgresql.pre_promote: 'a 'b' is not a command line");
    }

    @Test
    void secretsPrintNothing() {
        PostgresSettings settings =
                of(
                        Map.of(
                                "data_dir",
                                "/d",
                                "authentication",
                                Map.of(
                                        "superuser",
                                        Map.of("username", "u", "password", "hidden"))));
        assertThat(settings.superuser.toString()).contains("u").doesNotContain("hidden");
        assertThat(settings.connUrl()).isEqualTo("postgres://localhost:5432/postgres");
    }

    private static PostgresSettings of(Map<String, ?> section) {
        return PostgresSettings.of(
                "s", MemberName.of("one"), ConfigDocument.of(section), ConfigDocument.EMPTY);
    }
}
