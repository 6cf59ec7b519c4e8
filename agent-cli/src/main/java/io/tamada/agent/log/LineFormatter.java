package io.tamada.agent.log;

import io.tamada.dcs.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/// Makes a record a line of text or of JSON, ending with a line feed.
final class LineFormatter extends Formatter {

    private final LogSettings settings;
    private final LineFormat format;
    private final Redactor redactor;

    LineFormatter(LogSettings settings, Redactor redactor) {
        this.settings = settings;
        this.format = LineFormat.of(settings.format());
        this.redactor = redactor;
    }

    @Override
    public String format(LogRecord entry) {
        return (settings.json() ? json(entry) : plain(entry)) + "\n";
    }

    private String plain(LogRecord entry) {
        String line = format.line(field -> value(field, entry));
        Throwable thrown = entry.getThrown();
        if (thrown == null) {
            return line;
        }
        return withStack() ? line + "\n" + stack(thrown) : line + detail(thrown);
    }

    private String json(LogRecord entry) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        settings.fields().forEach((field, name) -> fields.put(name, value(field, entry)));
        fields.putAll(settings.staticFields());
        Throwable thrown = entry.getThrown();
        if (thrown != null) {
            fields.put(
                    "exc_info", withStack() ? stack(thrown) : redactor.redacted(thrown.toString()));
        }
        return Json.compact(fields);
    }

    private String value(String field, LogRecord entry) {
        return LogField.value(field, entry, settings.dateFormat(), redactor);
    }

    private boolean withStack() {
        return settings.traces() != LogLevel.DEBUG || settings.level() == LogLevel.DEBUG;
    }

    private String detail(Throwable thrown) {
        return ", DETAIL: '" + redactor.redacted(String.valueOf(thrown.getMessage())) + "'";
    }

    private String stack(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return redactor.redacted(text.toString().stripTrailing());
    }
}
