package io.tamada.dcs;

import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.RestartFilter;
import io.tamada.ha.model.ScheduledRestart;
import io.tamada.ha.model.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// `scheduled_restart`, as a member publishes it.
final class RestartCodec {

    private RestartCodec() {}

    static Map<String, @Nullable Object> encode(ScheduledRestart restart) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        RestartFilter filter = restart.filter();
        if (filter.role() != null) {
            out.put("role", filter.role().text());
        }
        if (filter.belowVersion() != null) {
            out.put("postgres_version", filter.belowVersion());
        }
        if (filter.timeout() != null) {
            out.put("timeout", filter.timeout().toSeconds());
        }
        if (filter.onlyPending()) {
            out.put("restart_pending", true);
        }
        out.put("schedule", Timestamps.iso(restart.at()));
        Instant started = restart.postmasterStart();
        out.put("postmaster_start_time", started == null ? null : Timestamps.sql(started));
        return out;
    }

    static @Nullable ScheduledRestart decode(Fields member) {
        Map<?, ?> map = member.object("scheduled_restart");
        if (map == null || map.isEmpty()) {
            return null;
        }
        Object schedule = map.get("schedule");
        Instant at = instant(schedule);
        if (at == null) {
            member.problem("scheduled_restart.schedule is not a moment with a time zone");
            return null;
        }
        Object role = map.get("role");
        Object version = map.get("postgres_version");
        RestartFilter filter =
                new RestartFilter(
                        role == null ? null : MemberRole.of(role.toString()).orElse(null),
                        version == null ? null : version.toString(),
                        map.containsKey("restart_pending"),
                        timeout(map.get("timeout")));
        return new ScheduledRestart(filter, at, instant(map.get("postmaster_start_time")));
    }

    private static @Nullable Instant instant(@Nullable Object value) {
        return value == null ? null : Timestamps.parse(value.toString()).orElse(null);
    }

    private static @Nullable Duration timeout(@Nullable Object value) {
        OptionalLong seconds = Values.seconds(value);
        return seconds.isPresent() ? Duration.ofSeconds(seconds.getAsLong()) : null;
    }
}
