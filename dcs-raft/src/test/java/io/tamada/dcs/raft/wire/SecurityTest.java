package io.tamada.dcs.raft.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tamada.testkit.FreePorts;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SecurityTest {

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final ScheduledThreadPoolExecutor timer = WireTimers.scheduler("test-timer");
    private @Nullable Listener listener;
    private Address at = new Address("127.0.0.1", 1);

    @BeforeEach
    void listen() throws IOException {
        at = new Address("127.0.0.1", FreePorts.next());
        Listener started = Listener.bind(network("secret"), at);
        started.answer(
                Messages.ASK,
                question -> {
                    heard.add(new String(question.body(), StandardCharsets.UTF_8));
                    question.answer(Messages.ASK, "yes".getBytes(StandardCharsets.UTF_8));
                });
        started.start();
        listener = started;
    }

    @AfterEach
    void stop() {
        if (listener != null) {
            listener.close();
        }
        timer.shutdownNow();
    }

    private static Network network(String password) {
        return new Network(GroupSecret.of(password), null);
    }

    private String ask(Network network, String text) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        try (Caller caller = new Caller(network, timer, 1_000, 1_000)) {
            caller.call(
                    at,
                    Messages.ASK,
                    text.getBytes(StandardCharsets.UTF_8),
                    5_000,
                    new Caller.Answer() {
                        @Override
                        public void answered(int type, byte[] body) {
                            answer.complete(new String(body, StandardCharsets.UTF_8));
                        }

                        @Override
                        public void failed(boolean sent, boolean timedOut, String problem) {
                            answer.complete("failed: " + problem);
                        }
                    });
            return answer.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void whoKnowsThePasswordIsHeard() throws Exception {
        assertThat(ask(network("secret"), "hello")).isEqualTo("yes");
        assertThat(heard).containsExactly("hello");
    }

    @Test
    void whoDoesNotIsNotHeard() throws Exception {
        assertThat(ask(network("guess"), "hello")).startsWith("failed").contains("password");
        assertThat(ask(network(""), "hello")).startsWith("failed");
        assertThat(heard).isEmpty();
    }

    @Test
    void noiseIsTurnedAwayAndHarmsNobody() throws Exception {
        Random random = new Random(4);
        for (int i = 0; i < 50; i++) {
            try (Socket socket = new Socket(at.host(), at.port())) {
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                socket.getOutputStream().write(noise);
                if (i % 5 == 0) {
                    socket.getOutputStream()
                            .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException _) {
                // Turned away before all was said.
            }
        }
        assertThat(ask(network("secret"), "still there")).isEqualTo("yes");
        assertThat(heard).containsExactly("still there");
    }

    /// A recording of a whole conversation is worth nothing: the other side's random number is
    /// another one.
    @Test
    void aReplayedConversationIsTurnedAway() throws Exception {
        byte[] recorded = new byte[36 + 32];
        try (Socket socket = new Socket(at.host(), at.port())) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] hello = new byte[36];
            System.arraycopy(new byte[] {'T', 'R', 'F', 1}, 0, hello, 0, 4);
            out.write(hello);
            byte[] theirs = new byte[36];
            in.readFully(theirs);
            byte[] nonce = java.util.Arrays.copyOfRange(theirs, 4, 36);
            byte[] proof = GroupSecret.of("secret").derive("client proof", new byte[32], nonce);
            out.write(proof);
            assertThat(in.read()).isEqualTo(1);
            System.arraycopy(hello, 0, recorded, 0, 36);
            System.arraycopy(proof, 0, recorded, 36, 32);
        }
        try (Socket socket = new Socket(at.host(), at.port())) {
            socket.getOutputStream().write(recorded);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readFully(new byte[36]);
            assertThat(in.read()).isZero();
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void aFrameThatIsRepeatedChangedOrLeftOutDoesNotOpen() throws IOException {
        byte[] key = new byte[32];
        FrameCipher sealing = FrameCipher.sealing(key);
        byte[] first = sealing.next("first".getBytes(StandardCharsets.UTF_8));
        byte[] second = sealing.next("second".getBytes(StandardCharsets.UTF_8));
        FrameCipher opening = FrameCipher.opening(key);
        assertThat(new String(opening.next(first), StandardCharsets.UTF_8)).isEqualTo("first");
        assertThatThrownBy(() -> opening.next(first)).isInstanceOf(IOException.class);
        FrameCipher skipping = FrameCipher.opening(key);
        assertThatThrownBy(() -> skipping.next(second)).isInstanceOf(IOException.class);
        FrameCipher changed = FrameCipher.opening(key);
        first[2] ^= 1;
        assertThatThrownBy(() -> changed.next(first)).isInstanceOf(IOException.class);
    }

    @Test
    void aTakenPortIsOneSentence() {
        assertThatThrownBy(() -> Listener.bind(network("secret"), at))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(at.toString())
                .hasMessageContaining("raft.bind_addr");
    }
}
