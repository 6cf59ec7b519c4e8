package io.tamada.agent.log;

import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Values;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The section `log`, understood.
///
/// @param json one JSON object per line instead of text
/// @param traces from which level on errors are written with their stack: DEBUG means only while
///   `level` is DEBUG
/// @param format the line's pattern
/// @param fields of JSON lines: the field's name to the name it is written under
/// @param dateFormat as strftime writes it; null for the standard form with milliseconds
/// @param directory of the log file; null for stderr
/// @param mode permissions of the log file; -1 for those that the process gives
/// @param loggers level by name of logger
public record LogSettings(
        boolean json,
        LogLevel level,
        LogLevel traces,
        String format,
        Map<String, String> fields,
        @Nullable String dateFormat,
        Map<String, Object> staticFields,
        int queueSizeMax,
        @Nullable Path directory,
        int mode,
        int fileNum,
        long fileSizeBytes,
        Map<String, LogLevel> loggers,
        boolean deduplicateHeartbeats) {

    static final String STANDARD_FORMAT = "%(asctime)s %(levelname)s: %(message)s";

    public LogSettings {
        fields = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        staticFields = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(staticFields));
        loggers = Map.copyOf(loggers);
    }

    /// The same with another directory.
    LogSettings in(Path other) {
        return new LogSettings(
                json,
                level,
                traces,
                format,
                fields,
                dateFormat,
                staticFields,
                queueSizeMax,
                other,
                mode,
                fileNum,
                fileSizeBytes,
                loggers,
                deduplicateHeartbeats);
    }

    /// Reads the section; what can't be understood counts as not given, for validation has told of
    /// it.
    public static LogSettings of(ConfigDocument log) {
        Object format = log.at("format");
        boolean json = "json".equalsIgnoreCase(text(log, "type", "plain"));
        String date = text(log, "dateformat", "");
        String directory = text(log, "dir", "");
        Map<String, LogLevel> loggers = new LinkedHashMap<>();
        log.section("loggers")
                .root()
                .forEach((name, level) -> loggers.put(name, LogLevel.named(String.valueOf(level))));
        Map<String, Object> fixed = new LinkedHashMap<>();
        log.section("static_fields")
                .root()
                .forEach((name, value) -> {
                    if (value != null) {
                        fixed.put(name, value);
                    }
                });
        return new LogSettings(
                json,
                LogLevel.named(text(log, "level", "INFO")),
                LogLevel.named(text(log, "traceback_level", "ERROR")),
                format instanceof String pattern && !pattern.isBlank() ? pattern : STANDARD_FORMAT,
                fields(format),
                date.isBlank() ? null : date,
                fixed,
                (int) number(log, "max_queue_size", 1000, 1, 1_000_000),
                directory.isBlank() ? null : Path.of(directory),
                (int) number(log, "mode", -1, 0, 511),
                (int) number(log, "file_num", 4, 0, 10_000),
                Values.bytes(log.at("file_size")).orElse(25_000_000),
                loggers,
                Values.bool(log.at("deduplicate_heartbeat_logs")).orElse(false));
    }

    private static Map<String, String> fields(@Nullable Object format) {
        Map<String, String> fields = new LinkedHashMap<>();
        switch (format) {
            case List<?> list -> {
                for (Object item : list) {
                    if (item instanceof Map<?, ?> renamed) {
                        renamed.forEach((field, name) ->
                                fields.put(String.valueOf(field), String.valueOf(name)));
                    } else {
                        fields.put(String.valueOf(item), String.valueOf(item));
                    }
                }
            }
            case String pattern ->
                    LineFormat.of(pattern).fields().forEach(field -> fields.put(field, field));
            case null, default ->
                    LineFormat.of(STANDARD_FORMAT)
                            .fields()
                            .forEach(field -> fields.put(field, field));
        }
        return fields;
    }

    private static String text(ConfigDocument log, String key, String standard) {
        Object value = log.at(key);
        return value == null || value instanceof Map || value instanceof List
                ? standard
                : value.toString();
    }

    private static long number(ConfigDocument log, String key, long standard, long min, long max) {
        long value = Values.integer(log.at(key)).orElse(standard);
        return value < min || value > max ? standard : value;
    }
}
