package io.tamada.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.time.SystemTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpMemberApiTest {

    private static final RestAccess PLAIN = new RestAccess(null, false, null, null, null, null);
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir static Path folder;

    private static MemberStatus member(@Nullable String url) {
        return MemberStatus.builder(MemberName.of("pg0")).apiUrl(url).build();
    }

    private static RestReply call(RestAccess access, @Nullable String url, Duration timeout) {
        try (HttpMemberApi api =
                new HttpMemberApi(access, new ScriptedConsole(), new SystemTime())) {
            return api.call(member(url), "POST", "restart", java.util.Map.of("a", 1), timeout);
        }
    }

    /// Answers every connection with these bytes, or holds it open without a word.
    private static final class RawServer implements AutoCloseable {
        private final ServerSocket socket;
        private final java.util.List<Socket> open =
                new java.util.concurrent.CopyOnWriteArrayList<>();

        RawServer(String answer) throws IOException {
            socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(() -> serve(answer));
        }

        private void serve(String answer) {
            try {
                while (true) {
                    Socket client = socket.accept();
                    open.add(client);
                    if (!answer.equals("silence")) {
                        client.getInputStream().read(new byte[8192]);
                        client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                        client.close();
                    }
                }
            } catch (IOException e) {
                // Closed: the test is over.
            }
        }

        String url() {
            return "http://127.0.0.1:" + socket.getLocalPort() + "/patroni";
        }

        @Override
        public void close() throws IOException {
            for (Socket s : open) {
                s.close();
            }
            socket.close();
        }
    }

    @Test
    void anAnswerMayEndWithItsConnection() throws IOException {
        try (RawServer server =
                new RawServer(
                        "HTTP/1.0 503 Service Unavailable\r\nServer: Patroni\r\n\r\npostgres is still starting")) {
            assertThat(call(PLAIN, server.url(), LONG))
                    .isEqualTo(new RestReply.Answered(503, "postgres is still starting"));
        }
    }

    @Test
    void aConnectionThatEndsWithoutAnAnswerLeavesTheResultUnknown() throws IOException {
        try (RawServer server = new RawServer("")) {
            assertThat(call(PLAIN, server.url(), LONG)).isInstanceOf(RestReply.Silent.class);
        }
    }

    @Test
    void nobodyIsWaitedForWithoutBound() throws IOException {
        try (RawServer server = new RawServer("silence")) {
            assertThat(call(PLAIN, server.url(), Duration.ofMillis(300)))
                    .isInstanceOfSatisfying(
                            RestReply.Silent.class,
                            s -> assertThat(s.problem()).contains("pg0 did not answer within"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:1/patroni",
                "http://no-such-host.invalid:8008/patroni",
                "nonsense",
                "http://a b"
            })
    void anAddressThatLeadsNowhereIsUnreachable(String url) {
        assertThat(call(PLAIN, url, LONG)).isInstanceOf(RestReply.Unreachable.class);
    }

    @Test
    void aMemberWithoutAnAddressIsUnreachable() {
        assertThat(call(PLAIN, null, LONG))
                .isEqualTo(new RestReply.Unreachable("pg0 publishes no REST address"));
    }

    private static HttpsServer secure(SSLContext context, boolean clientsNeedCertificates)
            throws IOException {
        HttpsServer server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(context) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
                        ssl.setNeedClientAuth(clientsNeedCertificates);
                        parameters.setSSLParameters(ssl);
                    }
                });
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, 2);
                    exchange.getResponseBody().write(new byte[] {'o', 'k'});
                    exchange.close();
                });
        server.start();
        return server;
    }

    private static String url(HttpsServer server) {
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/patroni";
    }

    private static void assertRefused(RestReply reply) {
        assertThat(reply)
                .isInstanceOfSatisfying(
                        RestReply.Unreachable.class,
                        u -> assertThat(u.problem()).contains("TLS failed"));
    }

    @Test
    void certificatesAreVerifiedUnlessToldOtherwise()
            throws IOException, InterruptedException, GeneralSecurityException {
        KeyMaker right = KeyMaker.make(folder, "right", "EC", "ip:127.0.0.1");
        HttpsServer server = secure(right.server(right), false);
        try {
            RestReply ok = new RestReply.Answered(200, "ok");
            assertRefused(call(PLAIN, url(server), LONG));
            String authority = right.certificateFile();
            assertThat(
                            call(
                                    new RestAccess(null, false, authority, null, null, null),
                                    url(server),
                                    LONG))
                    .isEqualTo(ok);
            assertThat(call(new RestAccess(null, true, null, null, null, null), url(server), LONG))
                    .isEqualTo(ok);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void theHostNameIsComparedUnlessInsecure()
            throws IOException, InterruptedException, GeneralSecurityException {
        KeyMaker other = KeyMaker.make(folder, "other", "EC", "dns:elsewhere");
        HttpsServer server = secure(other.server(other), false);
        String authority = other.certificateFile();
        String key = other.keyFile();
        try {
            assertRefused(
                    call(
                            new RestAccess(null, false, authority, null, null, null),
                            url(server),
                            LONG));
            RestAccess chainOnly = new RestAccess(null, true, authority, authority, key, null);
            assertThat(call(chainOnly, url(server), LONG))
                    .isEqualTo(new RestReply.Answered(200, "ok"));
            RestAccess wrongChain = new RestAccess(null, true, null, authority, key, null);
            assertRefused(call(wrongChain, url(server), LONG));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void clientsShowTheirCertificateWhateverFormItsKeyHas()
            throws IOException, InterruptedException, GeneralSecurityException {
        KeyMaker host = KeyMaker.make(folder, "host", "EC", "ip:127.0.0.1");
        KeyMaker client = KeyMaker.make(folder, "client", "RSA", "dns:client");
        HttpsServer server = secure(host.server(client), true);
        String authority = host.certificateFile();
        String certificate = client.certificateFile();
        try {
            for (String key :
                    new String[] {
                        client.keyFile(), client.oldRsaKeyFile(), client.encryptedKeyFile()
                    }) {
                RestAccess access =
                        new RestAccess(null, false, authority, certificate, key, KeyMaker.PASSWORD);
                assertThat(call(access, url(server), LONG))
                        .as(key)
                        .isEqualTo(new RestReply.Answered(200, "ok"));
            }
            RestReply without =
                    call(
                            new RestAccess(null, false, authority, null, null, null),
                            url(server),
                            LONG);
            assertThat(without).isNotInstanceOf(RestReply.Answered.class);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void filesThatAreNotWhatTheyShouldBeAreNamed()
            throws IOException, InterruptedException, GeneralSecurityException {
        KeyMaker keys = KeyMaker.make(folder, "keys", "RSA", "dns:x");
        String certificate = keys.certificateFile();
        String encrypted = keys.encryptedKeyFile();
        assertThatThrownBy(() -> PemFile.certificates(folder.resolve("none").toString()))
                .hasMessageContaining("can't be read");
        assertThatThrownBy(() -> PemFile.certificates(encrypted))
                .hasMessageContaining("no certificate");
        assertThatThrownBy(() -> PemFile.privateKey(certificate, null))
                .hasMessageContaining("no private key");
        assertThatThrownBy(() -> PemFile.privateKey(encrypted, null))
                .hasMessageContaining("keyfile_password");
    }
}
