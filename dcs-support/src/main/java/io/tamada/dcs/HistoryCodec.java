package io.tamada.dcs;

import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.Timeline;
import io.tamada.ha.model.TimelineHistory;
import io.tamada.ha.model.TimelineHistory.Switch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `history`: a line for every change of timeline.
final class HistoryCodec {

    private HistoryCodec() {}

    static List<List<@Nullable Object>> encode(TimelineHistory history) {
        List<List<@Nullable Object>> lines = new ArrayList<>();
        for (Switch line : history.switches()) {
            List<@Nullable Object> items = new ArrayList<>();
            items.add(line.parent().value());
            items.add(line.at().value());
            items.add(line.reason());
            if (line.time() != null || line.newLeader() != null) {
                items.add(line.time());
            }
            if (line.newLeader() != null) {
                items.add(line.newLeader());
            }
            lines.add(items);
        }
        return lines;
    }

    /// Null for a text that is no history at all.
    static @Nullable TimelineHistory decode(String text, List<String> problems) {
        try {
            Object tree = Json.parse(text);
            if (!(tree instanceof List<?> lines)) {
                throw new JsonException(Json.kind(tree) + " instead of a list");
            }
            List<Switch> switches = new ArrayList<>();
            for (Object line : lines) {
                switches.add(line(line, switches.size()));
            }
            return new TimelineHistory(switches);
        } catch (JsonException e) {
            problems.add("history: " + e.getMessage());
            return null;
        }
    }

    private static Switch line(@Nullable Object line, int index) {
        if (line instanceof List<?> items && items.size() >= 3) {
            Long timeline = Fields.whole(items.get(0));
            Long at = Fields.whole(items.get(1));
            if (timeline != null
                    && timeline > 0
                    && timeline < Integer.MAX_VALUE
                    && at != null
                    && at >= 0) {
                return new Switch(
                        Timeline.of(timeline.intValue()),
                        Lsn.of(at),
                        String.valueOf(items.get(2)),
                        items.size() > 3 ? text(items.get(3)) : null,
                        items.size() > 4 ? text(items.get(4)) : null);
            }
        }
        throw new JsonException(
                "line " + (index + 1) + " is not [timeline, position, reason, time, leader]");
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
