package io.tamada.rest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a load balancer can ask of a member, and the paths it asks under.
enum HealthCheck {
    /// Holds the lease and accepts writes.
    PRIMARY,
    /// Holds the lease, in whatever kind of cluster.
    LEADER,
    STANDBY_LEADER,
    REPLICA,
    READ_ONLY,
    SYNC,
    QUORUM,
    ASYNC,
    READ_ONLY_SYNC,
    READ_ONLY_QUORUM,
    /// PostgreSQL runs.
    HEALTH;

    private static final Map<String, HealthCheck> BY_PATH = byPath();

    /// The names it is asked under, without a leading slash.
    List<String> paths() {
        return switch (this) {
            case PRIMARY -> List.of("", "primary", "read-write", "master");
            case LEADER -> List.of("leader");
            case STANDBY_LEADER -> List.of("standby-leader", "standby_leader");
            case REPLICA -> List.of("replica");
            case READ_ONLY -> List.of("read-only");
            case SYNC -> List.of("sync", "synchronous");
            case QUORUM -> List.of("quorum");
            case ASYNC -> List.of("async", "asynchronous");
            case READ_ONLY_SYNC -> List.of("read-only-sync", "read-only-synchronous");
            case READ_ONLY_QUORUM -> List.of("read-only-quorum");
            case HEALTH -> List.of("health");
        };
    }

    /// What it asks, in words.
    Operation operation() {
        Operation operation =
                switch (this) {
                    case PRIMARY -> Operation.of("Holds the lease and accepts writes.");
                    case LEADER -> Operation.of("Holds the lease, in whatever kind of cluster.");
                    case STANDBY_LEADER -> Operation.of("Leads a standby cluster.");
                    case REPLICA -> replica("A running replica that takes its share of the load.");
                    case READ_ONLY -> replica("A running replica, or the leader.");
                    case SYNC -> replica("A synchronous standby.");
                    case QUORUM -> replica("A standby of the commit quorum.");
                    case ASYNC -> replica("A replica that no commit waits for.");
                    case READ_ONLY_SYNC -> replica("A synchronous standby, or the leader.");
                    case READ_ONLY_QUORUM ->
                            replica("A standby of the commit quorum, or the leader.");
                    case HEALTH -> Operation.of("PostgreSQL runs and answers.");
                };
        Operation tagged =
                honoursTags()
                        ? operation.query("tag_NAME", "The member has this tag with this value.")
                        : operation;
        return tagged.answers(200, "Yes; the status document, and the position in Tamada-Lsn.")
                .answers(503, "No; the same document.");
    }

    private static Operation replica(String meaning) {
        return Operation.of(meaning)
                .query("lag", "Bytes, or a size with a unit: further behind means no.")
                .query("replication_state", "`streaming` or `in archive recovery`.")
                .query("min_lsn", "This position must have been replayed: read what you wrote.");
    }

    private static Map<String, HealthCheck> byPath() {
        Map<String, HealthCheck> result = new HashMap<>();
        for (HealthCheck check : values()) {
            for (String path : check.paths()) {
                result.put("/" + path, check);
            }
        }
        return result;
    }

    /// The check of a path; null when there is none. Exact, but for one slash at the end.
    static @Nullable HealthCheck of(String path) {
        HealthCheck exact = BY_PATH.get(path);
        return exact != null || path.length() < 2 || !path.endsWith("/")
                ? exact
                : BY_PATH.get(path.substring(0, path.length() - 1));
    }

    /// True for the checks whose answer also depends on tags in the query.
    boolean honoursTags() {
        return switch (this) {
            case PRIMARY, LEADER, STANDBY_LEADER -> false;
            case REPLICA,
                    READ_ONLY,
                    SYNC,
                    QUORUM,
                    ASYNC,
                    READ_ONLY_SYNC,
                    READ_ONLY_QUORUM,
                    HEALTH ->
                    true;
        };
    }
}
