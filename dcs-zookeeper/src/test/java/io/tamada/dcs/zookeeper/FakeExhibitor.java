package io.tamada.dcs.zookeeper;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Answers as Exhibitor does when asked which servers there are.
final class FakeExhibitor implements AutoCloseable {

    private final HttpServer server;
    private volatile @Nullable String answer;

    FakeExhibitor() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/exhibitor/v1/cluster/list", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /// From now on it names this one server.
    void names(InetSocketAddress only) {
        answer =
                "{\"servers\":[\"%s\"],\"port\":%d}"
                        .formatted(only.getHostString(), only.getPort());
    }

    /// From now on it is of no use.
    void fails() {
        answer = null;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String text = answer;
        byte[] body = (text == null ? "not now" : text).getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(text == null ? 500 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
