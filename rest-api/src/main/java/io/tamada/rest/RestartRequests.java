package io.tamada.rest;

import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.RestartFilter;
import io.tamada.ha.model.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The body of `POST /restart`, understood or refused. Pure.
final class RestartRequests {

    private static final List<String> ROLES = List.of("primary", "standby_leader", "replica");
    private static final int FIRST_TWO_PART_VERSION = 10;

    private RestartRequests() {}

    sealed interface Parsed {
        record Now(RestartFilter filter) implements Parsed {}

        record Later(RestartFilter filter, Instant at) implements Parsed {}

        record Refused(int status, String text) implements Parsed {}
    }

    /// @param now wall time
    static Parsed parse(Map<String, @Nullable Object> body, boolean paused, Instant now) {
        if (paused && body.containsKey("schedule")) {
            return new Parsed.Refused(500, "Can't schedule restart in the paused state");
        }
        RestartFilter filter = RestartFilter.NONE;
        Instant at = null;
        for (Map.Entry<String, @Nullable Object> e : body.entrySet()) {
            Object value = e.getValue();
            switch (e.getKey()) {
                case "schedule" -> {
                    switch (Schedules.parse("restart", value, now)) {
                        case Schedules.Result.At(var moment) -> at = moment.toInstant();
                        case Schedules.Result.Refused(int status, String text) -> {
                            return new Parsed.Refused(status, text);
                        }
                    }
                }
                case "role" -> {
                    if (!(value instanceof String role) || !ROLES.contains(role)) {
                        return bad(
                                "PostgreSQL role should be either primary, standby_leader, or replica");
                    }
                    filter =
                            new RestartFilter(
                                    MemberRole.of(role).orElseThrow(),
                                    filter.belowVersion(),
                                    filter.onlyPending(),
                                    filter.timeout());
                }
                case "postgres_version" -> {
                    String version = String.valueOf(value);
                    String problem = versionProblem(version);
                    if (problem != null) {
                        return bad(problem);
                    }
                    filter =
                            new RestartFilter(
                                    filter.role(), version, filter.onlyPending(), filter.timeout());
                }
                case "timeout" -> {
                    OptionalLong seconds = Values.seconds(value);
                    if (seconds.isEmpty() || seconds.getAsLong() <= 0) {
                        return bad("Timeout should be a positive number of seconds");
                    }
                    filter =
                            new RestartFilter(
                                    filter.role(),
                                    filter.belowVersion(),
                                    filter.onlyPending(),
                                    Duration.ofSeconds(seconds.getAsLong()));
                }
                case "restart_pending" -> {
                    boolean pending = value != null && Values.bool(value).orElse(true);
                    filter =
                            new RestartFilter(
                                    filter.role(),
                                    filter.belowVersion(),
                                    pending,
                                    filter.timeout());
                }
                default -> {
                    return bad("Unknown filter for the scheduled restart: " + e.getKey());
                }
            }
        }
        return at == null ? new Parsed.Now(filter) : new Parsed.Later(filter, at);
    }

    private static Parsed.Refused bad(String text) {
        return new Parsed.Refused(400, text);
    }

    /// What is wrong with a version; null when it is fine.
    private static @Nullable String versionProblem(String version) {
        String[] parts = version.split("\\.", -1);
        for (String part : parts) {
            if (!part.matches("\\d{1,6}")) {
                return "Invalid PostgreSQL version: " + version;
            }
        }
        boolean fits =
                parts.length == 3
                        || (parts.length == 2
                                && Integer.parseInt(parts[0]) >= FIRST_TWO_PART_VERSION);
        return fits
                ? null
                : "Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: " + version;
    }
}
