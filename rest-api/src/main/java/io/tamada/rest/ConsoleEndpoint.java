package io.tamada.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The console's files, as they are in this jar.
///
/// Nothing is loaded from anywhere else, and the browser is told to hold the page to that.
final class ConsoleEndpoint {

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;"
                    + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static final Map<String, String> TYPES =
            Map.of(
                    "index.html", "text/html; charset=utf-8",
                    "console.css", "text/css; charset=utf-8",
                    "console.js", "text/javascript; charset=utf-8",
                    "charts.js", "text/javascript; charset=utf-8",
                    "icon.svg", "image/svg+xml");

    private final Map<String, Response> files = new ConcurrentHashMap<>();

    Response file(Request request) {
        String name =
                switch (request.path()) {
                    case "/console" -> null;
                    case "/console/" -> "index.html";
                    default -> request.path().substring("/console/".length());
                };
        if (name == null) {
            // The page names its files relative to its own folder.
            return Response.status(308).with("Location", "/console/");
        }
        String type = TYPES.get(name);
        return type == null
                ? Response.text(404, "There is nothing here")
                : files.computeIfAbsent(name, key -> response(key, type));
    }

    private static Response response(String name, String type) {
        return Response.bytes(type, content(name))
                .with("Content-Security-Policy", POLICY)
                .with("X-Content-Type-Options", "nosniff")
                .with("Referrer-Policy", "no-referrer")
                .with("Cache-Control", "no-cache");
    }

    private static byte[] content(String name) {
        try (InputStream in = ConsoleEndpoint.class.getResourceAsStream("console/" + name)) {
            if (in == null) {
                throw new IllegalStateException("missing resource console/" + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
