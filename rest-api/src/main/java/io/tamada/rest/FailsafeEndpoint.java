package io.tamada.rest;

import io.tamada.ha.HaNode;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.port.PeerClient.FailsafePing;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What members say to each other while the store is silent.
final class FailsafeEndpoint {

    private final HaNode node;
    private final int bytesMax;

    FailsafeEndpoint(HaNode node, int bytesMax) {
        this.node = node;
        this.bytesMax = bytesMax;
    }

    /// Whose consent counts.
    Response get(Request request) {
        ClusterView view = node.status().view();
        if (view == null || view.failsafe().isEmpty()) {
            return Response.text(502, "Failsafe mode was never on");
        }
        Map<String, String> result = new LinkedHashMap<>();
        view.failsafe().forEach((name, url) -> result.put(name.value(), url));
        return Response.json(200, result);
    }

    /// A primary asks whether it may go on.
    Response post(Request request) {
        return switch (Bodies.required(request, bytesMax)) {
            case Bodies.Body.Bad(Response answer) -> answer;
            case Bodies.Body.Given(var body) -> {
                FailsafePing ping = ping(body);
                yield ping == null
                        ? Response.text(
                                400,
                                "name, conn_url and api_url must be strings, slots a mapping of names to numbers")
                        : answer(ping);
            }
        };
    }

    private Response answer(FailsafePing ping) {
        return switch (node.failsafe(ping)) {
            case HaNode.FailsafeReply.Off() -> Response.text(502, "Failsafe mode is off");
            case HaNode.FailsafeReply.Leading() -> Response.text(500, "Running as a leader");
            case HaNode.FailsafeReply.Accepted(Lsn position) -> {
                Response accepted = Response.text(200, "Accepted");
                yield position == null
                        ? accepted
                        : accepted.with("lsn", Long.toString(position.value()));
            }
        };
    }

    /// Null when something is missing or of the wrong kind.
    private static @Nullable FailsafePing ping(Map<String, @Nullable Object> body) {
        if (!(body.get("name") instanceof String name)
                || name.isBlank()
                || name.equals(MemberName.RESERVED)
                || !(body.get("conn_url") instanceof String connUrl)
                || !(body.get("api_url") instanceof String apiUrl)) {
            return null;
        }
        Map<String, Lsn> slots = new LinkedHashMap<>();
        switch (body.get("slots")) {
            case null -> {}
            case Map<?, ?> map -> {
                for (Map.Entry<?, ?> e : map.entrySet()) {
                    if (!(e.getValue() instanceof Long lsn) || lsn < 0) {
                        return null;
                    }
                    slots.put(String.valueOf(e.getKey()), Lsn.of(lsn));
                }
            }
            default -> {
                return null;
            }
        }
        return new FailsafePing(MemberName.of(name), connUrl, apiUrl, slots);
    }
}
