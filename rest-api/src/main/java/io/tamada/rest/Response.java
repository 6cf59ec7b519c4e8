package io.tamada.rest;

import io.tamada.dcs.Json;
import java.io.IOException;
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
    private final @Nullable Stream stream;

    private Response(
            int status,
            String contentType,
            byte[] body,
            Map<String, String> headers,
            @Nullable Stream stream) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
        this.headers = headers;
        this.stream = stream;
    }

    private Response(int status, String contentType, byte[] body, Map<String, String> headers) {
        this(status, contentType, body, headers, null);
    }

    /// A body that goes on until its reader or this member leaves.
    @FunctionalInterface
    interface Stream {
        /// Writes until the reader is gone, which the sink tells by an exception, or the thread is
        /// interrupted.
        void writeTo(Sink out) throws IOException, InterruptedException;
    }

    /// Where a stream goes. Each call sends all of the text, in bounded time.
    @FunctionalInterface
    interface Sink {
        void write(String text) throws IOException;
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

    /// A resource as it is.
    static Response bytes(String contentType, byte[] content) {
        return new Response(200, contentType, content, Map.of());
    }

    /// A body that is written while it is read; for one request only.
    static Response stream(String contentType, Stream stream) {
        return new Response(200, contentType, NOTHING, Map.of(), stream);
    }

    /// The same answer under another status.
    Response under(int otherStatus) {
        return new Response(otherStatus, contentType, body, headers, stream);
    }

    Response as(String otherType) {
        return new Response(status, otherType, body, headers, stream);
    }

    Response with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Response(status, contentType, body, more, stream);
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

    /// What is written while it is read; null for a body that is complete.
    @Nullable Stream stream() {
        return stream;
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
