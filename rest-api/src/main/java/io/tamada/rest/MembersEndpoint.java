package io.tamada.rest;

import io.tamada.ha.HaNode;
import io.tamada.ha.HaStatus;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.Peer;
import io.tamada.ha.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `/members/NAME/ACTION`: the same as asking that member itself for `/ACTION`.
final class MembersEndpoint {

    private static final Duration READ_PATIENCE = Duration.ofSeconds(3);

    private final HaNode node;
    private final Map<String, Endpoint> reads;
    private final Map<String, Endpoint> changes;
    private final OperatorEndpoint operator;
    private final int bytesMax;

    /// @param reads what may be asked of others, as this member answers it
    /// @param changes what others may be told to do, as this member does it
    MembersEndpoint(
            HaNode node,
            Map<String, Endpoint> reads,
            Map<String, Endpoint> changes,
            OperatorEndpoint operator,
            int bytesMax) {
        this.node = node;
        this.reads = Map.copyOf(reads);
        this.changes = Map.copyOf(changes);
        this.operator = operator;
        this.bytesMax = bytesMax;
    }

    Response read(Request request) throws InterruptedException {
        return passOn(request, reads, READ_PATIENCE);
    }

    Response change(Request request) throws InterruptedException {
        return passOn(request, changes, operator.patience(null));
    }

    private Response passOn(Request request, Map<String, Endpoint> actions, Duration patience)
            throws InterruptedException {
        List<String> parts = List.of(request.path().substring(1).split("/", -1));
        Endpoint here = parts.size() == 3 ? actions.get(parts.get(2)) : null;
        if (here == null) {
            return Response.text(
                    404, "Must be /members/NAME/ACTION; possible: " + actions.keySet());
        }
        HaStatus status = node.status();
        if (parts.get(1).equals(status.member().name().value())) {
            return here.answer(request);
        }
        Peer peer = peer(status.view(), parts.get(1));
        if (peer == null) {
            return Response.text(404, "No member of that name publishes where it answers");
        }
        return node.peers() instanceof MemberRelay relay
                ? relayed(relay, peer, parts.get(2), request, patience)
                : Response.text(501, "This member passes nothing on");
    }

    private static @Nullable Peer peer(@Nullable ClusterView view, String name) {
        MemberStatus member =
                view == null
                        ? null
                        : view.members().values().stream()
                                .filter(m -> m.name().value().equals(name))
                                .findFirst()
                                .orElse(null);
        return member == null || member.apiUrl() == null
                ? null
                : new Peer(MemberName.of(name), member.apiUrl());
    }

    private Response relayed(
            MemberRelay relay, Peer peer, String action, Request request, Duration patience)
            throws InterruptedException {
        String body = null;
        if (!request.method().equals("GET") && !Routes.isProbe(request.method())) {
            switch (request.body().read(bytesMax)) {
                case Request.Read.Absent() -> {}
                case Request.Read.Complete(String text) -> body = text;
                case Request.Read.TooLong() -> {
                    return Response.text(413, "The body is longer than " + bytesMax + " bytes");
                }
                case Request.Read.Broken(String problem) -> {
                    return Response.text(400, "The body can't be read: " + problem);
                }
            }
        }
        String method = Routes.isProbe(request.method()) ? "GET" : request.method();
        return switch (relay.forward(
                peer, method, "/" + action, body, Deadline.after(node.time(), patience))) {
            case MemberRelay.Reply.Answered(int status, String type, String text) ->
                    Response.text(status, text).as(type);
            case MemberRelay.Reply.Silent(String problem) ->
                    Response.text(504, peer.name() + " did not answer: " + problem);
        };
    }
}
