package io.tamada.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListCommandTest {

    @TempDir Path home;
    Bench bench;

    @BeforeEach
    void begin() {
        bench = new Bench(home);
    }

    @AfterEach
    void end() {
        bench.close();
    }

    /// Five members with everything that a table can show.
    private void crowd() {
        bench.pair()
                .key("config", "{\"synchronous_mode\":true,\"pause\":true}")
                .key("sync", "{\"leader\":\"pg0\",\"quorum\":0,\"sync_standby\":\"pg1\"}")
                .key(
                        "failover",
                        "{\"leader\":\"pg0\",\"member\":\"pg1\",\"scheduled_at\":\"2050-01-01T12:00:00+02:00\"}")
                .key("status", "{\"optime\":60331744}")
                .key(
                        "members/pg2",
                        "{\"conn_url\":\"postgres://10.0.0.2:5432/postgres\",\"api_url\":\"API\",\"state\":\"running\","
                                + "\"role\":\"replica\",\"version\":\"4.1.4\",\"tags\":{\"clonefrom\":true,\"replicatefrom\":\"pg1\"},"
                                + "\"pending_restart\":true,\"pending_restart_reason\":{"
                                + "\"max_connections\":{\"old_value\":\"100\",\"new_value\":\"200\"},"
                                + "\"shared_preload_libraries\":{\"old_value\":\"pg_stat_statements\",\"new_value\":\"pg_stat_statements,auto_explain\"}},"
                                + "\"replay_lsn\":40331744,\"receive_lsn\":50331744,\"replication_state\":\"in archive recovery\",\"timeline\":1}")
                .key(
                        "members/pg3",
                        "{\"conn_url\":\"postgres://10.0.0.3:5432/postgres\",\"api_url\":\"API\",\"state\":\"creating replica\","
                                + "\"role\":\"replica\",\"version\":\"4.1.4\",\"tags\":{\"replicatefrom\":\"pg2\"},"
                                + "\"scheduled_restart\":{\"schedule\":\"2050-01-01T03:00:00+00:00\",\"postgres_version\":\"15.9\",\"postmaster_start_time\":null}}")
                .key(
                        "members/pg4",
                        "{\"conn_url\":\"postgres://10.0.0.4:5432/postgres\",\"state\":\"running\",\"role\":\"replica\","
                                + "\"xlog_location\":60331744,\"replication_state\":\"streaming\",\"timeline\":1}");
    }

    @Test
    void aTableIsDrawnLikeThat() {
        Bench.Ran ran = bench.pair().run("list");
        assertThat(ran.code()).isZero();
        assertThat(ran.err()).isEmpty();
        Golden.check("list-pair", ran.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pretty", "tsv", "json", "yaml", "yml"})
    void everyFormatShowsEverything(String format) {
        crowd();
        Golden.check("list-crowd-" + format, bench.run("list batman -f " + format).out());
    }

    @Test
    void anAlarmOfAMemberIsToldBelowTheTableAndByWhy() {
        bench.pair()
                .key(
                        "members/pg1",
                        "{\"state\":\"running\",\"role\":\"replica\",\"alarm\":\"reinitialize it\"}");
        assertThat(bench.run("list").out()).endsWith(" ALARM, pg1: reinitialize it\n");
        assertThat(bench.run("list -f json").out()).doesNotContain("ALARM");
        assertThat(bench.run("why").out()).contains("ALARM, pg1: reinitialize it\n");
    }

    @Test
    void extendedShowsEmptyColumnsToo() {
        Golden.check("list-extended", bench.pair().run("list -e").out());
    }

    @Test
    void topologyIsATree() {
        crowd();
        Golden.check("topology-crowd", bench.run("topology").out());
    }

    @Test
    void topologyWithoutALeaderHasAnInvisibleRootAndLosesNobody() {
        bench.key("initialize", "")
                .key(
                        "members/a",
                        "{\"state\":\"running\",\"role\":\"replica\",\"tags\":{\"replicatefrom\":\"b\"}}")
                .key(
                        "members/b",
                        "{\"state\":\"running\",\"role\":\"replica\",\"tags\":{\"replicatefrom\":\"a\"}}")
                .key("members/c", "{\"state\":\"running\",\"role\":\"replica\"}");
        Golden.check("topology-leaderless", bench.run("topology").out());
    }

    @Test
    void anUnknownClusterIsAnEmptyTable() {
        Bench.Ran ran = bench.pair().run("list nobody");
        assertThat(ran.code()).isZero();
        Golden.check("list-unknown", ran.out());
    }

    @Test
    void severalClustersFollowOneAnother() {
        bench.pair().keyAt("service/robin", "initialize", "1234567890");
        assertThat(bench.run("list robin batman -t").out())
                .startsWith("2026-11-23 18:00:00\n+ Cluster: robin (1234567890) ")
                .contains("+ Cluster: batman (7711428675501749787) ");
    }

    @Test
    void withoutAnyClusterThereIsAWarning() {
        bench.environment.remove("PATRONI_SCOPE");
        Bench.Ran ran = bench.run("list");
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith("Warning: nothing to show");
    }

    @Test
    void aStandbyClusterHasAStandbyLeader() {
        bench.pair().key("config", "{\"standby_cluster\":{\"host\":\"10.1.0.1\"}}");
        assertThat(bench.run("list").out()).contains("| Standby Leader |");
    }

    @Test
    void quorumStandbysAreNamedSo() {
        bench.pair()
                .key("config", "{\"synchronous_mode\":\"quorum\"}")
                .key("sync", "{\"leader\":\"pg0\",\"quorum\":0,\"sync_standby\":\"PG1\"}");
        assertThat(bench.run("list").out()).contains("| Quorum Standby |");
    }

    @Test
    void watchingRepeatsUntilTheOperatorLeaves() {
        Bench.Ran ran = bench.pair().whileWaiting(2, () -> {}).run("list -w 0.5 -f tsv");
        assertThat(ran.out().lines().filter(l -> l.startsWith("Cluster\t"))).hasSize(3);
        assertThat(bench.time.wall()).isEqualTo(Bench.NOW.plusMillis(1500));
    }

    @Test
    void groupsOfCitusAreShownTogether() {
        bench.config("scope: batman\ncitus: {group: 0, database: app}\n");
        bench.keyAt("service/batman/0", "initialize", "7711428675501749787")
                .keyAt("service/batman/0", "config", "{\"pause\":true}")
                .keyAt("service/batman/0", "leader", "c0")
                .keyAt(
                        "service/batman/0",
                        "members/c0",
                        "{\"conn_url\":\"postgres://10.0.0.1:5432/p\",\"state\":\"running\",\"role\":\"primary\",\"timeline\":2}")
                .keyAt("service/batman/1", "leader", "w0")
                .keyAt(
                        "service/batman/1",
                        "members/w0",
                        "{\"conn_url\":\"postgres://10.0.0.2:5432/p\",\"state\":\"running\",\"role\":\"primary\",\"timeline\":1}");
        Golden.check("list-citus", bench.run("list").out() + bench.run("list --group 0").out());
    }
}
