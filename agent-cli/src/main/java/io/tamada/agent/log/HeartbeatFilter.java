package io.tamada.agent.log;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// Keeps the heartbeat short: "Lock owner …" is written only where something else than an ordinary
/// heartbeat follows, and if so configured an ordinary heartbeat that equals the one before is left
/// out.
final class HeartbeatFilter {

    private static final int THREADS_MAX = 64;

    private final boolean deduplicate;
    private final boolean debug;
    private final Map<Long, LogRecord> held = new LinkedHashMap<>();
    private String lastHeartbeat = "";

    HeartbeatFilter(LogSettings settings) {
        this.deduplicate = settings.deduplicateHeartbeats();
        this.debug = settings.level() == LogLevel.DEBUG;
    }

    /// What is to be written when this record arrives.
    List<LogRecord> passes(LogRecord entry) {
        String text = String.valueOf(entry.getMessage());
        boolean information = entry.getLevel().intValue() <= Level.INFO.intValue();
        if (!debug && information && text.startsWith("Lock owner: ") && held.size() < THREADS_MAX) {
            LogRecord before = held.put(entry.getLongThreadID(), entry);
            return before == null ? List.of() : List.of(before);
        }
        LogRecord owner = held.remove(entry.getLongThreadID());
        if (information && isHeartbeat(text)) {
            boolean repeated = deduplicate && text.equals(lastHeartbeat);
            lastHeartbeat = text;
            return repeated ? List.of() : List.of(entry);
        }
        lastHeartbeat = "";
        return owner == null ? List.of(entry) : List.of(owner, entry);
    }

    private static boolean isHeartbeat(String text) {
        return text.startsWith("no action. ") || text.startsWith("PAUSE: no action");
    }
}
