package io.tamada.dcs;

import io.tamada.ha.model.ClusterStatus;
import io.tamada.ha.model.Lsn;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// `status`, and the position key that came before it.
final class StatusCodec {

    private StatusCodec() {}

    static ClusterStatus decode(String key, String text, List<String> problems) {
        Long bare = Fields.whole(text);
        if (bare != null && bare >= 0) {
            return ClusterStatus.UNKNOWN.withOptime(Lsn.of(bare));
        }
        try {
            return decode(new Fields(key, Json.parseObject(text), problems));
        } catch (JsonException e) {
            problems.add(key + ": " + e.getMessage());
            return ClusterStatus.UNKNOWN;
        }
    }

    private static ClusterStatus decode(Fields in) {
        Lsn optime = in.position("optime");
        Map<?, ?> slots = in.object("slots");
        List<?> retained = in.list("retain_slots");
        return new ClusterStatus(
                optime == null ? Lsn.ZERO : optime,
                slots == null ? Map.of() : positions(in, slots),
                retained == null ? Set.of() : names(in, retained));
    }

    private static Map<String, Lsn> positions(Fields in, Map<?, ?> slots) {
        Map<String, Lsn> positions = new TreeMap<>();
        slots.forEach((slot, value) -> {
            Long position = Fields.whole(value);
            if (position != null && position >= 0) {
                positions.put(String.valueOf(slot), Lsn.of(position));
            } else {
                in.problem("slots." + slot + " is not a position");
            }
        });
        return positions;
    }

    private static Set<String> names(Fields in, List<?> retained) {
        Set<String> names = new TreeSet<>();
        for (Object item : retained) {
            if (item instanceof String name) {
                names.add(name);
            } else {
                in.problem("retain_slots holds " + Json.kind(item) + " instead of a slot's name");
            }
        }
        return names;
    }
}
