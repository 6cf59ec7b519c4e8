package io.tamada.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.HaEvent;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberRole;
import io.tamada.testkit.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The stream of events over real sockets.
class EventsTest {

    private static final Instant AT = Instant.parse("2030-01-01T12:00:00Z");

    private final FakeNode node = new FakeNode();
    private final RestServer server;

    EventsTest() throws IOException {
        server = RestServer.start(RestSettings.on(new HostPort("127.0.0.1", 0)), node, () -> {});
    }

    @AfterEach
    void close() {
        server.close();
    }

    /// A reader of the stream, past its headers.
    private final class Reader implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader lines;

        Reader() throws IOException {
            int before = node.listeners.size();
            socket = RawHttp.connect(server.address());
            socket.getOutputStream()
                    .write(
                            "GET /events HTTP/1.1\r\nHost: x\r\n\r\n"
                                    .getBytes(StandardCharsets.UTF_8));
            lines =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(lines.readLine()).contains("200");
            Eventually.await("the stream listens", () -> node.listeners.size() > before);
        }

        /// The next line that carries something of the stream itself.
        String next(String prefix) throws IOException {
            String line = lines.readLine();
            while (line != null && !line.startsWith(prefix)) {
                line = lines.readLine();
            }
            assertThat(line).isNotNull();
            return String.valueOf(line);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void what_happens_is_told_in_order() throws Exception {
        try (Reader reader = new Reader()) {
            node.tell(new HaEvent.RoleChanged(AT, MemberRole.REPLICA, MemberRole.PRIMARY));
            node.tell(new HaEvent.MemberChanged(AT, MemberName.of("b"), "replica", "streaming"));
            assertThat(reader.next("event:")).isEqualTo("event: role");
            assertThat(reader.next("data:"))
                    .contains("\"after\": \"primary\"")
                    .contains("2030-01-01T12:00:00");
            assertThat(reader.next("event:")).isEqualTo("event: member");
            assertThat(reader.next("data:")).contains("\"state\": \"streaming\"");
        }
    }

    @Test
    void a_reader_that_left_is_forgotten_with_the_next_event() throws Exception {
        new Reader().close();
        Eventually.await(
                "the reader is forgotten",
                () -> {
                    node.tell(new HaEvent.StoreBack(AT));
                    return node.listeners.isEmpty();
                });
    }

    @Test
    void a_reader_that_does_not_read_is_cut_off_and_stops_nobody() throws Exception {
        try (Reader _ = new Reader()) {
            String longSentence = "x".repeat(100_000);
            Eventually.await(
                    "the reader is cut off",
                    Duration.ofSeconds(60),
                    () -> {
                        node.tell(new HaEvent.LeaseLost(AT, longSentence));
                        return node.listeners.isEmpty();
                    });
            assertThat(RawHttp.get(server.address(), "/live").status()).isEqualTo(200);
        }
    }

    @Test
    void streams_are_bounded_in_number() throws Exception {
        List<Reader> readers = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                readers.add(new Reader());
            }
            assertThat(RawHttp.get(server.address(), "/events").status()).isEqualTo(503);
            assertThat(RawHttp.get(server.address(), "/primary").status()).isEqualTo(200);
        } finally {
            for (Reader reader : readers) {
                reader.close();
            }
        }
    }
}
