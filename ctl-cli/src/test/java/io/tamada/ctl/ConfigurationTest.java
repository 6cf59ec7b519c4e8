package io.tamada.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tamada.ha.dcs.DcsProviders;
import io.tamada.ha.dcs.StoreUrl;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.testkit.StoreNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where the configuration comes from, what is made of it, and how the command line answers to
/// nonsense.
class ConfigurationTest {

    private static final DcsProviders PROVIDERS =
            DcsProviders.visibleTo(ConfigurationTest.class.getClassLoader());
    private static final StoreUrl ASSUMED =
            new StoreUrl(2379, "host", false, null, true, Set.of("host"));
    private static final SortedMap<String, StoreUrl> SCHEMES =
            new TreeMap<>(
                    Map.of(
                            "zookeeper", url(2181, "hosts", true, null),
                            "exhibitor", url(8181, "hosts", true, "port"),
                            "consul", url(8500, "host", false, null),
                            "etcd", ASSUMED,
                            "etcd3", url(2379, "host", false, null)));
    private static final List<String> SECTIONS = List.copyOf(SCHEMES.keySet());

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

    private static StoreUrl url(int port, String key, boolean list, @Nullable String portKey) {
        return new StoreUrl(
                port, key, list, portKey, false, Set.of("host", "hosts", "port", "url"));
    }

    private ConfigDocument read(Map<String, String> environment) {
        return new ConfigSource(environment, home, PROVIDERS).read(null);
    }

    @Test
    void aNamedFileMustBeThere() {
        bench.environment.put("PATRONICTL_CONFIG_FILE", home.resolve("none.yaml").toString());
        Bench.Ran ran = bench.run("list");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err())
                .isEqualTo(
                        "Error: Provided config file HOME/none.yaml not existing or no read rights. Check the"
                                + " -c/--config-file parameter\n");
    }

    @Test
    void ownFilesAreFoundOursFirst() throws IOException {
        Path patroni = Files.createDirectories(home.resolve(".config/patroni"));
        Files.writeString(patroni.resolve("patronictl.yaml"), "scope: theirs\n");
        assertThat(read(Map.of()).at("scope")).isEqualTo("theirs");
        Path tamada = Files.createDirectories(home.resolve(".config/tamada"));
        Files.writeString(tamada.resolve("tamadactl.yaml"), "scope: ours\n");
        assertThat(read(Map.of()).at("scope")).isEqualTo("ours");
        assertThat(read(Map.of("PATRONI_SCOPE", "variable")).at("scope")).isEqualTo("variable");
    }

    @Test
    void aFolderIsReadInTheOrderOfItsNames() throws IOException {
        Files.writeString(home.resolve("1.yml"), "scope: a\nrestapi: {cafile: x, listen: y}\n");
        Files.writeString(home.resolve("2.yaml"), "scope: b\nrestapi: {cafile: null}\n");
        Files.writeString(home.resolve("3.txt"), "scope: c\n");
        ConfigDocument read = read(Map.of("PATRONICTL_CONFIG_FILE", home.toString()));
        assertThat(read.root()).isEqualTo(Map.of("scope", "b", "restapi", Map.of("listen", "y")));
    }

    @Test
    void aWholeDocumentMayBeAVariable() {
        assertThat(
                        read(Map.of("PATRONI_CONFIGURATION", "scope: x", "PATRONI_SCOPE", "y"))
                                .at("scope"))
                .isEqualTo("x");
    }

    @Test
    void variablesHaveTypes() {
        ConfigDocument read =
                read(
                        Map.of(
                                "PATRONI_MEMORY_HOSTS", "a:2379, 'b:2379'",
                                "PATRONI_MEMORY_PORT", "8500",
                                "PATRONI_MEMORY_VERIFY", "off",
                                "PATRONI_MEMORY_LABELS", "app: x, tier: y",
                                "PATRONI_CTL_USERNAME", "u",
                                "PATRONI_CTL_INSECURE", "on",
                                "PATRONI_NAMESPACE", ""));
        assertThat(read.section("memory").root())
                .isEqualTo(
                        Map.of(
                                "hosts",
                                List.of("a:2379", "b:2379"),
                                "port",
                                8500L,
                                "verify",
                                false,
                                "labels",
                                Map.of("app", "x", "tier", "y")));
        assertThat(read.at("ctl", "authentication", "username")).isEqualTo("u");
        assertThat(read.at("ctl", "insecure")).isEqualTo(true);
        assertThat(read.root()).doesNotContainKey("namespace");
        assertThat(read(Map.of("PATRONI_MEMORY_HOSTS", "['c:1', 'd:2']")).at("memory", "hosts"))
                .isEqualTo(List.of("c:1", "d:2"));
    }

    @Test
    void anErrorInTheFileNamesItsPlace() {
        bench.config("scope: batman\nmemory: {id: [\n");
        assertThat(bench.run("list").err())
                .startsWith("Error: HOME/ctl.yaml:3:1: not valid YAML: ");
        bench.config("- a\n");
        assertThat(bench.run("list").err())
                .isEqualTo(
                        "Error: HOME/ctl.yaml:1:1: not a mapping; expected lines of the form 'key: value'\n");
    }

    @Test
    void theAgentsOwnVariablesAreUnderstood() {
        assertThat(
                        read(Map.of(
                                        "PATRONI_SCOPE", "theirs",
                                        "TAMADA_SCOPE", "ours",
                                        "TAMADA_RESTAPI_USERNAME", "u"))
                                .root())
                .isEqualTo(
                        Map.of(
                                "scope",
                                "ours",
                                "restapi",
                                Map.of("authentication", Map.of("username", "u"))));
    }

    @Test
    void aVariableThatCantBeReadIsNamed() {
        bench.environment.put("PATRONI_MEMORY_LABELS", "open-sesame][");
        assertThat(bench.run("list").err())
                .startsWith("Error: environment variable PATRONI_MEMORY_LABELS:")
                .doesNotContain("sesame");
    }

    @Test
    void withoutAStoreItIsSaidWhatToGive() {
        bench.environment.remove("PATRONI_MEMORY_ID");
        Bench.Ran ran = bench.run("list");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err())
                .startsWith("Error: No store is configured: give a configuration file with -c");
    }

    @Test
    void aStoreThatIsNotInstalledIsNamedBesideThoseThatAre() {
        assertThat(bench.run("-d zanzibar://h:1 list").err())
                .startsWith("Error: Unknown dcs scheme: zanzibar; stores that are installed")
                .contains("raft");
    }

    @Test
    void aSilentStoreIsOneLine() {
        bench.close();
        bench = new Bench(home, _ -> new StoreNetwork.Fate.RequestLost());
        Bench.Ran ran = bench.run("list");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err().lines())
                .singleElement()
                .asString()
                .startsWith("Error: The store does not answer: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    etcd3://h:2399/custom    | etcd3     | h:2399         | /custom
                    ''                       | etcd      | localhost:2379 |
                    h                        | etcd      | h:2379         |
                    h:2181                   | zookeeper | h:2181         |
                    h:8181                   | exhibitor | h:8181         |
                    //h:8500                 | etcd      | localhost:2379 | //h:8500
                    h:8500/                  | consul    | h:8500         |
                    consul://[::1]:18500/a/b | consul    | [::1]:18500    | /a/b
                    """)
    void storesHaveUrls(String text, String scheme, String address, String namespace) {
        DcsUrl url = DcsUrl.parse(text, SCHEMES);
        assertThat(url.section()).isEqualTo(scheme);
        assertThat(url.address()).hasToString(address);
        assertThat(url.namespace()).isEqualTo(namespace);
    }

    @Test
    void aUrlKeepsCredentialsOfItsOwnKindAndDropsOtherStores() {
        ConfigDocument file =
                YamlText.parseMapping(
                        "scope: a\netcd3: {hosts: [x], url: y, username: u, password: p}\nconsul: {host: z}\n",
                        "test");
        assertThat(DcsUrl.parse("etcd3://h:1/n", SCHEMES).applyTo(file, SECTIONS).root())
                .isEqualTo(
                        Map.of(
                                "scope", "a",
                                "namespace", "/n",
                                "etcd3", Map.of("username", "u", "password", "p", "host", "h:1")));
        assertThat(DcsUrl.parse("exhibitor://h", SCHEMES).applyTo(file, SECTIONS).at("exhibitor"))
                .isEqualTo(Map.of("hosts", List.of("h"), "port", 8181L));
    }

    @Test
    void aSchemeNobodyKnowsIsRefused() {
        assertThatThrownBy(() -> DcsUrl.parse("redis://h", SCHEMES))
                .hasMessageStartingWith("Unknown dcs scheme: redis; ");
        assertThatThrownBy(() -> DcsUrl.parse("etcd://h:x", SCHEMES))
                .hasMessageContaining("no valid port");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    fly                       | Unmatched argument at index 0: 'fly'
                    list --nope               | Unknown option: '--nope'
                    list -f html              | Invalid value for option '--format'
                    restart                   | Missing required parameter: 'CLUSTER'
                    dsn -r king               | Invalid value for option '--role'
                    switchover --candidate a --candidate b | option '--candidate' (<candidate>) should be specified only once
                    """)
    void wrongUsageExitsWith2(String arguments, String problem) {
        Bench.Ran ran = bench.run(arguments.strip());
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).startsWith("Usage: tamadactl").contains("Try 'tamadactl");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void helpListsEveryCommand() {
        Golden.check("help", bench.run("--help").out());
        assertThat(bench.run(List.of()).code()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "completion",
                "demote-cluster",
                "dsn",
                "edit-config",
                "failover",
                "flush",
                "history",
                "list",
                "pause",
                "promote-cluster",
                "query",
                "reinit",
                "reload",
                "remove",
                "remove-store-server",
                "restart",
                "resume",
                "show-config",
                "store-servers",
                "switchover",
                "topology",
                "version",
                "why"
            })
    void everyCommandHasHelpWithExamples(String command) {
        Bench.Ran ran = bench.run(command + " --help");
        assertThat(ran.code()).isZero();
        assertThat(ran.out())
                .startsWith("Usage: tamadactl " + command)
                .contains("Examples:")
                .contains("tamadactl " + command);
        assertThat(ran.out().lines())
                .allSatisfy(l -> assertThat(l.length()).isLessThanOrEqualTo(100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void completionKnowsEveryCommand(String shell) {
        String script = bench.run("completion " + shell).out();
        assertThat(script)
                .contains("switchover")
                .contains("show-config")
                .contains("candidate")
                .contains("standby-leader");
    }
}
