package io.tamada.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.ConfigDocument;
import io.tamada.testkit.ShelfConfiguration;
import io.tamada.testkit.ShelfProvider;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {

    private final Findings findings = new Findings();

    @TempDir private Path directory;

    private ConfigDocument read(Map<String, String> variables) {
        Catalogue catalogue = new Catalogue(Map.of("shelf", new ShelfProvider().settings()));
        return new Environment(variables, catalogue).settings(findings).document();
    }

    @Test
    void variablesBecomeSettings() {
        ConfigDocument read =
                read(
                        Map.of(
                                "PATRONI_SCOPE", "demo",
                                "PATRONI_RESTAPI_LISTEN", "10.0.0.1:8008",
                                "PATRONI_REPLICATION_PASSWORD", "s: [x",
                                "PATRONI_POSTGRESQL_BIN_PG_CTL", "pg_ctl2",
                                "PATRONI_RESTAPI_ALLOWLIST", "'10.0.0.0/8','::1'",
                                "PATRONI_LOG_LOGGERS", "a: DEBUG, b: INFO",
                                "PATRONI_CITUS_GROUP", "2",
                                "PATRONI_LOGLEVEL", "ERROR",
                                "PATRONI_NAME", "",
                                "HOME", "/x"));

        assertThat(read.root().keySet())
                .containsExactlyInAnyOrder("scope", "restapi", "postgresql", "log", "citus");
        assertThat(read.at("postgresql", "authentication", "replication", "password"))
                .isEqualTo("s: [x");
        assertThat(read.at("postgresql", "bin_name", "pg_ctl")).isEqualTo("pg_ctl2");
        assertThat(read.at("restapi", "allowlist")).isEqualTo(List.of("10.0.0.0/8", "::1"));
        assertThat(read.at("log", "loggers")).isEqualTo(Map.of("a", "DEBUG", "b", "INFO"));
        assertThat(read.at("log", "level")).isEqualTo("ERROR");
        assertThat(read.at("citus", "group")).isEqualTo(2L);
        assertThat(findings.all()).isEmpty();
    }

    /// All that Patroni heeds outside the stores' sections, and what it documents without heeding.
    @Test
    void everyVariableThatPatroniReadsIsASetting() {
        String names =
                """
                NAME NAMESPACE SCOPE THREAD_POOL_SIZE THREAD_STACK_SIZE LOGLEVEL LOGFORMAT LOG_DATEFMT
                LOG_:TYPE,LEVEL,TRACEBACK_LEVEL,FORMAT,DATEFORMAT,STATIC_FIELDS,MAX_QUEUE_SIZE,DIR,MODE,FILE_SIZE,FILE_NUM,LOGGERS,DEDUPLICATE_HEARTBEAT_LOGS
                RESTAPI_:LISTEN,CONNECT_ADDRESS,CERTFILE,KEYFILE,KEYFILE_PASSWORD,CAFILE,CIPHERS,VERIFY_CLIENT,HTTP_EXTRA_HEADERS,HTTPS_EXTRA_HEADERS,ALLOWLIST,ALLOWLIST_INCLUDE_MEMBERS,REQUEST_QUEUE_SIZE,SERVER_TOKENS,USERNAME,PASSWORD,THREAD_POOL_SIZE
                CTL_:INSECURE,CACERT,CERTFILE,KEYFILE,KEYFILE_PASSWORD,USERNAME,PASSWORD
                POSTGRESQL_:LISTEN,CONNECT_ADDRESS,PROXY_ADDRESS,CONFIG_DIR,DATA_DIR,PGPASS,BIN_DIR
                POSTGRESQL_BIN_:PG_CTL,INITDB,PG_CONTROLDATA,PG_BASEBACKUP,POSTGRES,PG_ISREADY,PG_REWIND,IS_READY
                REPLICATION_:USERNAME,PASSWORD,SSLMODE,SSLCERT,SSLKEY,SSLPASSWORD,SSLROOTCERT,SSLCRL,SSLCRLDIR,GSSENCMODE,CHANNEL_BINDING,SSLNEGOTIATION
                SUPERUSER_:USERNAME,PASSWORD,SSLMODE,SSLCERT,SSLKEY,SSLPASSWORD,SSLROOTCERT,SSLCRL,SSLCRLDIR,GSSENCMODE,CHANNEL_BINDING,SSLNEGOTIATION
                REWIND_:USERNAME,PASSWORD,SSLMODE,SSLCERT,SSLKEY,SSLPASSWORD,SSLROOTCERT,SSLCRL,SSLCRLDIR,GSSENCMODE,CHANNEL_BINDING,SSLNEGOTIATION
                CITUS_:GROUP,DATABASE
                """;
        for (String word : names.strip().split("\\s+", -1)) {
            int colon = word.indexOf(':');
            String prefix = colon < 0 ? "" : word.substring(0, colon);
            for (String name : word.substring(colon + 1).split(",", -1)) {
                for (String product : List.of("PATRONI_", "TAMADA_")) {
                    String variable = product + prefix + name;
                    assertThat(read(Map.of(variable, "a: 1")).root()).as(variable).isNotEmpty();
                }
            }
        }
    }

    @Test
    void aStoresVariablesAreThoseThatItsProviderTells() {
        ConfigDocument read =
                read(
                        Map.of(
                                "PATRONI_SHELF_BOARDS", "'localhost:2181','b:2'",
                                "PATRONI_SHELF_PORT", "8500",
                                "PATRONI_SHELF_LABELS", "a: b",
                                "PATRONI_SHELF_VERIFY", "off",
                                "PATRONI_SHELF_PATIENCE", "1.5",
                                "PATRONI_ELSEWHERE_HOSTS", "x"));

        assertThat(read.root())
                .isEqualTo(
                        Map.of(
                                "shelf",
                                Map.of(
                                        "boards",
                                        List.of("localhost:2181", "b:2"),
                                        "port",
                                        8500L,
                                        "labels",
                                        Map.of("a", "b"),
                                        "verify",
                                        false,
                                        "patience",
                                        1.5)));
        assertThat(findings.all()).isEmpty();
    }

    @Test
    void aMisspeltVariableIsNoticedWithTheNameThatWasMeant() {
        assertThat(read(Map.of("PATRONI_SHELF_BORDS", "x", "TAMADA_RESTAPI_LISTN", "y")).root())
                .isEmpty();
        assertThat(findings.all())
                .extracting(Finding::toString)
                .containsExactly(
                        "environment variable PATRONI_SHELF_BORDS: unknown, ignored; did you mean"
                                + " PATRONI_SHELF_BOARDS?",
                        "environment variable TAMADA_RESTAPI_LISTN: unknown, ignored; did you mean"
                                + " TAMADA_RESTAPI_LISTEN?");
    }

    @Test
    void aStoresCredentialsAloneDontChooseIt() {
        assertThat(
                        read(Map.of("PATRONI_SHELF_USERNAME", "u", "PATRONI_SHELF_PASSWORD", "p"))
                                .root())
                .isEmpty();
    }

    @Test
    void ourOwnPrefixWins() {
        assertThat(
                        read(Map.of(
                                        "PATRONI_SCOPE",
                                        "a",
                                        "TAMADA_SCOPE",
                                        "b",
                                        "TAMADA_JAVA_OPTS",
                                        "-Xmx1g"))
                                .root())
                .isEqualTo(Map.of("scope", "b"));
        assertThat(findings.all())
                .extracting(Finding::toString)
                .containsExactly(
                        "environment variable PATRONI_SCOPE: not used, since TAMADA_SCOPE is set,"
                                + " too, and differs; unset one of them");
    }

    @Test
    void bothPrefixesWithTheSameValueAreNoNews() {
        Map<String, String> both =
                Map.of("PATRONI_SCOPE", "a", "TAMADA_SCOPE", "a", "TAMADA_NAME", "");
        assertThat(read(both).root()).isEqualTo(Map.of("scope", "a"));
        assertThat(findings.all()).isEmpty();
    }

    @Test
    void aVariableThatCantBeReadIsNamedWithoutItsValue() {
        read(Map.of("PATRONI_SHELF_BOARDS", "[sesame", "PATRONI_SHELF_LABELS", "sesame]["));

        assertThat(findings.of(Finding.Severity.REFUSED))
                .hasSize(2)
                .allSatisfy(finding ->
                        assertThat(finding.toString())
                                .contains("environment variable PATRONI_SHELF_")
                                .doesNotContain("sesame"));
    }

    @Test
    void variablesWinOverTheFile() {
        LocalConfiguration read =
                Configurations.read(
                        directory, ShelfConfiguration.COMPLETE, Map.of("PATRONI_NAME", "node9"));

        assertThat(read.name().value()).isEqualTo("node9");
        assertThat(read.placeOf("name")).hasToString("environment variable PATRONI_NAME");
    }

    @Test
    void aWholeDocumentInAVariableStandsAlone() {
        Map<String, String> variables = new HashMap<>();
        variables.put("PATRONI_CONFIGURATION", ShelfConfiguration.COMPLETE);
        variables.put("PATRONI_NAME", "ignored");
        LocalConfiguration read =
                new ConfigurationReader(
                                null,
                                variables,
                                io.tamada.ha.dcs.DcsProviders.visibleTo(
                                        getClass().getClassLoader()))
                        .read();

        assertThat(read.findings()).isEmpty();
        assertThat(read.name().value()).isEqualTo("node1");
    }
}
