package io.tamada.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.time.Deadline;
import io.tamada.testkit.Eventually;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Bytes that are no request, or a broken one, from a seed: refused with a status of the 4xx family
/// or by closing; nothing changes, and no connection stays behind. `-Dtamada.fuzz.inputs` and
/// `-Dtamada.fuzz.seed` for more and for others.
class WireFuzzTest {

    private static final int INPUTS = Integer.getInteger("tamada.fuzz.inputs", 10_000);
    private static final long SEED = Long.getLong("tamada.fuzz.seed", 7);

    /// The JVM's own files and those of the test's driver come and go.
    private static final long DESCRIPTORS_OF_OTHERS = 50;

    private static final List<String> CHANGES =
            List.of("PATCH /config", "PUT /config", "POST /restart", "POST /reinitialize");

    private final Random random = new Random(SEED);

    @Test
    void brokenRequestsAreRefusedAndLeaveNothingBehind() throws Exception {
        FakeNode node = new FakeNode();
        DcsEntry config = new DcsEntry.Config(ConfigDocument.of(Map.of("loop_wait", 10L)));
        Deadline soon = Deadline.after(node.time, Duration.ofSeconds(1));
        assertThat(node.store.write(config, Precondition.whatever(), soon).isApplied()).isTrue();
        node.look();
        var before = node.keys.entries();
        long descriptors = descriptors();
        try (RestServer server =
                RestServer.start(RestSettings.on(new HostPort("127.0.0.1", 0)), node, () -> {})) {
            for (int i = 0; i < INPUTS; i++) {
                String input = input();
                assertThat(answer(server.address(), input))
                        .as("seed %d, input %d: %s", SEED, i, excerpt(input))
                        .matches("|HTTP/1\\.1 4[0-9][0-9]");
            }
            assertThat(RawHttp.get(server.address(), "/primary").status()).isEqualTo(200);
            Eventually.await(
                    "no connection is left",
                    () -> descriptors() < descriptors + DESCRIPTORS_OF_OTHERS);
        }
        assertThat(node.keys.entries()).isEqualTo(before);
        assertThat(node.requests).isEmpty();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    /// The start of the status line; empty when the connection was closed without one.
    private static String answer(InetSocketAddress server, String input) throws IOException {
        try (Socket socket = RawHttp.connect(server)) {
            try {
                socket.getOutputStream().write(input.getBytes(StandardCharsets.ISO_8859_1));
                socket.shutdownOutput();
                byte[] start = socket.getInputStream().readNBytes(12);
                return new String(start, StandardCharsets.ISO_8859_1);
            } catch (SocketException e) {
                return "";
            }
        }
    }

    private String input() {
        String change = CHANGES.get(random.nextInt(CHANGES.size()));
        return switch (random.nextInt(12)) {
            case 0 -> (char) random.nextInt(' ') + bytes(300) + "\r\n\r\n";
            case 1 -> "BREW" + random.nextInt(100) + " /patroni HTTP/1.1\r\n\r\n";
            case 2 -> "GET /%" + "zxqg".charAt(random.nextInt(4)) + "0 HTTP/1.1\r\n\r\n";
            case 3 -> change + " HTTP/1.1\r\nContent-Length: " + wrongLength() + "\r\n\r\n{}";
            case 4 -> "GET /patroni HTTP/1.1\r\nName without a colon " + random.nextInt();
            case 5 -> request(change, manyHeaders(), "{}");
            case 6 -> request(change, "x: " + "y".repeat(20_000) + "\r\n", "{}");
            case 7 -> cut(request("PATCH /config", "", "{\"ttl\": " + random.nextInt(100) + "}"));
            case 8 -> change + " HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk();
            case 9 -> request(change, "", "{\"note\": \"" + notUtf8() + "\"}");
            case 10 -> request(change, "", new String(utf16(), StandardCharsets.ISO_8859_1));
            default -> request(change, "", bytes(200) + "\0");
        };
    }

    private String manyHeaders() {
        StringBuilder headers = new StringBuilder();
        for (int i = 101 + random.nextInt(400); i > 0; i--) {
            headers.append('x').append(i).append(": y\r\n");
        }
        return headers.toString();
    }

    private static String request(String line, String headers, String body) {
        return line
                + " HTTP/1.1\r\nConnection: close\r\n"
                + headers
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    private String cut(String request) {
        return request.substring(0, 1 + random.nextInt(request.length() - 1));
    }

    private String wrongLength() {
        return switch (random.nextInt(4)) {
            case 0 -> Integer.toString(-1 - random.nextInt(1000));
            case 1 -> "9".repeat(20 + random.nextInt(200));
            case 2 -> "0x" + random.nextInt(10);
            default -> "1" + (char) ('a' + random.nextInt(26));
        };
    }

    private String chunk() {
        return switch (random.nextInt(3)) {
            case 0 -> "-" + random.nextInt(100) + "\r\n{}\r\n0\r\n\r\n";
            case 1 -> "zz\r\n{}\r\n0\r\n\r\n";
            default -> "f".repeat(20) + "\r\n{}";
        };
    }

    /// A byte that no UTF-8 text holds, among others.
    private String notUtf8() {
        return "\u00ff" + (char) ('a' + random.nextInt(26));
    }

    private byte[] utf16() {
        return ("{\"ttl\": " + random.nextInt(100) + "}").getBytes(StandardCharsets.UTF_16);
    }

    private String bytes(int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most); i >= 0; i--) {
            text.append((char) random.nextInt(256));
        }
        return text.toString();
    }

    private static String excerpt(String input) {
        String start = input.substring(0, Math.min(300, input.length()));
        return start.chars()
                .mapToObj(c -> c < ' ' || c > '~' ? String.format("\\x%02x", c) : "" + (char) c)
                .reduce("", String::concat);
    }
}
