package io.tamada.rest;

import static io.tamada.rest.Statuses.PG0;
import static io.tamada.rest.Statuses.PG1;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.HaNode;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Peer;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.port.PeerClient.Consent;
import io.tamada.ha.port.PeerClient.FailsafePing;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.SystemTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpPeerClientTest {

    private static final MemberName PG2 = MemberName.of("pg2");
    private static final FailsafePing PING =
            new FailsafePing(PG0, "postgres://x", "http://x/patroni", Map.of("pg1", Lsn.of(7)));

    private final SystemTime time = new SystemTime();
    private final FakeNode node = new FakeNode();
    private final RestServer server;
    private final HttpPeerClient client;

    HttpPeerClientTest() throws IOException {
        Map<String, Object> restapi = Map.of("listen", "127.0.0.1:0", "auth", "u:p");
        server = RestServer.start(RestSettings.of(ConfigDocument.of(restapi)), node, () -> {});
        client =
                new HttpPeerClient(
                        PeerSettings.of(ConfigDocument.EMPTY, ConfigDocument.of(restapi)));
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private Deadline in(Duration duration) {
        return Deadline.after(time, duration);
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port + "/patroni";
    }

    /// A peer that sends these bytes to everybody and then does nothing.
    private static ServerSocket peer(String... answers) throws IOException {
        ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        AtomicInteger turn = new AtomicInteger();
        Thread.ofVirtual()
                .start(() -> {
                    while (!listener.isClosed()) {
                        try {
                            Socket socket = listener.accept();
                            socket.getInputStream().read();
                            int number = Math.min(turn.getAndIncrement(), answers.length - 1);
                            socket.getOutputStream()
                                    .write(answers[number].getBytes(StandardCharsets.US_ASCII));
                            if (answers[number].isEmpty()) {
                                socket.close();
                            }
                        } catch (IOException e) {
                            return;
                        }
                    }
                });
        return listener;
    }

    @Test
    void allAreAskedAtOnceAndTheSilentHoldUpNobody() throws Exception {
        try (ServerSocket mute = peer("HTTP/1.1 200 OK\r\n");
                ServerSocket trickling = peer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")) {
            List<Peer> peers =
                    List.of(
                            new Peer(PG0, url(server.address().getPort())),
                            new Peer(PG1, url(mute.getLocalPort())),
                            new Peer(PG2, url(trickling.getLocalPort())),
                            new Peer(MemberName.of("pg3"), "not an address"),
                            new Peer(MemberName.of("pg4"), url(1)));
            Map<MemberName, PeerAnswer> answers = client.ask(peers, in(Duration.ofMillis(1500)));
            assertThat(answers).hasSize(5);
            assertThat(answers.get(PG0)).isInstanceOf(PeerAnswer.Answered.class);
            answers.remove(PG0);
            assertThat(answers.values()).allMatch(answer -> answer instanceof PeerAnswer.Silent);
        }
    }

    @Test
    void aStatusThatSaysNoIsStillAnAnswer() throws Exception {
        node.status = Statuses.replica().at(node.time).neverSeen().build();
        Peer peer = new Peer(PG0, "http://127.0.0.1:" + server.address().getPort() + "/primary");
        assertThat(client.ask(List.of(peer), in(Duration.ofSeconds(20))).get(PG0))
                .isInstanceOf(PeerAnswer.Answered.class);
    }

    @Test
    void consentIsGivenToTheLetterAndWithThePassword() throws Exception {
        List<Peer> peers = List.of(new Peer(PG1, url(server.address().getPort())));
        assertThat(client.failsafe(PING, peers, in(Duration.ofSeconds(20))).get(PG1))
                .isInstanceOf(Consent.Denied.class);
        node.failsafeReply = new HaNode.FailsafeReply.Accepted(Lsn.of(42));
        assertThat(client.failsafe(PING, peers, in(Duration.ofSeconds(20))).get(PG1))
                .isEqualTo(new Consent.Accepted(Lsn.of(42)));
        node.failsafeReply = new HaNode.FailsafeReply.Accepted(null);
        assertThat(client.failsafe(PING, peers, in(Duration.ofSeconds(20))).get(PG1))
                .isEqualTo(new Consent.Accepted(null));
    }

    @Test
    void consentIsAskedForOnceMoreOverANewConnection() throws Exception {
        try (ServerSocket shaky =
                peer("", "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nAccepted")) {
            List<Peer> peers = List.of(new Peer(PG1, url(shaky.getLocalPort())));
            assertThat(client.failsafe(PING, peers, in(Duration.ofSeconds(20))).get(PG1))
                    .isEqualTo(new Consent.Accepted(null));
        }
        try (ServerSocket lost = peer("")) {
            List<Peer> peers = List.of(new Peer(PG1, url(lost.getLocalPort())));
            assertThat(client.failsafe(PING, peers, in(Duration.ofSeconds(20))).get(PG1))
                    .isInstanceOf(Consent.Denied.class);
        }
    }

    @Test
    void almostAcceptedIsDenied() throws Exception {
        try (ServerSocket chatty = peer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nAccepted\n");
                ServerSocket redirecting =
                        peer(
                                "HTTP/1.1 302 Found\r\nLocation: "
                                        + url(server.address().getPort())
                                        + "\r\nContent-Length: 8\r\n\r\nAccepted")) {
            node.failsafeReply = new HaNode.FailsafeReply.Accepted(null);
            List<Peer> peers =
                    List.of(
                            new Peer(PG1, url(chatty.getLocalPort())),
                            new Peer(PG2, url(redirecting.getLocalPort())));
            assertThat(client.failsafe(PING, peers, in(Duration.ofSeconds(20))).values())
                    .hasSize(2)
                    .allMatch(consent -> consent instanceof Consent.Denied);
        }
    }

    @Test
    void endlessAnswersAreGivenUp() throws Exception {
        String endless =
                "HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + " ".repeat(2_000_000);
        try (ServerSocket chatty = peer(endless)) {
            List<Peer> peers = List.of(new Peer(PG1, url(chatty.getLocalPort())));
            assertThat(client.ask(peers, in(Duration.ofSeconds(20))).get(PG1))
                    .isInstanceOf(PeerAnswer.Silent.class);
        }
    }

    @Test
    void anyAnswerIsASignOfLife() throws Exception {
        assertThat(
                        client.isAlive(
                                new Peer(PG0, url(server.address().getPort())),
                                in(Duration.ofSeconds(20))))
                .isTrue();
        assertThat(client.isAlive(new Peer(PG0, url(1)), in(Duration.ofSeconds(20)))).isFalse();
        try (ServerSocket wrong = peer("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(
                            client.isAlive(
                                    new Peer(PG0, url(wrong.getLocalPort())),
                                    in(Duration.ofSeconds(20))))
                    .isTrue();
        }
    }
}
