package io.tamada.dcs.consul;

import io.tamada.dcs.Json;
import io.tamada.dcs.KeyValueStore;
import io.tamada.dcs.KeyValueStore.Entry;
import io.tamada.dcs.KeyValueStore.Session;
import io.tamada.dcs.KeyValueStore.SessionResult;
import io.tamada.ha.time.Deadline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Opens and renews sessions.
///
/// Consul ends a session when it wasn't renewed for twice the time it was opened with, on a timer
/// that begins anew when Consul's own leader changes. So one of half the ttl is opened, as Patroni
/// does it.
final class ConsulSessions {

    /// A server allows no session below 10 s, unless its `session_ttl_min` says so.
    static final Duration TTL_MIN = Duration.ofSeconds(20);

    private static final System.Logger LOG = System.getLogger(ConsulSessions.class.getName());
    private static final int FACTOR = 2;

    /// As in `must be between [10s=10000000000, 24h0m0s=86400000000000]`.
    private static final Pattern LIMITS =
            Pattern.compile("Invalid Session TTL.*between \\[([0-9a-zµ.]+)");

    private static final Pattern PART = Pattern.compile("([0-9.]+)(h|ms|m|s)");

    private final ConsulHttp http;
    private final Keys keys;
    private final String name;
    private final List<String> checks;
    private volatile Duration least = Duration.ZERO;

    ConsulSessions(ConsulHttp http, Keys keys, String name, List<String> checks) {
        this.http = http;
        this.keys = keys;
        this.name = name;
        this.checks = List.copyOf(checks);
    }

    SessionResult open(Duration ttl, Deadline by) throws InterruptedException {
        Duration half = Duration.ofMillis((ttl.toMillis() + FACTOR - 1) / FACTOR);
        Duration wanted = half.compareTo(least) < 0 ? least : half;
        SessionResult result = opened(wanted, by);
        if (result instanceof SessionResult.Lost(String reason)) {
            Duration shortest = shortest(reason);
            if (shortest != null && shortest.compareTo(wanted) > 0) {
                least = shortest;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "ttl: {0} s asked for, Consul grants no less than {1} s (twice its session_ttl_min)",
                        ttl.toMillis() / 1000.0,
                        shortest.multipliedBy(FACTOR).toMillis() / 1000.0);
                return opened(shortest, by);
            }
        }
        return result;
    }

    private SessionResult opened(Duration half, Deadline by) throws InterruptedException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("Name", name);
        body.put("Checks", checks);
        body.put("LockDelay", "0s");
        body.put("Behavior", "delete");
        body.put("TTL", half.toMillis() + "ms");
        return switch (http.put("/v1/session/create", Json.compact(body), by)) {
            case Answer.Silent(String problem, _) -> new SessionResult.Unknown(problem);
            case Answer.Answered answered -> granted(answered, half);
        };
    }

    private static SessionResult granted(Answer.Answered answered, Duration half) {
        if (answered.isOk()
                && answered.json() instanceof Map<?, ?> tree
                && tree.get("ID") instanceof String id) {
            return new SessionResult.Granted(new Session(id, half.multipliedBy(FACTOR)));
        }
        boolean no =
                answered.isRefusal()
                        || answered.body().contains("Invalid Session TTL")
                        || answered.body().contains("Check '")
                        || answered.body().contains("Missing check");
        return no
                ? new SessionResult.Lost(answered.problem())
                : new SessionResult.Unknown(answered.problem());
    }

    /// The minimum that a refusal names; null when it is about something else.
    static @Nullable Duration shortest(String refusal) {
        Matcher limits = LIMITS.matcher(refusal);
        if (!limits.find()) {
            return null;
        }
        double seconds = 0;
        Matcher part = PART.matcher(limits.group(1));
        while (part.find()) {
            double number = Double.parseDouble(part.group(1));
            seconds +=
                    switch (part.group(2)) {
                        case "h" -> number * 3600;
                        case "m" -> number * 60;
                        case "ms" -> number / 1000;
                        default -> number;
                    };
        }
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    SessionResult renew(Session session, @Nullable String ownedKey, Deadline by)
            throws InterruptedException {
        return switch (http.insist("/v1/session/renew/" + session.id(), by)) {
            case Answer.Silent(String problem, _) -> new SessionResult.Unknown(problem);
            case Answer.Answered answered when answered.status() == 404 ->
                    new SessionResult.Lost(KeyValueStore.SESSION_LOST);
            case Answer.Answered answered when !answered.isOk() ->
                    new SessionResult.Unknown(answered.problem());
            case Answer.Answered _ ->
                    ownedKey == null
                            ? new SessionResult.Granted(session)
                            : checked(session, ownedKey, by);
        };
    }

    private SessionResult checked(Session session, String key, Deadline by)
            throws InterruptedException {
        return switch (http.read(keys.keyAddress(key), Map.of("consistent", ""), by)) {
            case Answer.Silent(String problem, _) -> new SessionResult.Unknown(problem);
            case Answer.Answered answered -> {
                List<Entry> entries = keys.entries(answered);
                if (entries == null) {
                    yield new SessionResult.Unknown(answered.problem());
                }
                yield entries.stream().anyMatch(e -> session.id().equals(e.session()))
                        ? new SessionResult.Granted(session)
                        : new SessionResult.NotOwner(
                                session, "the key belongs to somebody else, or is gone");
            }
        };
    }
}
