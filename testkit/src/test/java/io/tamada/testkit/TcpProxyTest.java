package io.tamada.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {

    private final ServerSocket echo = listener();
    private final TcpProxy proxy = new TcpProxy(echo.getLocalPort());

    TcpProxyTest() throws IOException {}

    private static ServerSocket listener() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @BeforeEach
    void serve() {
        Thread.ofVirtual()
                .start(() -> {
                    while (!echo.isClosed()) {
                        try {
                            Socket socket = echo.accept();
                            Thread.ofVirtual().start(() -> repeat(socket));
                        } catch (IOException _) {
                            // Closed, which the loop sees.
                        }
                    }
                });
    }

    private static void repeat(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException _) {
            // The test's end of it has gone.
        }
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        echo.close();
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    }

    private static int ask(Socket socket) throws IOException {
        socket.getOutputStream().write(7);
        return socket.getInputStream().read();
    }

    @Test
    void it_carries_both_ways_and_forgets_closed_connections() throws Exception {
        try (Socket client = connect()) {
            assertThat(ask(client)).isEqualTo(7);
            assertThat(proxy.connections()).isEqualTo(1);
        }
        Eventually.await("the connection is gone", () -> proxy.connections() == 0);
        assertThat(proxy.accepted()).isEqualTo(1);
    }

    @Test
    void a_slow_reply_comes_late_and_whole() throws Exception {
        try (Socket client = connect()) {
            proxy.slow(Duration.ofMinutes(1));
            client.setSoTimeout(200);
            assertThatThrownBy(() -> ask(client)).isInstanceOf(SocketTimeoutException.class);
        }
        proxy.slow(Duration.ofMillis(50));
        try (Socket client = connect()) {
            assertThat(ask(client)).isEqualTo(7);
        }
    }

    @Test
    void a_half_open_connection_carries_nothing_and_a_new_one_does() throws Exception {
        try (Socket client = connect()) {
            assertThat(ask(client)).isEqualTo(7);
            proxy.halfOpen();
            client.setSoTimeout(200);
            assertThatThrownBy(() -> ask(client)).isInstanceOf(SocketTimeoutException.class);
            try (Socket other = connect()) {
                assertThat(ask(other)).isEqualTo(7);
            }
            Eventually.await("the silent one is left", () -> proxy.connections() == 1);
        }
    }

    @Test
    void a_cut_connection_ends() throws Exception {
        try (Socket client = connect()) {
            assertThat(ask(client)).isEqualTo(7);
            proxy.cut();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void without_its_server_connections_are_closed() throws Exception {
        echo.close();
        try (Socket client = connect()) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }
}
