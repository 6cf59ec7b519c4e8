package io.tamada.dcs.consul;

import io.tamada.ha.time.Deadline;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Requests to an agent of Consul, each waited for no longer than its deadline.
final class ConsulHttp implements AutoCloseable {

    private static final Duration CONNECT_MAX = Duration.ofSeconds(3);
    private static final String TOO_LATE = "no answer in time";
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final URI address;
    private volatile @Nullable String token;
    private final @Nullable String datacenter;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client;

    ConsulHttp(ConsulSettings settings) {
        this.address = settings.address();
        this.token = settings.token();
        this.datacenter = settings.datacenter();
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .connectTimeout(CONNECT_MAX)
                        .executor(threads);
        if (settings.tls() != null) {
            builder.sslContext(settings.tls().context());
        }
        this.client = builder.build();
    }

    void use(@Nullable String changedToken) {
        token = changedToken;
    }

    /// Reads once.
    Answer get(String path, Map<String, String> query, Deadline by) throws InterruptedException {
        return answered("GET", path, query, "", by);
    }

    /// Reads, again and again while nobody answers.
    Answer read(String path, Map<String, String> query, Deadline by) throws InterruptedException {
        return repeated(() -> get(path, query, by), true, by);
    }

    /// Writes. Asked again only while it is certain that it had no effect.
    Answer put(String path, String body, Deadline by) throws InterruptedException {
        return repeated(() -> answered("PUT", path, Map.of(), body, by), false, by);
    }

    /// Does what may be done twice without harm, again and again while nobody answers.
    Answer insist(String path, Deadline by) throws InterruptedException {
        return repeated(() -> answered("PUT", path, Map.of(), "", by), true, by);
    }

    private interface Attempt {
        Answer made() throws InterruptedException;
    }

    private static Answer repeated(Attempt attempt, boolean harmless, Deadline by)
            throws InterruptedException {
        String problem = "";
        while (true) {
            Answer answer = attempt.made();
            boolean again =
                    switch (answer) {
                        case Answer.Silent(_, boolean sent) -> harmless || !sent;
                        case Answer.Answered answered ->
                                answered.isLeaderless()
                                        || (harmless
                                                && !answered.isOk()
                                                && answered.status() >= 500);
                    };
            if (!again || by.remaining().compareTo(PAUSE) <= 0) {
                return explained(answer, problem);
            }
            problem = problem(answer, problem);
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }

    /// What was wrong says more than that in the end there was no time.
    private static Answer explained(Answer last, String problem) {
        return last instanceof Answer.Silent(String said, boolean sent)
                        && said.equals(TOO_LATE)
                        && !problem.isEmpty()
                ? new Answer.Silent(problem, sent)
                : last;
    }

    private static String problem(Answer answer, String before) {
        return switch (answer) {
            case Answer.Silent(String said, _) -> said.equals(TOO_LATE) ? before : said;
            case Answer.Answered answered -> answered.problem();
        };
    }

    private Answer answered(
            String method, String path, Map<String, String> query, String body, Deadline by)
            throws InterruptedException {
        Duration left = by.remaining();
        if (!left.isPositive()) {
            return new Answer.Silent("no time was left", false);
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path, query))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .timeout(left);
        String proof = token;
        if (proof != null) {
            request.header("X-Consul-Token", proof);
        }
        CompletableFuture<HttpResponse<String>> response =
                client.sendAsync(
                        request.build(),
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        try {
            return answered(response.get(left.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException _) {
            return new Answer.Silent(TOO_LATE, true);
        } catch (ExecutionException e) {
            return silent(e.getCause());
        } finally {
            response.cancel(true);
        }
    }

    private static Answer answered(HttpResponse<String> response) {
        long index = response.headers().firstValueAsLong("X-Consul-Index").orElse(0);
        return new Answer.Answered(response.statusCode(), response.body(), index);
    }

    private Answer silent(@Nullable Throwable cause) {
        return switch (cause) {
            case ConnectException _ ->
                    new Answer.Silent("Consul at " + address + " can't be connected to", false);
            case HttpTimeoutException _ -> new Answer.Silent(TOO_LATE, true);
            case null -> new Answer.Silent("no answer", true);
            default ->
                    new Answer.Silent(
                            "no answer from Consul at " + address + ": " + cause.getMessage(),
                            true);
        };
    }

    /// The datacenter is named in every request but those that are about the agent itself.
    private URI uri(String path, Map<String, String> query) {
        String parameters =
                query.entrySet().stream()
                        .map(e -> e.getKey() + (e.getValue().isEmpty() ? "" : "=" + e.getValue()))
                        .collect(Collectors.joining("&"));
        if (datacenter != null && !path.startsWith("/v1/agent/")) {
            parameters += (parameters.isEmpty() ? "" : "&") + "dc=" + escaped(datacenter);
        }
        return address.resolve(path + (parameters.isEmpty() ? "" : "?" + parameters));
    }

    /// As a part of a path or query.
    static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
    }
}
