package io.tamada.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.ConfigDocument;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.logging.LogManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentLogTest {

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir private Path directory;

    @AfterEach
    void resetLogging() {
        LogManager.getLogManager().reset();
    }

    private AgentLog start(Map<String, Object> settings) throws IOException {
        return AgentLog.start(
                LogSettings.of(ConfigDocument.of(settings)),
                new Redactor(Set.of()),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String written() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void ourLinesAreWrittenFromTheConfiguredLevelOnAndLibrariesAreQuiet() throws IOException {
        AgentLog log = start(Map.of("loggers", Map.of("com.example.loud", "DEBUG")));
        for (String name : new String[] {"io.tamada.x", "com.example.quiet", "com.example.loud"}) {
            System.Logger logger = System.getLogger(name);
            logger.log(System.Logger.Level.DEBUG, name + " debug");
            logger.log(System.Logger.Level.INFO, name + " info");
            logger.log(System.Logger.Level.WARNING, name + " warning");
        }

        assertThat(log.finish()).isTrue();
        assertThat(written().lines().map(line -> line.replaceFirst("^.*?: ", "")))
                .containsExactly(
                        "io.tamada.x info",
                        "io.tamada.x warning",
                        "com.example.quiet warning",
                        "com.example.loud debug",
                        "com.example.loud info",
                        "com.example.loud warning");
    }

    @Test
    void aChangedLevelTakesEffect() throws IOException {
        AgentLog log = start(Map.of());
        System.Logger logger = System.getLogger("io.tamada.x");
        logger.log(System.Logger.Level.DEBUG, "before");
        log.configure(
                LogSettings.of(ConfigDocument.of(Map.of("level", "DEBUG"))),
                new Redactor(Set.of()));
        logger.log(System.Logger.Level.DEBUG, "after");

        log.finish();
        assertThat(written()).contains("DEBUG: after").doesNotContain("before");
    }

    @Test
    void filesAreRotated() throws IOException {
        AgentLog log =
                start(
                        Map.of(
                                "dir",
                                directory.toString(),
                                "file_size",
                                200,
                                "file_num",
                                2,
                                "mode",
                                384));
        for (int i = 0; i < 20; i++) {
            System.getLogger("io.tamada.x")
                    .log(System.Logger.Level.INFO, "line number {0} of them", i);
        }

        log.finish();
        assertThat(directory.resolve("patroni.log")).content().contains("line number 19 of them");
        assertThat(directory.resolve("patroni.log.1")).isNotEmptyFile();
        assertThat(directory.resolve("patroni.log.2")).isNotEmptyFile();
        assertThat(directory.resolve("patroni.log.3")).doesNotExist();
        assertThat(Files.getPosixFilePermissions(directory.resolve("patroni.log"))).hasSize(2);
        assertThat(written()).isEmpty();
    }

    @Test
    void theLockOwnerIsToldOnlyBesideNews() throws IOException {
        AgentLog log = start(Map.of("deduplicate_heartbeat_logs", true));
        System.Logger logger = System.getLogger("io.tamada.x");
        for (String text :
                new String[] {
                    "Lock owner: a; I am a", "no action. I am (a), the leader with the lock",
                    "Lock owner: a; I am a", "no action. I am (a), the leader with the lock",
                    "Lock owner: a; I am a", "restarting"
                }) {
            logger.log(System.Logger.Level.INFO, text);
        }

        log.finish();
        assertThat(written().lines().map(line -> line.replaceFirst("^.* INFO: ", "")))
                .containsExactly(
                        "no action. I am (a), the leader with the lock",
                        "Lock owner: a; I am a",
                        "restarting");
    }
}
