package io.tamada.rest;

import io.tamada.dcs.Json;
import io.tamada.dcs.JsonException;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.model.Tags;
import io.tamada.ha.model.Timeline;
import io.tamada.ha.model.Values;
import io.tamada.ha.port.PeerClient.Consent;
import io.tamada.ha.port.PeerClient.FailsafePing;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What members write to each other, ours and Patroni's. Pure.
final class PeerDocuments {

    private PeerDocuments() {}

    /// Reads a status document; the answer's code doesn't matter. One without a WAL position comes
    /// from a member whose PostgreSQL didn't answer, which is as good as silence.
    static PeerAnswer answer(String body) {
        Map<String, @Nullable Object> doc;
        try {
            doc = Json.parseObject(body);
        } catch (JsonException e) {
            return new PeerAnswer.Silent("answered without a status document");
        }
        Object wal = doc.get("xlog") != null ? doc.get("xlog") : doc.get("wal");
        if (!(wal instanceof Map<?, ?> positions)) {
            return new PeerAnswer.Silent(
                    "answered without a WAL position, state: " + doc.get("state"));
        }
        long location = number(positions.get("location"));
        boolean primary =
                location > 0
                        || (doc.get("role") instanceof String role
                                && MemberRole.of(role)
                                        .filter(r -> r == MemberRole.PRIMARY)
                                        .isPresent());
        long position =
                primary
                        ? Math.max(location, 0)
                        : Math.max(
                                number(positions.get("received_location")),
                                number(positions.get("replayed_location")));
        long timeline = number(doc.get("timeline"));
        return new PeerAnswer.Answered(
                !primary,
                Lsn.of(Math.max(0, position)),
                timeline > 0 && timeline <= Integer.MAX_VALUE ? Timeline.of((int) timeline) : null,
                tags(doc.get("tags")),
                Values.bool(doc.get("watchdog_failed")).orElse(false),
                generation(doc.get("tamada")));
    }

    private static long number(@Nullable Object value) {
        return value instanceof Long number ? number : 0;
    }

    private static Tags tags(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return Tags.NONE;
        }
        Map<String, Object> result = new LinkedHashMap<>();
        map.forEach((name, tag) -> {
            if (tag != null) {
                result.put(String.valueOf(name), tag);
            }
        });
        return new Tags(result);
    }

    private static @Nullable String generation(@Nullable Object own) {
        return own instanceof Map<?, ?> map && map.get("lease_generation") instanceof String text
                ? text
                : null;
    }

    /// The body of `POST /failsafe`.
    static String ping(FailsafePing ping) {
        Map<String, Object> doc = new LinkedHashMap<>();
        doc.put("name", ping.name().value());
        doc.put("conn_url", ping.connUrl());
        doc.put("api_url", ping.apiUrl());
        Map<String, Object> slots = new LinkedHashMap<>();
        ping.slots().forEach((name, lsn) -> slots.put(name, lsn.value()));
        doc.put("slots", slots);
        return Json.spaced(doc);
    }

    /// Only this very answer is a yes.
    static Consent consent(int status, String body, Optional<String> lsn) {
        if (status != 200 || !body.equals("Accepted")) {
            return new Consent.Denied(
                    "answered " + status + " " + body.lines().findFirst().orElse(""));
        }
        return new Consent.Accepted(
                lsn.filter(text -> text.matches("\\d{1,18}"))
                        .map(text -> Lsn.of(Long.parseLong(text)))
                        .orElse(null));
    }
}
