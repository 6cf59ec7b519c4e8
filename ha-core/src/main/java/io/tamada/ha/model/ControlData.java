package io.tamada.ha.model;

import org.jspecify.annotations.Nullable;

/// What `pg_controldata` says of a data directory.
///
/// @param state the cluster state word
/// @param checkpoint where the latest checkpoint record lies
/// @param timeline of the latest checkpoint
/// @param minRecoveryEnd how far recovery must go before the data is consistent; null on a primary
/// @param minRecoveryTimeline the timeline of that position; null on a primary
/// @param rewindable true when `wal_log_hints` is on or data checksums are, so that `pg_rewind`
///   works
/// @param shutdown after a clean shutdown as primary: where the shutdown checkpoint lies, as
///   replicas must have it, and the position to publish; null otherwise
public record ControlData(
        SystemId systemId,
        State state,
        Lsn checkpoint,
        Timeline timeline,
        @Nullable Lsn minRecoveryEnd,
        @Nullable Timeline minRecoveryTimeline,
        boolean rewindable,
        @Nullable Shutdown shutdown) {

    /// @param checkpoint the shutdown checkpoint record
    /// @param publish what to publish as the last position: the record before it when that is a WAL
    ///   switch
    public record Shutdown(Lsn checkpoint, Lsn publish) {}

    /// PostgreSQL's `Database cluster state`.
    public enum State {
        STARTING_UP("starting up"),
        SHUT_DOWN("shut down"),
        SHUT_DOWN_IN_RECOVERY("shut down in recovery"),
        SHUTTING_DOWN("shutting down"),
        IN_CRASH_RECOVERY("in crash recovery"),
        IN_ARCHIVE_RECOVERY("in archive recovery"),
        IN_PRODUCTION("in production"),
        UNKNOWN("unrecognized status code");

        private final String text;

        State(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        public static State of(String text) {
            for (State state : values()) {
                if (state.text.equals(text)) {
                    return state;
                }
            }
            return UNKNOWN;
        }

        /// Clean or not, the last server on this data was a primary.
        public boolean wasPrimary() {
            return this == IN_PRODUCTION
                    || this == SHUTTING_DOWN
                    || this == SHUT_DOWN
                    || this == IN_CRASH_RECOVERY;
        }
    }
}
