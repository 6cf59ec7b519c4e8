package io.tamada.agent.log;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/// The agent's log. [System.Logger] and libraries end up here through `java.util.logging`.
///
/// Our own loggers have the configured level. Libraries are quiet: they start at WARNING, unless
/// `log.loggers` names them.
public final class AgentLog implements AutoCloseable {

    private static final String NAME = "patroni.log";
    private static final String OURS = "io.tamada";

    private final PrintStream stderr;
    private final QueueHandler handler;
    // Held, because the log manager itself only holds them weakly.
    private final List<Logger> configured = new ArrayList<>();
    private LogSettings settings;

    private AgentLog(PrintStream stderr, LogSettings settings, QueueHandler handler) {
        this.stderr = stderr;
        this.settings = settings;
        this.handler = handler;
    }

    /// Takes over all logging of this process.
    ///
    /// @throws IOException when the log file can't be written; the message says which and why
    public static AgentLog start(LogSettings settings, Redactor redactor, PrintStream stderr)
            throws IOException {
        QueueHandler handler =
                new QueueHandler(
                        settings.queueSizeMax(),
                        sink(settings, stderr),
                        new LineFormatter(settings, redactor),
                        new HeartbeatFilter(settings));
        AgentLog log = new AgentLog(stderr, settings, handler);
        LogManager.getLogManager().reset();
        Logger.getLogger("").addHandler(handler);
        log.levels(settings);
        return log;
    }

    /// Puts changed settings in force. The directory stays once there is one.
    ///
    /// @throws IOException when the log file can't be written; everything stays as it was
    public synchronized void configure(LogSettings changed, Redactor redactor) throws IOException {
        LogSettings next =
                settings.directory() == null ? changed : changed.in(settings.directory());
        handler.use(
                sink(next, stderr), new LineFormatter(next, redactor), new HeartbeatFilter(next));
        handler.hold(next.queueSizeMax());
        settings = next;
        levels(next);
    }

    private void levels(LogSettings next) {
        configured.forEach(logger -> logger.setLevel(null));
        configured.clear();
        Level quiet =
                Level.WARNING.intValue() > next.level().level().intValue()
                        ? Level.WARNING
                        : next.level().level();
        level("", quiet);
        level(OURS, next.level().level());
        next.loggers()
                .forEach((name, level) ->
                        level(name.equals("patroni") ? OURS : name, level.level()));
    }

    private void level(String name, Level level) {
        Logger logger = Logger.getLogger(name);
        logger.setLevel(level);
        if (!name.isEmpty()) {
            configured.add(logger);
        }
    }

    private static LogSink sink(LogSettings settings, PrintStream stderr) throws IOException {
        return settings.directory() == null
                ? new StreamSink(stderr)
                : new RotatingFile(
                        settings.directory().resolve(NAME),
                        settings.fileSizeBytes(),
                        settings.fileNum(),
                        settings.mode());
    }

    /// How many records wait to be written.
    public int queueSize() {
        return handler.size();
    }

    /// How many records were dropped because the queue was full.
    public long recordsLost() {
        return handler.lostRecords();
    }

    /// Writes what waits, for at most two seconds, and lets go of the log.
    ///
    /// @return true when everything was written
    public boolean finish() {
        boolean complete = handler.finish();
        Logger root = Logger.getLogger("");
        for (Handler each : root.getHandlers()) {
            if (each == handler) {
                root.removeHandler(each);
            }
        }
        return complete;
    }

    @Override
    public void close() {
        finish();
    }
}
