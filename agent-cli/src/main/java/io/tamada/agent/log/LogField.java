package io.tamada.agent.log;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/// What a log line can hold, by the names that Python's `logging` gives it.
final class LogField {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS", Locale.ROOT);
    private static final Formatter MESSAGE = new SimpleFormatter();
    private static final long PROCESS = ProcessHandle.current().pid();

    private LogField() {}

    /// The value of a field; the empty text for a name that is not known.
    static String value(
            String field, LogRecord entry, @Nullable String dateFormat, Redactor redactor) {
        return switch (field) {
            case "asctime" -> time(entry.getInstant(), dateFormat);
            case "levelname" -> LogLevel.of(entry.getLevel()).name();
            case "levelno" -> Integer.toString(LogLevel.of(entry.getLevel()).number());
            case "message" -> redactor.redacted(MESSAGE.formatMessage(entry));
            case "name" -> String.valueOf(entry.getLoggerName());
            case "module", "filename" -> simpleName(entry.getSourceClassName());
            case "pathname" -> String.valueOf(entry.getSourceClassName());
            case "funcName" -> String.valueOf(entry.getSourceMethodName());
            case "lineno" -> "0";
            case "thread" -> Long.toString(entry.getLongThreadID());
            case "threadName" -> "thread-" + entry.getLongThreadID();
            case "process" -> Long.toString(PROCESS);
            case "processName" -> "MainProcess";
            case "created" ->
                    String.format(Locale.ROOT, "%.6f", entry.getInstant().toEpochMilli() / 1000.0);
            case "msecs" -> Long.toString(entry.getInstant().toEpochMilli() % 1000);
            default -> "";
        };
    }

    private static String simpleName(@Nullable String className) {
        return className == null ? "" : className.substring(className.lastIndexOf('.') + 1);
    }

    private static String time(Instant at, @Nullable String dateFormat) {
        var local = at.atZone(ZoneId.systemDefault());
        return dateFormat == null ? TIME.format(local) : Strftime.format(dateFormat, local);
    }
}
