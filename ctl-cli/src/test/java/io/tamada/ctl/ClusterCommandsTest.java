package io.tamada.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.dcs.StoreServers;
import io.tamada.testkit.StoreNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// pause, resume, configuration, history, version, dsn, remove, demote-cluster, promote-cluster,
/// why.
class ClusterCommandsTest {

    @TempDir Path home;
    Bench bench;

    @BeforeEach
    void begin() {
        bench = new Bench(home).pair();
    }

    @AfterEach
    void end() {
        bench.close();
    }

    @Test
    void pauseTellsALeaderAndWaitsForAll() {
        bench.members.answer("PATCH /config", 200, "{}");
        bench.members.effect("PATCH /config", () -> bench.key("config", "{\"pause\":true}"));
        bench.whileWaiting(
                20,
                () -> {
                    for (String name : List.of("pg0", "pg1")) {
                        bench.key(
                                "members/" + name,
                                "{\"api_url\":\"API\",\"state\":\"running\",\"pause\":true}");
                    }
                });
        Bench.Ran ran = bench.run("pause --wait");
        assertThat(ran.out())
                .isEqualTo(
                        """
                        'pause' request sent, waiting until it is recognized by all nodes
                        Success: cluster management is paused
                        """);
        assertThat(bench.members.requests()).containsExactly("PATCH /config {\"pause\": true}");
        assertThat(bench.run("pause").err()).isEqualTo("Error: Cluster is already paused\n");
    }

    @Test
    void pauseNamesThoseWhoDidNotNotice() {
        bench.members.answer("PATCH /config", 200, "{}");
        bench.whileWaiting(
                20,
                () ->
                        bench.key(
                                "members/pg1",
                                "{\"api_url\":\"API\",\"state\":\"running\",\"xlog_location\":1}"));
        assertThat(bench.run("pause --wait").out())
                .endsWith("pg1 members didn't recognized pause state after 10 seconds\n");
    }

    @Test
    void theServersOfAStoreThatIsRunApartAreNotOurs() {
        for (String command : List.of("store-servers", "remove-store-server 10.0.0.3:2222")) {
            assertThat(bench.run(command).err())
                    .startsWith("Error: This store is not run by the members");
        }
    }

    @Test
    void theServersOfTheStoreAreShown() {
        assertThat(
                        OutputFormat.PRETTY.render(
                                StoreServersCommand.table(
                                        List.of(
                                                new StoreServers.Server("a:1", true, true),
                                                new StoreServers.Server("b:1", false, false))),
                                "",
                                false))
                .isEqualTo(
                        """
                        +--------+----------+--------------+
                        | Server | Role     | State        |
                        +--------+----------+--------------+
                        | a:1    | Leader   | running      |
                        | b:1    | Follower | not heard of |
                        +--------+----------+--------------+
                        """);
    }

    @Test
    void resumeDeletesTheKey() {
        assertThat(bench.run("resume").err()).isEqualTo("Error: Cluster is not paused\n");
        bench.key("config", "{\"pause\":true}");
        bench.members.answer("PATCH /config", 200, "{}");
        assertThat(bench.run("resume").out()).isEqualTo("Success: cluster management is resumed\n");
        assertThat(bench.members.requests()).containsExactly("PATCH /config {\"pause\": null}");
    }

    @Test
    void pauseThatIsRefusedOrUnheardSaysSo() {
        bench.members.answer("PATCH /config", 401, "no auth header received");
        assertThat(bench.run("pause").out())
                .isEqualTo(
                        "Failed: pause cluster management status code=401, (no auth header received)\n");
        bench.members.close();
        assertThat(bench.run("pause").err())
                .endsWith("Error: Can not find accessible cluster member\n");
    }

    @Test
    void credentialsAreSent() {
        bench.environment.put("PATRONI_RESTAPI_USERNAME", "admin");
        bench.environment.put("PATRONI_RESTAPI_PASSWORD", "s3cret");
        bench.members.answer("PATCH /config", 200, "{}");
        bench.run("pause");
        assertThat(bench.members.requests())
                .singleElement()
                .asString()
                .endsWith("as Basic YWRtaW46czNjcmV0");
    }

    @Test
    void theConfigurationIsShownSorted() {
        Golden.check("show-config", bench.run("show-config").out());
        assertThat(bench.run("show-config nobody").out()).isEmpty();
    }

    @Test
    void editConfigSetsValuesShowsTheDifferenceAndAsks() {
        Bench.Ran ran =
                bench.run(
                        "edit-config -s loop_wait=5 -s postgresql.parameters.my.setting=on -p work_mem=8MB -s ttl=null",
                        "y");
        Golden.check("edit-config", ran.out());
        assertThat(bench.valueOf("config"))
                .isEqualTo(
                        "{\"loop_wait\":5,\"retry_timeout\":10,\"postgresql\":{\"parameters\":"
                                + "{\"max_connections\":100,\"my.setting\":true,\"work_mem\":\"8MB\"}}}");
    }

    @Test
    void editConfigChangesNothingWithoutConsent() {
        String before = bench.valueOf("config");
        Bench.Ran ran = bench.run("edit-config -s loop_wait=5", "");
        assertThat(ran.code()).isZero();
        assertThat(bench.run("edit-config -s loop_wait=10").out()).isEqualTo("Not changed\n");
        assertThat(bench.run("edit-config -q -s loop_wait=10").out()).isEmpty();
        assertThat(bench.valueOf("config")).isEqualTo(before);
    }

    @Test
    void editConfigDeletesEmptyParents() {
        bench.run("edit-config --force -s postgresql.parameters.max_connections=null");
        assertThat(bench.valueOf("config"))
                .isEqualTo("{\"ttl\":30,\"loop_wait\":10,\"retry_timeout\":10}");
    }

    @Test
    void editConfigWarnsOfWhatMembersWillNotUnderstand() {
        assertThat(bench.run("edit-config --force -s maximum_lag_on_failover=lots").err())
                .startsWith("Warning: maximum_lag_on_failover: lots is not a size");
    }

    @Test
    void editConfigFromStandardInputNeedsForce() {
        assertThat(bench.run("edit-config --apply -", "ttl: 20", "retry_timeout: null").out())
                .endsWith("Use --force option to apply changes\n");
        assertThat(
                        bench.run("edit-config --apply - --force", "ttl: 40", "retry_timeout: null")
                                .out())
                .endsWith("Configuration changed\n");
        assertThat(bench.valueOf("config"))
                .startsWith("{\"ttl\":40,\"loop_wait\":10,\"postgresql\"");
    }

    @Test
    void editConfigReplacesByAFile() throws IOException {
        Path file =
                Files.writeString(
                        home.resolve("new.yaml"), "ttl: 20\npostgresql: {use_slots: on}\n");
        bench.run("edit-config --force --replace " + file);
        assertThat(bench.valueOf("config"))
                .isEqualTo("{\"ttl\":20,\"postgresql\":{\"use_slots\":true}}");
    }

    @Test
    void editConfigDoesNotOverwriteWhatOthersChangedMeanwhile() throws IOException {
        Path editor = script("#!/bin/sh\necho 'ttl: 20' > \"$1\"\n");
        bench.environment.put("EDITOR", editor.toString());
        bench.config("scope: batman\n");
        StoreNetwork meddling =
                call -> {
                    if (call == StoreNetwork.Call.PUT) {
                        bench.key("config", "{\"ttl\":99}");
                    }
                    return StoreNetwork.AT_ONCE;
                };
        bench.close();
        bench = new Bench(home, meddling).pair();
        bench.environment.put("EDITOR", editor.toString());
        Bench.Ran ran = bench.run("--strict-exit edit-config", "y");
        assertThat(ran.out()).endsWith("Config modification aborted due to concurrent changes\n");
        assertThat(ran.code()).isEqualTo(3);
        assertThat(bench.valueOf("config")).isEqualTo("{\"ttl\":99}");
    }

    @Test
    void editConfigUsesTheEditor() throws IOException {
        Path editor = script("#!/bin/sh\nsed -i 's/ttl: 30/ttl: 35/' \"$1\"\n");
        bench.environment.put("EDITOR", editor.toString());
        assertThat(bench.run("edit-config", "y").out()).endsWith("Configuration changed\n");
        assertThat(bench.valueOf("config")).startsWith("{\"loop_wait\":10,").contains("\"ttl\":35");
    }

    @Test
    void editConfigKeepsATextThatIsNotAMapping() throws IOException {
        bench.environment.put("EDITOR", script("#!/bin/sh\necho '- a' > \"$1\"\n").toString());
        Bench.Ran ran = bench.run("edit-config");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).contains("not a mapping; expected lines").contains("--replace ");
        Path kept = Path.of(ran.err().strip().replaceAll(".*--replace ", ""));
        assertThat(kept).hasContent("- a");
        Files.delete(kept);
    }

    @Test
    void editConfigTellsWhenTheEditorFails() throws IOException {
        bench.environment.put("EDITOR", script("#!/bin/sh\nexit 3\n").toString());
        assertThat(bench.run("edit-config").err())
                .isEqualTo("Error: Editor exited with return code 3\n");
        bench.environment.remove("EDITOR");
        assertThat(bench.run("edit-config").err()).startsWith("Error: No editor found");
    }

    private Path script(String text) throws IOException {
        Path file = Files.writeString(home.resolve("editor.sh"), text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"pretty", "json"})
    void historyIsATable(String format) {
        bench.key(
                "history",
                "[[1,50616136,\"no recovery target specified\",\"2026-11-23T18:03:47.198008+00:00\",\"pg1\"],"
                        + "[2,50617000,\"no recovery target specified\"]]");
        Golden.check("history-" + format, bench.run("history -f " + format).out());
    }

    @Test
    void versionsAreThoseThatMembersTell() {
        bench.members.answer(
                "GET /patroni",
                200,
                "{\"server_version\": 150018, \"patroni\": {\"version\": \"4.1.4\"}}");
        assertThat(bench.run("version").out()).matches("tamadactl version \\S+\n");
        assertThat(bench.run("version batman pg1").out())
                .matches("tamadactl version \\S+\n\npg1: Patroni 4.1.4 PostgreSQL 15.18\n");
        bench.members.close();
        assertThat(bench.run("version batman pg1").out()).contains("pg1: failed to get version: ");
    }

    @Test
    void aDsnIsOfTheLeaderUnlessAskedOtherwise() {
        assertThat(bench.run("dsn").out()).isEqualTo("host=127.0.0.1 port=15430\n");
        assertThat(bench.run("dsn -r replica").out()).isEqualTo("host=127.0.0.1 port=15431\n");
        assertThat(bench.run("dsn -m nobody").err())
                .isEqualTo("Error: Can not find a suitable member\n");
        assertThat(bench.run("dsn -m pg1 -r any").err())
                .isEqualTo("Error: --role and --member are mutually exclusive options\n");
    }

    @Test
    void removeNeedsThreeAnswers() {
        assertThat(bench.run("remove batman", "robin").err())
                .isEqualTo("Error: Cluster names specified do not match\n");
        assertThat(bench.run("remove batman", "batman", "yes").err())
                .isEqualTo("Error: You did not exactly type \"Yes I am aware\"\n");
        assertThat(bench.run("remove batman", "batman", "Yes I am aware", "pg1").err())
                .isEqualTo("Error: You did not specify the current leader of the cluster\n");
        assertThat(bench.valueOf("config")).isNotEmpty();
        assertThat(bench.run("remove batman", "batman", "Yes I am aware", "pg0").code()).isZero();
        assertThat(bench.store("service/batman").entries()).isEmpty();
    }

    @Test
    void demoteClusterWaitsForTheStandbyLeader() {
        bench.members.answer("PATCH /config", 200, "{}");
        bench.whileWaiting(
                5,
                () -> {
                    bench.key("config", "{\"standby_cluster\":{\"host\":\"10.1.0.1\"}}");
                    bench.key(
                            "members/pg0",
                            "{\"api_url\":\"API\",\"state\":\"running\",\"role\":\"standby_leader\"}");
                });
        Bench.Ran ran = bench.run("demote-cluster --host 10.1.0.1 --port 5433", "y");
        assertThat(ran.out()).contains("Cluster batman is demoted\n").contains("Standby Leader");
        assertThat(bench.members.requests())
                .containsExactly(
                        "PATCH /config {\"standby_cluster\": {\"host\": \"10.1.0.1\", \"port\": 5433}}");
        assertThat(bench.run("demote-cluster --host x").err())
                .isEqualTo("Error: Cluster is already in the required state\n");
    }

    @Test
    void promoteClusterWaitsNoLongerThanItsBound() {
        bench.key(
                "members/pg0",
                "{\"api_url\":\"API\",\"state\":\"running\",\"role\":\"standby_leader\"}");
        bench.members.answer("PATCH /config", 200, "{}");
        bench.whileWaiting(100_000, () -> {});
        Bench.Ran ran = bench.run("--strict-exit promote-cluster --force");
        assertThat(ran.code()).isEqualTo(4);
        assertThat(bench.members.requests())
                .containsExactly("PATCH /config {\"standby_cluster\": null}");
    }

    @Test
    void demoteClusterNeedsASource() {
        assertThat(bench.run("demote-cluster").err())
                .isEqualTo(
                        "Error: At least --host, --port or --restore-command should be specified\n");
    }

    @Test
    void whyTellsTheJournalOfAllMembers() {
        bench.members.answer(
                "GET /journal?limit=1000",
                200,
                "[{\"sequence\": 1, \"at\": \"2026-11-23T16:00:00Z\", \"decision\": \"long ago\"},"
                        + "{\"sequence\": 7, \"at\": \"2026-11-23T17:59:00Z\", \"seen\": \"leader pg0, 2 members\","
                        + " \"rule\": \"FOLLOW_LEADER\", \"decision\": \"follow pg0\","
                        + " \"because\": [\"pg0 holds the lease\"], \"outcome\": \"done\", \"times\": 3}]");
        Golden.check("why", bench.run("why --member pg1 --since 30min --seen").out());
    }

    @Test
    void whyWithoutJournalsSaysSo() {
        Bench.Ran ran = bench.run("--strict-exit why");
        assertThat(ran.err()).contains("Warning: no journal from pg0");
        assertThat(ran.code()).isEqualTo(3);
        assertThat(bench.run("why --since often").err())
                .startsWith("Error: 'often' is not a span of time");
        assertThat(bench.run("why --member x").err())
                .isEqualTo("Error: Member x does not exist in the cluster\n");
    }
}
