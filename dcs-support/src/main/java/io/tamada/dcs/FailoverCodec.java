package io.tamada.dcs;

import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.FailoverRequest.Failover;
import io.tamada.ha.model.FailoverRequest.Schedule;
import io.tamada.ha.model.FailoverRequest.Switchover;
import io.tamada.ha.model.MemberName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `failover`: what an operator asked for.
final class FailoverCodec {

    /// `old:new`, from times before JSON; each side may be empty.
    private static final Pattern LEGACY =
            Pattern.compile("[^:{}\\[\\]\",\\s]*(:[^:{}\\[\\]\",\\s]*)?");

    private FailoverCodec() {}

    static Map<String, @Nullable Object> encode(@Nullable FailoverRequest request) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        switch (request) {
            case null -> {}
            case Failover(MemberName candidate) -> out.put("member", candidate.value());
            case Switchover(MemberName leader, MemberName candidate, Schedule at) -> {
                out.put("leader", leader.value());
                if (candidate != null) {
                    out.put("member", candidate.value());
                }
                if (at != null) {
                    out.put("scheduled_at", at.text());
                }
            }
        }
        return out;
    }

    static @Nullable FailoverRequest decode(String text, List<String> problems) {
        if (text.isBlank()) {
            return null;
        }
        Object tree;
        try {
            tree = Json.parse(text);
        } catch (JsonException e) {
            if (LEGACY.matcher(text.strip()).matches()) {
                String[] names = text.strip().split(":", -1);
                return request(
                        ClusterCodec.name(names[0]),
                        names.length > 1 ? ClusterCodec.name(names[1]) : null,
                        null);
            }
            problems.add("failover: " + e.getMessage());
            return null;
        }
        if (!(tree instanceof Map<?, ?> map)) {
            problems.add("failover: " + Json.kind(tree) + " instead of an object");
            return null;
        }
        return decode(new Fields("failover", map, problems));
    }

    private static @Nullable FailoverRequest decode(Fields in) {
        MemberName leader = ClusterCodec.name(in.text("leader"));
        MemberName candidate = ClusterCodec.name(in.text("member"));
        String at = in.text("scheduled_at");
        Schedule schedule =
                at == null || at.isBlank()
                        ? null
                        : new Schedule(at, Timestamps.parse(at).orElse(null));
        if (schedule != null && schedule.instant() == null) {
            in.problem(
                    "scheduled_at is not a moment"
                            + (Timestamps.lacksZone(schedule.text())
                                    ? ": it lacks a time zone"
                                    : ""));
        }
        if (leader == null && schedule != null) {
            // To run it at once would be a surprise that can't be undone.
            in.problem(
                    "scheduled_at is only understood for a switchover, which names the leader: ignored");
            return null;
        }
        return request(leader, candidate, schedule);
    }

    private static @Nullable FailoverRequest request(
            @Nullable MemberName leader, @Nullable MemberName candidate, @Nullable Schedule at) {
        if (leader != null) {
            return new Switchover(leader, candidate, at);
        }
        return candidate == null ? null : new Failover(candidate);
    }
}
