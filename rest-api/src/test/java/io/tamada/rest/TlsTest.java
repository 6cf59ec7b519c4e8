package io.tamada.rest;

import static io.tamada.rest.Statuses.PG0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Peer;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.SystemTime;
import io.tamada.rest.PeerSettings.Verification;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

    @TempDir static Path folder;

    private static TestCertificates certificates;
    private static Path serverFile;
    private static Path otherFile;
    private static Path clientFile;

    private final FakeNode node = new FakeNode();
    private final SystemTime time = new SystemTime();

    @BeforeAll
    static void sign() throws Exception {
        certificates = new TestCertificates(folder);
        serverFile = certificates.sign("server", "RSA", "127.0.0.1");
        otherFile = certificates.sign("other", "EC", "127.0.0.2");
        clientFile = certificates.sign("client", "EC", "127.0.0.1");
    }

    private static RestSettings settings(Path certfile, String verifyClient) {
        Map<String, Object> section = new HashMap<>();
        section.put("listen", "127.0.0.1:0");
        section.put("certfile", certfile.toString());
        section.put("cafile", certificates.ca().toString());
        section.put("verify_client", verifyClient);
        return RestSettings.of(ConfigDocument.of(section));
    }

    private PeerAnswer ask(
            RestServer server,
            @Nullable Path certfile,
            @Nullable Path ca,
            Verification verification)
            throws Exception {
        PeerSettings settings = new PeerSettings(null, certfile, null, null, ca, verification);
        String url = "https://127.0.0.1:" + server.address().getPort() + "/patroni";
        try (HttpPeerClient client = new HttpPeerClient(settings)) {
            Map<MemberName, PeerAnswer> answers =
                    client.ask(
                            List.of(new Peer(PG0, url)),
                            Deadline.after(time, Duration.ofSeconds(20)));
            return answers.getOrDefault(PG0, new PeerAnswer.Silent("not asked"));
        }
    }

    @Test
    void peersAreVerifiedAsFarAsIsWanted() throws Exception {
        try (RestServer right = RestServer.start(settings(serverFile, "none"), node, () -> {});
                RestServer misnamed =
                        RestServer.start(settings(otherFile, "none"), node, () -> {})) {
            assertThat(ask(right, null, certificates.ca(), Verification.FULL))
                    .isInstanceOf(PeerAnswer.Answered.class);
            assertThat(ask(misnamed, null, certificates.ca(), Verification.FULL))
                    .isInstanceOf(PeerAnswer.Silent.class);
            assertThat(ask(misnamed, null, certificates.ca(), Verification.CHAIN))
                    .isInstanceOf(PeerAnswer.Answered.class);
            assertThat(ask(misnamed, null, null, Verification.CHAIN))
                    .isInstanceOf(PeerAnswer.Silent.class);
            assertThat(ask(misnamed, null, null, Verification.NONE))
                    .isInstanceOf(PeerAnswer.Answered.class);
        }
    }

    @Test
    void requiredCertificatesGuardEveryRequest() throws Exception {
        try (RestServer server =
                RestServer.start(settings(serverFile, "required"), node, () -> {})) {
            assertThat(ask(server, clientFile, certificates.ca(), Verification.FULL))
                    .isInstanceOf(PeerAnswer.Answered.class);
            assertThat(ask(server, null, certificates.ca(), Verification.FULL))
                    .isInstanceOf(PeerAnswer.Silent.class);
        }
    }

    @Test
    void optionalCertificatesGuardChanges() throws Exception {
        try (RestServer server =
                RestServer.start(settings(serverFile, "optional"), node, () -> {})) {
            assertThat(send(server, context(null), "GET /primary")).startsWith("HTTP/1.1 200");
            assertThat(send(server, context(null), "POST /reload"))
                    .startsWith("HTTP/1.1 403")
                    .endsWith("client certificate required");
            assertThat(send(server, context(clientFile), "POST /reload"))
                    .startsWith("HTTP/1.1 202");
        }
    }

    @Test
    void renewedCertificatesAreUsedAfterAReload() throws Exception {
        Path current = folder.resolve("current.pem");
        Files.copy(serverFile, current);
        RestSettings settings = settings(current, "none");
        try (RestServer server = RestServer.start(settings, node, () -> {})) {
            assertThat(shown(server)).isEqualTo("CN=server");
            Files.copy(otherFile, current, StandardCopyOption.REPLACE_EXISTING);
            server.reload(settings);
            assertThat(shown(server)).isEqualTo("CN=other");
            Files.writeString(current, "half a certificate");
            assertThatThrownBy(() -> server.reload(settings))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("current.pem");
            assertThat(shown(server)).isEqualTo("CN=other");
        }
    }

    @Test
    void listenerChangesBetweenPlainAndTls() throws Exception {
        try (RestServer server = RestServer.start(settings(serverFile, "none"), node, () -> {})) {
            server.reload(RestSettings.on(new HostPort("127.0.0.1", 0)));
            assertThat(RawHttp.get(server.address(), "/primary").status()).isEqualTo(200);
            server.reload(settings(serverFile, "none"));
            assertThat(send(server, context(null), "GET /primary")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void unfinishedHandshakeHindersNobody() throws Exception {
        RestSettings usual = settings(serverFile, "none");
        RestSettings impatient =
                new RestSettings(
                        usual.listen(),
                        usual.connectAddress(),
                        null,
                        usual.tls(),
                        List.of(),
                        false,
                        Map.of(),
                        usual.serverTokens(),
                        usual.backlog(),
                        new RestSettings.Limits(1024, 5));
        try (RestServer server = RestServer.start(impatient, node, () -> {});
                Socket silent = RawHttp.connect(server.address())) {
            silent.getOutputStream().write(0x16);
            assertThat(send(server, context(null), "GET /primary")).startsWith("HTTP/1.1 200");
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void filesThatCannotBeUsedAreNamed() {
        Path missing = folder.resolve("missing.pem");
        assertThatThrownBy(() -> RestServer.start(settings(missing, "none"), node, () -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("missing.pem");
        assertThatThrownBy(
                        () -> RestServer.start(settings(certificates.ca(), "none"), node, () -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("holds no private key");
    }

    private static SSLContext context(@Nullable Path certfile) throws IOException {
        return ClientTls.context(
                new PeerSettings(
                        null, certfile, null, null, certificates.ca(), Verification.CHAIN));
    }

    private static SSLSocket connect(RestServer server, SSLContext context) throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket("127.0.0.1", server.address().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static String shown(RestServer server) throws IOException {
        try (SSLSocket socket = connect(server, context(null))) {
            socket.startHandshake();
            X509Certificate certificate =
                    (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return certificate.getSubjectX500Principal().getName();
        }
    }

    private static String send(RestServer server, SSLContext context, String request)
            throws IOException {
        try (SSLSocket socket = connect(server, context)) {
            socket.getOutputStream()
                    .write(
                            (request + " HTTP/1.1\r\nConnection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
