package io.tamada.ha.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the cluster's timelines came to be: one entry for every switch, oldest first.
///
/// Source: the `/history` key, which the primary rebuilds from PostgreSQL's own history file.
public record TimelineHistory(List<Switch> switches) {

    /// @param parent the timeline that ended
    /// @param at where it ended
    /// @param reason PostgreSQL's text, for instance `no recovery target specified`
    /// @param time when the switch happened, ISO 8601 as published; null in old entries
    /// @param newLeader who was promoted; null in old entries
    public record Switch(
            Timeline parent,
            Lsn at,
            String reason,
            @Nullable String time,
            @Nullable String newLeader) {

        public boolean isComplete() {
            return time != null && newLeader != null;
        }
    }

    public static final TimelineHistory EMPTY = new TimelineHistory(List.of());

    public TimelineHistory {
        switches = List.copyOf(switches);
    }

    /// The timeline the cluster is on by this history: one more than the last that ended.
    public Timeline current() {
        return switches.isEmpty() ? Timeline.FIRST : Timeline.of(last().parent().value() + 1);
    }

    public Switch last() {
        return switches.getLast();
    }

    public boolean isEmpty() {
        return switches.isEmpty();
    }
}
