package io.tamada.rest;

import io.tamada.dcs.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An answer, apart from how it is sent. Immutable, so that one answer may be sent many times.
final class Response {

    private static final byte[] NOTHING = {};
    private static final String PLAIN = "text/plain; charset=utf-8";

    private final int status;
    private final String contentType;
    private final byte[] body;
    private final Map<String, String> headers;

    private Response(int status, String contentType, byte[] body, Map<String, String> headers) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
        this.headers = headers;
    }

    /// A status and no body.
    static Response status(int status) {
        return new Response(status, PLAIN, NOTHING, Map.of());
    }

    static Response text(int status, String text) {
        return new Response(status, PLAIN, text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Response json(int status, @Nullable Object tree) {
        return new Response(
                status,
                "application/json",
                Json.spaced(tree).getBytes(StandardCharsets.US_ASCII),
                Map.of());
    }

    /// The same answer under another status.
    Response under(int otherStatus) {
        return new Response(otherStatus, contentType, body, headers);
    }

    Response as(String otherType) {
        return new Response(status, otherType, body, headers);
    }

    Response with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Response(status, contentType, body, more);
    }

    Response withoutBody() {
        return body.length == 0 ? this : new Response(status, contentType, NOTHING, headers);
    }

    int status() {
        return status;
    }

    String contentType() {
        return contentType;
    }

    Map<String, String> headers() {
        return headers;
    }

    int length() {
        return body.length;
    }

    /// The bytes themselves, not to be changed.
    byte[] body() {
        return body;
    }

    String bodyText() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
