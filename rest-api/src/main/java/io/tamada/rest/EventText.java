package io.tamada.rest;

import io.tamada.dcs.Json;
import io.tamada.ha.HaEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An event as server-sent text: its kind, and what it says as JSON on one line. Pure.
final class EventText {

    private EventText() {}

    static String of(HaEvent event) {
        return "event: " + kind(event) + "\ndata: " + Json.spaced(data(event)) + "\n\n";
    }

    private static String kind(HaEvent event) {
        return switch (event) {
            case HaEvent.RoleChanged _ -> "role";
            case HaEvent.StateChanged _ -> "state";
            case HaEvent.LeaderChanged _ -> "leader";
            case HaEvent.LeaseAcquired _ -> "lease-acquired";
            case HaEvent.LeaseLost _ -> "lease-lost";
            case HaEvent.TaskEnded _ -> "task-ended";
            case HaEvent.Decided _ -> "decision";
            case HaEvent.ConfigChanged _ -> "config";
            case HaEvent.MemberChanged _ -> "member";
            case HaEvent.StoreSilent _ -> "store-silent";
            case HaEvent.StoreBack _ -> "store-back";
        };
    }

    private static Map<String, @Nullable Object> data(HaEvent event) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("at", Timestamps.iso(event.at()));
        switch (event) {
            case HaEvent.RoleChanged e -> {
                data.put("before", e.before().text());
                data.put("after", e.after().text());
            }
            case HaEvent.StateChanged e -> {
                data.put("before", e.before().text());
                data.put("after", e.after().text());
            }
            case HaEvent.LeaderChanged e ->
                    data.put("leader", e.leader() == null ? null : e.leader().value());
            case HaEvent.LeaseAcquired _ -> {}
            case HaEvent.LeaseLost e -> data.put("why", e.why());
            case HaEvent.TaskEnded e -> {
                data.put("task", e.title());
                data.put("result", e.result());
            }
            case HaEvent.Decided e -> {
                data.put("rule", e.rule());
                data.put("decision", e.decision());
            }
            case HaEvent.ConfigChanged e -> data.put("paused", e.settings().paused());
            case HaEvent.MemberChanged e -> {
                data.put("name", e.name().value());
                data.put("role", e.role());
                data.put("state", e.state());
            }
            case HaEvent.StoreSilent e -> data.put("problem", e.problem());
            case HaEvent.StoreBack _ -> {}
        }
        return data;
    }
}
