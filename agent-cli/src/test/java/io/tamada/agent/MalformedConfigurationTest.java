package io.tamada.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.testkit.ShelfConfiguration;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Valid configurations with a few slips of the fingers in them: whatever comes of it, no stack
/// trace is shown, everything that is said has a place, and no password is in it.
class MalformedConfigurationTest {

    private static final int FILES = 260;
    private static final int ENVIRONMENTS = 140;

    private static final String PASSWORD = "QQQQQQQQQQQQ";
    private static final String YAML =
            ShelfConfiguration.COMPLETE.replaceAll("open-sesame-\\w+", PASSWORD);
    private static final List<String> STRAYS =
            List.of(
                    ":",
                    "{",
                    "}",
                    "[",
                    "]",
                    "'",
                    "\"",
                    "#",
                    "- ",
                    "? ",
                    "&a ",
                    "*a ",
                    "!x ",
                    "|",
                    ">",
                    "%",
                    "@",
                    "`",
                    "\t",
                    "\n",
                    "\n  ",
                    "\u0000",
                    "\u0007",
                    "\ud83d\ude00",
                    "\ufeff",
                    "---\n",
                    "...\n",
                    "<<: ",
                    "null",
                    "~",
                    "0x",
                    "1e999",
                    "=",
                    ",",
                    "\\",
                    "/",
                    "..");

    private static final Map<String, String> VARIABLES =
            Map.ofEntries(
                    Map.entry("PATRONI_SCOPE", "demo"),
                    Map.entry("PATRONI_NAME", "node1"),
                    Map.entry("PATRONI_SHELF_PASSWORD", PASSWORD),
                    Map.entry("PATRONI_SHELF_BOARDS", "'a:1','b:2'"),
                    Map.entry("PATRONI_SHELF_LABELS", "a: b, c: d"),
                    Map.entry("PATRONI_SHELF_PATIENCE", "1.5"),
                    Map.entry("PATRONI_SHELF_PORT", "80"),
                    Map.entry("PATRONI_RESTAPI_LISTEN", "10.0.0.1:8008"),
                    Map.entry("PATRONI_RESTAPI_CONNECT_ADDRESS", "10.0.0.1:8008"),
                    Map.entry("PATRONI_RESTAPI_USERNAME", "admin"),
                    Map.entry("PATRONI_RESTAPI_PASSWORD", PASSWORD),
                    Map.entry("PATRONI_RESTAPI_HTTP_EXTRA_HEADERS", "X-A: b"),
                    Map.entry("PATRONI_RESTAPI_ALLOWLIST", "'10.0.0.0/8'"),
                    Map.entry("PATRONI_POSTGRESQL_LISTEN", "10.0.0.1:5432"),
                    Map.entry("PATRONI_POSTGRESQL_CONNECT_ADDRESS", "10.0.0.1:5432"),
                    Map.entry("PATRONI_POSTGRESQL_DATA_DIR", "/srv/pg/data"),
                    Map.entry("PATRONI_POSTGRESQL_BIN_DIR", "/srv/pg/bin"),
                    Map.entry("PATRONI_SUPERUSER_USERNAME", "postgres"),
                    Map.entry("PATRONI_SUPERUSER_PASSWORD", PASSWORD),
                    Map.entry("PATRONI_REPLICATION_USERNAME", "replicator"),
                    Map.entry("PATRONI_REPLICATION_PASSWORD", PASSWORD),
                    Map.entry("PATRONI_LOG_FORMAT", "[asctime, levelname: level]"),
                    Map.entry("PATRONI_LOG_LOGGERS", "a: DEBUG"),
                    Map.entry("PATRONI_LOG_DIR", "/var/log"),
                    Map.entry("PATRONI_CITUS_GROUP", "0"));

    @TempDir private Path directory;

    @Test
    void slipsInAFile() {
        Random random = new Random(5);
        for (int i = 0; i < FILES; i++) {
            String yaml = slipped(YAML, random);
            Path file = ShelfConfiguration.write(directory, yaml);
            check(said(Map.of(), file.toString()), yaml);
        }
    }

    @Test
    void slipsInTheEnvironment() {
        Random random = new Random(6);
        for (int i = 0; i < ENVIRONMENTS; i++) {
            Map<String, String> variables = new TreeMap<>(VARIABLES);
            List<String> names = new ArrayList<>(VARIABLES.keySet());
            Collections.sort(names);
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                String name = names.get(random.nextInt(names.size()));
                if (random.nextInt(5) == 0) {
                    variables.remove(name);
                } else {
                    variables.computeIfPresent(name, (_, value) -> slipped(value, random));
                }
            }
            check(said(variables), variables.toString());
        }
    }

    @Test
    void slipsInADocumentInTheEnvironment() {
        Random random = new Random(7);
        for (int i = 0; i < ENVIRONMENTS; i++) {
            String yaml = slipped(YAML, random);
            check(said(Map.of("PATRONI_CONFIGURATION", yaml)), yaml);
        }
    }

    private static void check(String said, String input) {
        assertThat(said)
                .as(input)
                .doesNotContain("Exception")
                .doesNotContain("\tat ")
                .doesNotContain("QQQQ");
        assertThat(said.lines())
                .as(input)
                .allSatisfy(line ->
                        assertThat(line)
                                .matches(
                                        "(warning: )?(/\\S+?node\\.yml(:\\d+:\\d+)?|environment variable \\w+"
                                                + "(:\\d+:\\d+)?|the environment|configuration): .+"));
    }

    private static String slipped(String text, Random random) {
        String result = text;
        for (int n = random.nextInt(1, 4); n > 0; n--) {
            int at = random.nextInt(result.length() + 1);
            int end = Math.min(result.length(), at + random.nextInt(1, 4));
            String stray = STRAYS.get(random.nextInt(STRAYS.size()));
            result =
                    switch (random.nextInt(4)) {
                        case 0 -> result.substring(0, at) + result.substring(end);
                        case 1 -> result.substring(0, at) + stray + result.substring(at);
                        case 2 -> result.substring(0, at) + stray + result.substring(end);
                        default ->
                                result.substring(0, at)
                                        + result.substring(at, end)
                                        + result.substring(at);
                    };
        }
        return result;
    }

    private static String said(Map<String, String> environment, String... file) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> arguments = new ArrayList<>(List.of("--validate-config", "-i"));
        arguments.addAll(List.of(file));
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        int code = new AgentMain(stream, stream, environment).run(arguments);
        assertThat(code).isBetween(0, 1);
        return err.toString(StandardCharsets.UTF_8);
    }
}
