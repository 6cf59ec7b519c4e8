package io.tamada.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Clients that take connections and give little back keep nobody else from an answer.
class CrowdTest {

    private static final int IDLE = 1_000;
    private static final int HALF = 100;
    private static final int PIPELINED = 200;
    private static final int OTHERS = 200;

    private final FakeNode node = new FakeNode();
    private final List<Socket> crowd = new ArrayList<>();
    private final RestServer server = start();

    private RestServer start() {
        try {
            return RestServer.start(RestSettings.on(new HostPort("127.0.0.1", 0)), node, () -> {});
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : crowd) {
            socket.close();
        }
        server.close();
    }

    @BeforeEach
    void gather() throws IOException {
        for (int i = 0; i < IDLE; i++) {
            join("");
        }
        for (int i = 0; i < HALF; i++) {
            join("GET /primary HT");
            join("PATCH /config HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"ttl\"");
            join("GET /primary HTTP/1.1\r\nHost: x\r\nx: " + "y".repeat(8_000));
        }
        for (int i = 0; i < HALF; i++) {
            join("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(PIPELINED));
        }
    }

    private Socket join(String start) throws IOException {
        Socket socket = RawHttp.connect(server.address());
        crowd.add(socket);
        socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void othersAreAnswered() throws IOException {
        for (int i = 0; i < OTHERS; i++) {
            assertThat(RawHttp.get(server.address(), "/primary").status()).isEqualTo(200);
        }
    }

    @Test
    void anIdleConnectionCanStillBeUsed() throws IOException {
        Socket idle = crowd.getFirst();
        idle.getOutputStream()
                .write(
                        "GET /primary HTTP/1.1\r\nHost: x\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
        byte[] start = idle.getInputStream().readNBytes(12);
        assertThat(new String(start, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
    }
}
