package io.tamada.rest;

import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Peer;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.port.PeerClient;
import io.tamada.ha.time.Deadline;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Asks peers over HTTP, all of them at the same time. An answer counts only when all of it arrived
/// by the deadline.
public final class HttpPeerClient implements PeerClient, MemberRelay {

    private static final long BODY_BYTES_MAX = 1 << 20;

    private final HttpClient client;
    private final ExecutorService threads;
    private final @Nullable String authorization;

    /// @throws IOException when a certificate can't be read: which one, and why
    public HttpPeerClient(PeerSettings settings) throws IOException {
        threads =
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("peers-", 0).factory());
        client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .sslContext(ClientTls.context(settings))
                        .executor(threads)
                        .build();
        Credentials credentials = settings.credentials();
        authorization = credentials == null ? null : credentials.header();
    }

    @Override
    public Map<MemberName, PeerAnswer> ask(Collection<Peer> peers, Deadline by)
            throws InterruptedException {
        return all(
                peers,
                by,
                Retry.NEVER,
                peer -> builder(peer.apiUrl() + "?" + ReadEndpoints.FRESH, null).GET(),
                response -> PeerDocuments.answer(response.body()),
                PeerAnswer.Silent::new);
    }

    @Override
    public Map<MemberName, Consent> failsafe(FailsafePing ping, Collection<Peer> peers, Deadline by)
            throws InterruptedException {
        String body = PeerDocuments.ping(ping);
        return all(
                peers,
                by,
                Retry.ONCE,
                peer ->
                        builder(peer.apiUrl(), "/failsafe")
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body)),
                response ->
                        PeerDocuments.consent(
                                response.statusCode(),
                                response.body(),
                                response.headers().firstValue("lsn")),
                Consent.Denied::new);
    }

    @Override
    public boolean isAlive(Peer peer, Deadline by) throws InterruptedException {
        return all(
                        List.of(peer),
                        by,
                        Retry.NEVER,
                        p -> builder(p.apiUrl(), "/liveness").GET(),
                        _ -> true,
                        _ -> false)
                .getOrDefault(peer.name(), false);
    }

    /// Asks peers what time it is on their machines. Blocks until all have answered, at most until
    /// the deadline.
    public Map<MemberName, PeerClock> clocks(Collection<Peer> peers, Deadline by)
            throws InterruptedException {
        return all(
                peers,
                by,
                Retry.NEVER,
                peer -> builder(peer.apiUrl(), "/liveness").GET(),
                response ->
                        response.headers()
                                .firstValue("Date")
                                .map(HttpPeerClient::clock)
                                .orElse(new PeerClock.Silent("its answer bears no date")),
                PeerClock.Silent::new);
    }

    private static PeerClock clock(String date) {
        try {
            return new PeerClock.Shows(
                    ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeParseException e) {
            return new PeerClock.Silent("its answer bears a date that can't be read");
        }
    }

    @Override
    public Reply forward(Peer to, String method, String path, @Nullable String body, Deadline by)
            throws InterruptedException {
        return all(
                        List.of(to),
                        by,
                        Retry.NEVER,
                        peer ->
                                builder(peer.apiUrl(), path)
                                        .header("Content-Type", "application/json")
                                        .method(
                                                method,
                                                body == null
                                                        ? HttpRequest.BodyPublishers.noBody()
                                                        : HttpRequest.BodyPublishers.ofString(
                                                                body)),
                        response ->
                                new Reply.Answered(
                                        response.statusCode(),
                                        response.headers()
                                                .firstValue("Content-Type")
                                                .orElse("text/plain"),
                                        response.body()),
                        Reply.Silent::new)
                .getOrDefault(to.name(), new Reply.Silent("not sent"));
    }

    /// @param path replaces the path of the URL; null to keep it
    private HttpRequest.Builder builder(String url, @Nullable String path) {
        URI uri = URI.create(url);
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(path == null ? uri : uri.resolve(path))
                        .header("User-Agent", "Tamada/" + ProductVersion.OWN);
        if (authorization != null) {
            builder.header("Authorization", authorization);
        }
        return builder;
    }

    /// Whether a lost connection is replaced by another one. The client itself does so for what it
    /// knows to be harmless, which a POST isn't: one that meets a connection the peer has just
    /// closed would be lost.
    private enum Retry {
        NEVER,
        ONCE
    }

    /// Sends to all, waits for each until the deadline, gives up what is still on its way then.
    private <T> Map<MemberName, T> all(
            Collection<Peer> peers,
            Deadline by,
            Retry retry,
            Function<Peer, HttpRequest.Builder> request,
            Function<HttpResponse<String>, T> read,
            Function<String, T> silent)
            throws InterruptedException {
        Queue<CompletableFuture<?>> exchanges = new ConcurrentLinkedQueue<>();
        Map<MemberName, CompletableFuture<HttpResponse<String>>> sent = new LinkedHashMap<>();
        Map<MemberName, T> result = new LinkedHashMap<>();
        try {
            for (Peer peer : peers) {
                try {
                    sent.put(peer.name(), send(request.apply(peer), by, retry, exchanges));
                } catch (IllegalArgumentException e) {
                    result.put(
                            peer.name(),
                            silent.apply("its address can't be used: " + peer.apiUrl()));
                }
            }
            for (Map.Entry<MemberName, CompletableFuture<HttpResponse<String>>> e :
                    sent.entrySet()) {
                result.put(e.getKey(), outcome(e.getValue(), by, read, silent));
            }
            return result;
        } finally {
            exchanges.forEach(exchange -> exchange.cancel(true));
        }
    }

    /// @param exchanges gets what has to be cancelled
    private CompletableFuture<HttpResponse<String>> send(
            HttpRequest.Builder request,
            Deadline by,
            Retry retry,
            Queue<CompletableFuture<?>> exchanges) {
        Duration left = by.remaining();
        CompletableFuture<HttpResponse<String>> exchange =
                client.sendAsync(
                        request.timeout(left.isZero() ? Duration.ofNanos(1) : left).build(),
                        BodyHandlers.limiting(
                                BodyHandlers.ofString(StandardCharsets.UTF_8), BODY_BYTES_MAX));
        exchanges.add(exchange);
        return retry == Retry.NEVER
                ? exchange
                : exchange.exceptionallyCompose(problem ->
                        isLostConnection(problem) && !by.hasPassed()
                                ? send(request, by, Retry.NEVER, exchanges)
                                : CompletableFuture.failedFuture(problem));
    }

    private static boolean isLostConnection(Throwable problem) {
        Throwable cause =
                problem instanceof CompletionException && problem.getCause() != null
                        ? problem.getCause()
                        : problem;
        return cause instanceof IOException && !(cause instanceof HttpTimeoutException);
    }

    private static <T> T outcome(
            CompletableFuture<HttpResponse<String>> exchange,
            Deadline by,
            Function<HttpResponse<String>, T> read,
            Function<String, T> silent)
            throws InterruptedException {
        try {
            return read.apply(exchange.get(by.remaining().toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return silent.apply("no answer in time");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return silent.apply(
                    cause.getClass().getSimpleName()
                            + (cause.getMessage() == null ? "" : ": " + cause.getMessage()));
        }
    }

    /// Gives up what is on its way and frees the threads.
    @Override
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
    }
}
