package io.tamada.agent.log;

import java.util.Locale;
import java.util.logging.Level;

/// The level names that are written and configured, and where they lie among those of
/// `java.util.logging`.
public enum LogLevel {
    DEBUG(10, Level.ALL.intValue()),
    INFO(20, Level.INFO.intValue()),
    WARNING(30, Level.WARNING.intValue()),
    ERROR(40, Level.SEVERE.intValue()),
    CRITICAL(50, Level.SEVERE.intValue() + 100);

    /// Above SEVERE: the agent gives up.
    private static final Level HIGHEST =
            new Level("CRITICAL", Level.SEVERE.intValue() + 100) {
                private static final long serialVersionUID = 1L;
            };

    private final int number;
    private final int from;

    LogLevel(int number, int from) {
        this.number = number;
        this.from = from;
    }

    /// The name for a record's level.
    static LogLevel of(Level level) {
        LogLevel result = DEBUG;
        for (LogLevel candidate : values()) {
            if (level.intValue() >= candidate.from) {
                result = candidate;
            }
        }
        return result;
    }

    /// Reads a configured name; INFO for one that is not known.
    static LogLevel named(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "DEBUG" -> DEBUG;
            case "WARN", "WARNING" -> WARNING;
            case "ERROR" -> ERROR;
            case "FATAL", "CRITICAL" -> CRITICAL;
            default -> INFO;
        };
    }

    /// As `java.util.logging` knows it.
    public Level level() {
        return switch (this) {
            case DEBUG -> Level.FINE;
            case INFO -> Level.INFO;
            case WARNING -> Level.WARNING;
            case ERROR -> Level.SEVERE;
            case CRITICAL -> HIGHEST;
        };
    }

    /// The number that Python's `logging` gives it.
    int number() {
        return number;
    }
}
