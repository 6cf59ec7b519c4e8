package io.tamada.ctl;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// What libraries have to say, on standard error: warnings, unless `LOGLEVEL` asks for more.
final class ToolLog {

    private static final Logger LOGGER = Logger.getLogger("io.tamada.ctl");

    private ToolLog() {}

    static void start(Map<String, String> environment) {
        Level level = Level.WARNING;
        for (String variable : new String[] {"LOGLEVEL", "PATRONI_LOGLEVEL", "PATRONI_LOG_LEVEL"}) {
            level = level(environment.get(variable), level);
        }
        LogManager.getLogManager().reset();
        Handler handler = new ConsoleHandler();
        handler.setLevel(level);
        handler.setFormatter(new Line());
        Logger root = Logger.getLogger("");
        root.setLevel(level);
        root.addHandler(handler);
    }

    /// Keeps the trace of a bug for those who ask for it.
    static void unexpected(Exception e) {
        LOGGER.log(Level.FINE, "unexpected", e);
    }

    static Level level(@Nullable String word, Level byDefault) {
        return switch (word == null ? "" : word.toUpperCase(Locale.ROOT)) {
            case "DEBUG" -> Level.FINE;
            case "INFO" -> Level.INFO;
            case "WARNING", "WARN" -> Level.WARNING;
            case "ERROR", "CRITICAL", "FATAL" -> Level.SEVERE;
            default -> byDefault;
        };
    }

    private static final class Line extends Formatter {
        @Override
        public String format(LogRecord event) {
            StringWriter trace = new StringWriter();
            if (event.getThrown() != null) {
                event.getThrown().printStackTrace(new PrintWriter(trace, true));
            }
            return "%1$tF %1$tT,%1$tL - %2$s - %3$s%n%4$s"
                    .formatted(
                            event.getMillis(),
                            event.getLevel().getName(),
                            formatMessage(event),
                            trace);
        }
    }
}
