package io.tamada.pg;

import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.PendingRestart;
import io.tamada.ha.model.Values;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The parameters that a server is to run with.
///
/// @param values name to value, in the order of the file
/// @param raised parameters that stay higher than wanted until the primary has been restarted with
///   less
/// @param problems sentences about values that were not taken as written
record Parameters(Map<String, String> values, PendingRestart raised, List<String> problems) {

    static final String SYNCHRONOUS_STANDBY_NAMES = "synchronous_standby_names";

    Parameters {
        Map<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        sorted.putAll(values);
        values = Collections.unmodifiableMap(sorted);
        problems = List.copyOf(problems);
    }

    /// What the wanted values depend on besides the settings.
    ///
    /// @param synchronousNames what the policy ordered; null when the user's own value counts
    /// @param control the values of the control file by its own names, for a server that starts or
    ///   runs in recovery; null for a primary
    record Circumstances(
            PgVersion version,
            MemberRole role,
            @Nullable String synchronousNames,
            boolean feedbackNeeded,
            @Nullable Map<String, String> control) {}

    static Parameters of(PostgresSettings settings, Circumstances now) {
        List<String> problems = new ArrayList<>();
        Map<String, String> p = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        Map<String, String> base = settings.parameters.base();
        if (base != null) {
            p.putAll(base);
        }
        Map<String, String> variant = settings.parameters.variant(now.role());
        if (variant != null) {
            variant.forEach((name, value) -> {
                if (ControlledParameter.names().contains(name)) {
                    problems.add(
                            "parameters of one role can't set "
                                    + name
                                    + ": it must be equal on all members");
                } else {
                    p.put(name, value);
                }
            });
        }
        p.keySet()
                .removeIf(name ->
                        RecoverySettings.NAMES.contains(name.toLowerCase(java.util.Locale.ROOT)));
        convertWalKeep(p, now.version());
        control(p, settings, now.version(), problems);
        if (now.synchronousNames() != null) {
            p.remove(SYNCHRONOUS_STANDBY_NAMES);
            if (!now.synchronousNames().isEmpty()) {
                p.put(SYNCHRONOUS_STANDBY_NAMES, now.synchronousNames());
            }
        }
        if (now.feedbackNeeded()) {
            p.put("hot_standby_feedback", "on");
        }
        PendingRestart raised =
                now.control() == null ? PendingRestart.NONE : raise(p, now.control());
        return new Parameters(p, raised, problems);
    }

    /// Arguments of the server's command line.
    List<String> arguments() {
        List<String> result = new ArrayList<>();
        for (ControlledParameter controlled : ControlledParameter.values()) {
            String value = values.get(controlled.parameter);
            if (value != null && controlled.onCommandLine()) {
                result.add("--" + controlled.parameter + "=" + value);
            }
        }
        return result;
    }

    private static void control(
            Map<String, String> p,
            PostgresSettings settings,
            PgVersion version,
            List<String> problems) {
        for (ControlledParameter controlled : ControlledParameter.values()) {
            String value = p.get(controlled.parameter);
            String problem = value == null ? null : controlled.problem(value);
            if (problem != null && !controlled.isFixed()) {
                problems.add(
                        "postgresql.parameters."
                                + controlled.parameter
                                + ": '"
                                + value
                                + "' is not "
                                + problem
                                + ": using "
                                + controlled.fallback);
            }
            if (value == null || problem != null) {
                p.put(controlled.parameter, controlled.fallback);
            }
        }
        p.put("listen_addresses", settings.listen.host());
        p.put("port", settings.listen.port());
        p.put("cluster_name", settings.scope);
        boolean modern = version.atLeast(90_600);
        p.compute(
                "wal_level",
                (_, level) ->
                        !"logical".equals(level) ? (modern ? "replica" : "hot_standby") : level);
        p.remove(version.atLeast(130_000) ? "wal_keep_segments" : "wal_keep_size");
    }

    /// One is the other's successor: what is given for either counts for this server.
    private static void convertWalKeep(Map<String, String> p, PgVersion version) {
        if (version.atLeast(130_000)) {
            OptionalLong segments = Values.integer(p.remove("wal_keep_segments"));
            if (segments.isPresent()) {
                p.putIfAbsent("wal_keep_size", segments.getAsLong() * 16 + "MB");
            }
        } else {
            OptionalLong megabytes =
                    Values.scaled(p.remove("wal_keep_size"), Values.BYTES, 1L << 20);
            if (megabytes.isPresent()) {
                p.putIfAbsent("wal_keep_segments", Long.toString((megabytes.getAsLong() + 8) / 16));
            }
        }
    }

    /// A standby refuses to start with less than its primary had, so the control file's higher
    /// values stay for now.
    private static PendingRestart raise(Map<String, String> p, Map<String, String> control) {
        Map<String, PendingRestart.Change> changes = new TreeMap<>();
        ControlledParameter.IN_CONTROL_FILE.forEach((name, controlled) -> {
            OptionalLong had = Values.integer(control.get(name));
            String wanted = p.get(controlled.parameter);
            if (had.isPresent()
                    && wanted != null
                    && Values.integer(wanted).orElse(0) < had.getAsLong()) {
                String kept = Long.toString(had.getAsLong());
                changes.put(controlled.parameter, new PendingRestart.Change(kept, wanted));
                p.put(controlled.parameter, kept);
            }
        });
        return new PendingRestart(changes);
    }
}
