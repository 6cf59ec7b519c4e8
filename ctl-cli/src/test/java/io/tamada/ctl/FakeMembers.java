package io.tamada.ctl;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The REST APIs of some members, on one port: the first part of a path is the member's name, and
/// requests without one are for whoever the address names.
final class FakeMembers implements AutoCloseable {

    /// Status and body.
    record Answer(int status, String body) {}

    private final HttpServer server;
    private final Map<String, Answer> answers = new LinkedHashMap<>();
    private final Map<String, Runnable> effects = new LinkedHashMap<>();
    private final List<String> requests = new ArrayList<>();

    FakeMembers() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/patroni";
    }

    /// @param request as in `POST /restart`
    synchronized FakeMembers answer(String request, int status, String body) {
        answers.put(request, new Answer(status, body));
        return this;
    }

    /// Does something when a request comes, before it is answered.
    synchronized FakeMembers effect(String request, Runnable effect) {
        effects.put(request, effect);
        return this;
    }

    /// All requests so far: method, path, body, and who asked.
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        Answer answer;
        Runnable effect;
        synchronized (this) {
            requests.add(
                    (request + " " + body).strip()
                            + (authorization == null ? "" : " as " + authorization));
            answer = answers.getOrDefault(request, new Answer(503, "{}"));
            effect = effects.getOrDefault(request, () -> {});
        }
        effect.run();
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
