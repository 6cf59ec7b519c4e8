package io.tamada.rest;

import io.tamada.dcs.Json;
import io.tamada.ha.HaNode;
import io.tamada.ha.HaStatus;
import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.ReadResult;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Revision;
import io.tamada.ha.model.Versioned;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The dynamic configuration: read, patch, replace.
final class ConfigEndpoint {

    private static final Duration SHOWN_WITHIN = Duration.ofSeconds(1);

    private final HaNode node;
    private final StoreCommands store;
    private final int bytesMax;

    ConfigEndpoint(HaNode node, StoreCommands store, int bytesMax) {
        this.node = node;
        this.store = store;
        this.bytesMax = bytesMax;
    }

    Response get(Request request) {
        HaStatus status = node.status();
        ClusterView view = status.view();
        return view == null || view.config() == null
                ? Response.text(502, "There is no valid configuration in the store")
                : Response.json(200, view.config().value().root());
    }

    /// Deep merge; null deletes. Written only if nobody else has written meanwhile.
    Response patch(Request request) throws InterruptedException {
        return switch (Bodies.required(request, bytesMax)) {
            case Bodies.Body.Bad(Response answer) -> answer;
            case Bodies.Body.Given(var patch) ->
                    switch (store.read()) {
                        case ReadResult.Unknown(String problem) ->
                                StoreCommands.unreachable(problem);
                        case ReadResult.Seen(ClusterView view) ->
                                patch(view.config(), ConfigDocument.of(patch));
                    };
        };
    }

    private Response patch(@Nullable Versioned<ConfigDocument> current, ConfigDocument patch)
            throws InterruptedException {
        if (current == null) {
            return Response.text(503, "There is no valid configuration in the store");
        }
        ConfigDocument patched = current.value().patched(patch);
        if (patched.equals(current.value())) {
            return Response.json(200, patched.root());
        }
        return switch (store.write(
                new DcsEntry.Config(patched), Precondition.at(current.revision()))) {
            case WriteResult.Applied(Revision revision) -> shown(patched, revision);
            case WriteResult.Refused _ ->
                    Response.text(409, "The configuration was changed by someone else meanwhile");
            case WriteResult.Unknown(String problem) -> StoreCommands.uncertain(problem);
        };
    }

    /// Replaces all of it, whatever is there.
    Response put(Request request) throws InterruptedException {
        return switch (Bodies.required(request, bytesMax)) {
            case Bodies.Body.Bad(Response answer) -> answer;
            case Bodies.Body.Given(var body) ->
                    switch (store.read()) {
                        case ReadResult.Unknown(String problem) ->
                                StoreCommands.unreachable(problem);
                        case ReadResult.Seen(ClusterView view) ->
                                replace(view, ConfigDocument.of(body));
                    };
        };
    }

    private Response replace(ClusterView view, ConfigDocument wanted) throws InterruptedException {
        if (view.config() != null
                && Json.compact(view.config().value().root()).equals(Json.compact(wanted.root()))) {
            return Response.json(200, wanted.root());
        }
        return switch (store.write(new DcsEntry.Config(wanted), Precondition.whatever())) {
            case WriteResult.Applied(Revision revision) -> shown(wanted, revision);
            case WriteResult.Refused(String reason) ->
                    Response.text(502, "The store refused the configuration: " + reason);
            case WriteResult.Unknown(String problem) -> StoreCommands.uncertain(problem);
        };
    }

    private Response shown(ConfigDocument written, Revision revision) {
        store.awaitSeen(
                view -> view.config() != null && view.config().revision().equals(revision),
                SHOWN_WITHIN);
        return Response.json(200, written.root());
    }
}
