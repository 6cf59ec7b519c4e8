package io.tamada.pg;

import io.tamada.ha.model.Values;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Parameters that decide whether a standby can follow: equal on all members, on the command line,
/// so that `ALTER SYSTEM` can't change them.
enum ControlledParameter {
    LISTEN_ADDRESSES("listen_addresses", "", Kind.FIXED, 0),
    PORT("port", "", Kind.FIXED, 0),
    CLUSTER_NAME("cluster_name", "", Kind.FIXED, 0),
    WAL_LEVEL("wal_level", "replica", Kind.WAL_LEVEL, 0),
    HOT_STANDBY("hot_standby", "on", Kind.TRUE, 0),
    MAX_CONNECTIONS("max_connections", "100", Kind.NUMBER, 25),
    MAX_WAL_SENDERS("max_wal_senders", "10", Kind.NUMBER, 3),
    MAX_PREPARED_TRANSACTIONS("max_prepared_transactions", "0", Kind.NUMBER, 0),
    MAX_LOCKS_PER_TRANSACTION("max_locks_per_transaction", "64", Kind.NUMBER, 32),
    TRACK_COMMIT_TIMESTAMP("track_commit_timestamp", "off", Kind.BOOL, 0),
    MAX_REPLICATION_SLOTS("max_replication_slots", "10", Kind.NUMBER, 4),
    MAX_WORKER_PROCESSES("max_worker_processes", "8", Kind.NUMBER, 2),
    WAL_LOG_HINTS("wal_log_hints", "on", Kind.BOOL, 0),
    /// Up to PostgreSQL 12, in the file alone.
    WAL_KEEP_SEGMENTS("wal_keep_segments", "8", Kind.NUMBER, 1),
    /// Since PostgreSQL 13, in the file alone.
    WAL_KEEP_SIZE("wal_keep_size", "128MB", Kind.MEGABYTES, 16);

    private enum Kind {
        FIXED,
        WAL_LEVEL,
        TRUE,
        NUMBER,
        BOOL,
        MEGABYTES
    }

    private static final Set<String> NAMES = names(values());

    final String parameter;
    final String fallback;
    private final Kind kind;
    private final long min;

    ControlledParameter(String parameter, String fallback, Kind kind, long min) {
        this.parameter = parameter;
        this.fallback = fallback;
        this.kind = kind;
        this.min = min;
    }

    static Set<String> names() {
        return NAMES;
    }

    private static Set<String> names(ControlledParameter[] all) {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        Arrays.stream(all).forEach(p -> names.add(p.parameter));
        return Collections.unmodifiableSet(names);
    }

    /// What a controlled parameter is without a usable value; null for every other name.
    static @Nullable String fallback(String name) {
        return Arrays.stream(values())
                .filter(p -> !p.isFixed() && p.parameter.equalsIgnoreCase(name))
                .map(p -> p.fallback)
                .findFirst()
                .orElse(null);
    }

    boolean onCommandLine() {
        return this != WAL_KEEP_SEGMENTS && this != WAL_KEEP_SIZE;
    }

    boolean isFixed() {
        return kind == Kind.FIXED;
    }

    /// Null when the value will do, else what is expected.
    @Nullable String problem(String value) {
        return switch (kind) {
            case FIXED -> "set by postgresql.listen or the scope, not here";
            case WAL_LEVEL ->
                    Set.of("hot_standby", "replica", "logical").contains(value)
                            ? null
                            : "one of replica, logical";
            case TRUE -> Values.bool(value).orElse(false) ? null : "on";
            case BOOL -> Values.bool(value).isPresent() ? null : "on or off";
            case NUMBER ->
                    Values.integer(value).orElse(-1) >= min ? null : "a number of at least " + min;
            case MEGABYTES ->
                    Values.scaled(value, Values.BYTES, 1L << 20).orElse(-1) >= min
                            ? null
                            : "a size of at least " + min + "MB";
        };
    }

    /// What a standby must not have less of than its primary had, by the name that `pg_controldata`
    /// gives it.
    static final Map<String, ControlledParameter> IN_CONTROL_FILE =
            Map.of(
                    "max_connections setting", MAX_CONNECTIONS,
                    "max_worker_processes setting", MAX_WORKER_PROCESSES,
                    "max_wal_senders setting", MAX_WAL_SENDERS,
                    "max_prepared_xacts setting", MAX_PREPARED_TRANSACTIONS,
                    "max_locks_per_xact setting", MAX_LOCKS_PER_TRANSACTION);
}
