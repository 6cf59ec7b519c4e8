package io.tamada.rest;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// The listener: the JDK's HTTP server on virtual threads, with a limit on everything a client can
/// use.
///
/// The limits that the JDK's server takes from system properties are set here where nobody else has
/// set them. They hold for all such servers of the process.
final class HttpTransport implements AutoCloseable {

    private static final Logger LOG = System.getLogger(HttpTransport.class.getName());

    /// A request line and headers of more bytes close the connection.
    private static final int HEADER_BYTES_MAX = 16 * 1024;

    private static final int CONNECTIONS_MAX = 16_384;
    private static final int STOP_SECONDS = 1;

    static {
        limit("jdk.httpserver.maxConnections", CONNECTIONS_MAX);
        limit("sun.net.httpserver.maxIdleConnections", CONNECTIONS_MAX);
        limit("sun.net.httpserver.maxReqHeaders", 100);
        limit("sun.net.httpserver.maxReqHeaderSize", HEADER_BYTES_MAX);
        limit("sun.net.httpserver.idleInterval", 30);
        limit("sun.net.httpserver.drainAmount", HEADER_BYTES_MAX);
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private static void limit(String property, long value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Long.toString(value));
        }
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final TransferGuard guard;
    private final Function<Request, Response> answers;
    private volatile RestSettings settings;

    /// Binds and starts.
    ///
    /// @param tls null for plain HTTP
    /// @param answers must not throw
    /// @throws IOException when the address can't be bound
    HttpTransport(
            RestSettings settings, @Nullable SSLContext tls, Function<Request, Response> answers)
            throws IOException {
        this.answers = answers;
        this.settings = settings;
        InetSocketAddress address = settings.listen().toBind();
        if (tls == null) {
            server = HttpServer.create(address, settings.backlog());
        } else {
            HttpsServer https = HttpsServer.create(address, settings.backlog());
            https.setHttpsConfigurator(new Handshake(tls, settings));
            server = https;
        }
        guard = new TransferGuard(Duration.ofSeconds(settings.limits().transferSecondsMax()));
        threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("rest-", 0).factory());
        server.setExecutor(exchange -> threads.execute(() -> guard.guarded(exchange)));
        server.createContext("/", this::handle);
        server.start();
    }

    /// Sends other headers from now on.
    void use(RestSettings next) {
        settings = next;
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!guard.end()) {
                throw new IOException("the request took too long");
            }
            Response response = answers.apply(request(exchange));
            guard.begin();
            Response.Stream stream = response.stream();
            if (stream == null) {
                send(exchange, response);
            } else {
                send(exchange, response, stream);
            }
        }
    }

    private Request request(HttpExchange exchange) {
        Map<String, String> query;
        try {
            query = Request.query(exchange.getRequestURI().getRawQuery());
        } catch (IllegalArgumentException e) {
            query = Map.of();
        }
        return new Request(
                exchange.getRequestMethod(),
                path(exchange),
                query,
                exchange.getRemoteAddress().getAddress(),
                exchange.getRequestHeaders().getFirst("Authorization"),
                hasClientCertificate(exchange),
                bytesMax -> body(exchange, bytesMax));
    }

    private static String path(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        return path == null || path.isEmpty() ? "/" : path;
    }

    private static boolean hasClientCertificate(HttpExchange exchange) {
        if (!(exchange instanceof HttpsExchange https)) {
            return false;
        }
        try {
            return https.getSSLSession().getPeerCertificates().length > 0;
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }

    private Request.Read body(HttpExchange exchange, int bytesMax) {
        Headers received = exchange.getRequestHeaders();
        if (!received.containsKey("Content-Length") && !received.containsKey("Transfer-Encoding")) {
            return new Request.Read.Absent();
        }
        guard.begin();
        try {
            InputStream in = exchange.getRequestBody();
            byte[] bytes = in.readNBytes(bytesMax + 1);
            return bytes.length > bytesMax
                    ? new Request.Read.TooLong()
                    : new Request.Read.Complete(text(bytes));
        } catch (CharacterCodingException e) {
            return new Request.Read.Broken("it is not UTF-8");
        } catch (IOException e) {
            return new Request.Read.Broken(String.valueOf(e.getMessage()));
        } finally {
            if (!guard.end()) {
                exchange.close();
            }
        }
    }

    /// What is not UTF-8 is refused: with other characters in its place it would be stored changed.
    private static String text(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    /// Sends in pieces, each under guard of its own.
    private void send(HttpExchange exchange, Response response, Response.Stream stream)
            throws IOException {
        headers(exchange, response);
        exchange.sendResponseHeaders(response.status(), 0);
        OutputStream to = exchange.getResponseBody();
        try {
            stream.writeTo(text -> {
                guard.begin();
                to.write(text.getBytes(StandardCharsets.UTF_8));
                to.flush();
                if (!guard.end()) {
                    throw new IOException("the reader is too slow");
                }
            });
        } catch (InterruptedException e) {
            throw new IOException("the stream was ended", e);
        }
    }

    private void send(HttpExchange exchange, Response response) throws IOException {
        headers(exchange, response);
        byte[] body = response.body();
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(
                response.status(), head || body.length == 0 ? -1 : body.length);
        if (!head && body.length > 0) {
            try (OutputStream to = exchange.getResponseBody()) {
                to.write(body);
            }
        }
    }

    private void headers(HttpExchange exchange, Response response) {
        Headers out = exchange.getResponseHeaders();
        RestSettings now = settings;
        out.set("Server", now.serverTokens().header());
        if (response.length() > 0 || response.stream() != null) {
            out.set("Content-Type", response.contentType());
        }
        now.extraHeaders().forEach(out::set);
        response.headers().forEach(out::set);
    }

    /// Stops accepting, gives running requests a moment, closes all connections.
    @Override
    public void close() {
        server.stop(STOP_SECONDS);
        threads.shutdownNow();
        guard.close();
        LOG.log(Level.DEBUG, "listener closed");
    }

    private static final class Handshake extends HttpsConfigurator {
        private final RestSettings.@Nullable Tls settings;

        Handshake(SSLContext context, RestSettings settings) {
            super(context);
            this.settings = settings.tls();
        }

        @Override
        public void configure(HttpsParameters parameters) {
            SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
            if (settings != null) {
                if (!settings.ciphers().isEmpty()) {
                    ssl.setCipherSuites(settings.ciphers().toArray(String[]::new));
                }
                switch (settings.verifyClient()) {
                    case NONE -> {}
                    case OPTIONAL -> ssl.setWantClientAuth(true);
                    case REQUIRED -> ssl.setNeedClientAuth(true);
                }
            }
            parameters.setSSLParameters(ssl);
        }
    }
}
