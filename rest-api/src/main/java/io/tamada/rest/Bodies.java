package io.tamada.rest;

import io.tamada.dcs.Json;
import io.tamada.dcs.JsonException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Request bodies: JSON objects of a bounded size.
final class Bodies {

    private Bodies() {}

    sealed interface Body {
        record Given(Map<String, @Nullable Object> object) implements Body {}

        record Bad(Response answer) implements Body {}
    }

    /// A body that has to be there and has to say something.
    static Body required(Request request, int bytesMax) {
        return read(request, bytesMax, false);
    }

    /// A body that may be missing or empty, which is the same as `{}`.
    static Body optional(Request request, int bytesMax) {
        return read(request, bytesMax, true);
    }

    private static Body read(Request request, int bytesMax, boolean optional) {
        return switch (request.body().read(bytesMax)) {
            case Request.Read.Absent() ->
                    optional ? new Body.Given(Map.of()) : bad(411, "Content-Length is missing");
            case Request.Read.TooLong() ->
                    bad(413, "The body is longer than " + bytesMax + " bytes");
            case Request.Read.Broken(String problem) ->
                    bad(400, "The body can't be read: " + problem);
            case Request.Read.Complete(String text) when text.isBlank() && optional ->
                    new Body.Given(Map.of());
            case Request.Read.Complete(String text) -> parsed(text, optional);
        };
    }

    private static Body parsed(String text, boolean optional) {
        try {
            Map<String, @Nullable Object> object = Json.parseObject(text);
            return object.isEmpty() && !optional
                    ? bad(400, "The body must be a JSON object that is not empty")
                    : new Body.Given(object);
        } catch (JsonException e) {
            return bad(400, String.valueOf(e.getMessage()));
        }
    }

    private static Body bad(int status, String text) {
        return new Body.Bad(Response.text(status, text));
    }
}
