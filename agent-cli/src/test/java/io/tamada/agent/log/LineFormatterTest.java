package io.tamada.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.ConfigDocument;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LineFormatterTest {

    private static LogRecord entry(Level level, String text) {
        LogRecord entry = new LogRecord(level, text);
        entry.setLoggerName("io.tamada.test");
        entry.setInstant(
                LocalDateTime.of(2026, 1, 31, 12, 34, 56, 789_000_000)
                        .atZone(ZoneId.systemDefault())
                        .toInstant());
        return entry;
    }

    private static String line(Map<String, Object> settings, LogRecord entry) {
        return new LineFormatter(
                        LogSettings.of(ConfigDocument.of(settings)),
                        new Redactor(Set.of("open-sesame")))
                .format(entry);
    }

    @Test
    void theStandardLine() {
        assertThat(line(Map.of(), entry(Level.WARNING, "text")))
                .isEqualTo("2026-01-31 12:34:56,789 WARNING: text\n");
        assertThat(line(Map.of(), entry(Level.SEVERE, "text"))).contains(" ERROR: ");
        assertThat(line(Map.of(), entry(Level.FINE, "text"))).contains(" DEBUG: ");
        assertThat(line(Map.of(), entry(LogLevel.CRITICAL.level(), "text")))
                .contains(" CRITICAL: ");
    }

    @Test
    void fieldsInPythonsNotation() {
        String format = "%(asctime)s %(levelname)-8s [%(name)s] 100%% %(lineno)03d %(message)s";

        assertThat(line(Map.of("format", format), entry(Level.INFO, "text")))
                .isEqualTo("2026-01-31 12:34:56,789 INFO     [io.tamada.test] 100% 000 text\n");
    }

    @Test
    void timesInStrftimesNotation() {
        assertThat(line(Map.of("dateformat", "%d.%m.%Y %H:%M:%S"), entry(Level.INFO, "text")))
                .isEqualTo("31.01.2026 12:34:56 INFO: text\n");
    }

    @Test
    void jsonWithRenamedAndFixedFields() {
        Map<String, Object> settings =
                Map.of(
                        "type", "json",
                        "format", List.of("message", Map.of("levelname", "severity")),
                        "static_fields", Map.of("app", "tamada"));

        assertThat(line(settings, entry(Level.INFO, "say \"x\"")))
                .isEqualTo(
                        "{\"message\":\"say \\\"x\\\"\",\"severity\":\"INFO\",\"app\":\"tamada\"}\n");
    }

    @Test
    void exceptionsWithOrWithoutTheirStack() {
        LogRecord entry = entry(Level.SEVERE, "failed");
        entry.setThrown(new IllegalStateException("because"));

        assertThat(line(Map.of(), entry))
                .contains("failed\njava.lang.IllegalStateException: because\n\tat ");
        assertThat(line(Map.of("traceback_level", "DEBUG"), entry))
                .isEqualTo("2026-01-31 12:34:56,789 ERROR: failed, DETAIL: 'because'\n");
        assertThat(line(Map.of("type", "json"), entry))
                .contains("\"exc_info\":\"java.lang.IllegalStateException: because\\n\\tat ");
        assertThat(line(Map.of("type", "json", "traceback_level", "DEBUG"), entry))
                .contains("\"exc_info\":\"java.lang.IllegalStateException: because\"");
    }

    @Test
    void secretsAreMasked() {
        assertThat(
                        line(
                                Map.of(),
                                entry(
                                        Level.INFO,
                                        "x open-sesame y password=abc postgres://u:geheim@h/db")))
                .contains("x ****** y password=****** postgres://u:******@h/db");
    }
}
