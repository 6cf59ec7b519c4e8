package io.tamada.ctl;

import io.tamada.dcs.Json;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.time.TimeSource;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// [MemberApi] over HTTP. A call that takes long tells so, where somebody is looking.
final class HttpMemberApi implements MemberApi, AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final RestAccess access;
    private final Console console;
    private final TimeSource time;
    private final HttpClient client;

    HttpMemberApi(RestAccess access, Console console, TimeSource time) {
        this.access = access;
        this.console = console;
        this.time = time;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .sslContext(Tls.context(access))
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build();
    }

    @Override
    public RestReply call(
            MemberStatus member,
            String method,
            @Nullable String path,
            @Nullable Object body,
            Duration timeout) {
        String url = member.apiUrl();
        if (url == null) {
            return new RestReply.Unreachable(member.name() + " publishes no REST address");
        }
        HttpRequest request;
        try {
            request = request(URI.create(url), method, path, body);
        } catch (IllegalArgumentException e) {
            return new RestReply.Unreachable(
                    "%s publishes a REST address that is not valid: %s"
                            .formatted(member.name(), url));
        }
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        try {
            HttpResponse<String> response = await(answer, member, timeout);
            return new RestReply.Answered(response.statusCode(), response.body().strip());
        } catch (ExecutionException e) {
            return failed(e.getCause() == null ? e : e.getCause(), request.uri());
        } catch (TimeoutException e) {
            return new RestReply.Silent(
                    "%s did not answer within %d seconds; it may still do what was asked"
                            .formatted(member.name(), timeout.toSeconds()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new RestReply.Silent(
                    "interrupted while " + member.name() + " was working on it");
        } finally {
            answer.cancel(true);
            console.progress("");
        }
    }

    private HttpRequest request(
            URI base, String method, @Nullable String path, @Nullable Object body) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(path == null ? base : base.resolve("/" + path))
                        .header("User-Agent", "tamadactl")
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(Json.spaced(body)));
        if (body != null) {
            builder.header("Content-Type", "application/json");
        }
        if (access.credentials() != null) {
            byte[] bytes = access.credentials().getBytes(StandardCharsets.UTF_8);
            builder.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
        }
        return builder.build();
    }

    private HttpResponse<String> await(
            CompletableFuture<HttpResponse<String>> answer, MemberStatus member, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        long started = time.nanos();
        while (true) {
            Duration waited = Duration.ofNanos(time.nanos() - started);
            Duration left = timeout.minus(waited);
            if (!left.isPositive()) {
                throw new TimeoutException();
            }
            try {
                return answer.get(
                        Math.min(1000, Math.max(1, left.toMillis())), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                console.progress(
                        "waiting for %s, %d s (leaving with Ctrl-C does not stop it)"
                                .formatted(
                                        member.name(),
                                        Duration.ofNanos(time.nanos() - started).toSeconds()));
            }
        }
    }

    private static RestReply failed(Throwable cause, URI uri) {
        String where = uri.getScheme() + "://" + uri.getAuthority();
        return switch (cause) {
            case HttpConnectTimeoutException _ ->
                    new RestReply.Unreachable(
                            "%s can't be reached within %d seconds"
                                    .formatted(where, CONNECT_TIMEOUT.toSeconds()));
            case ConnectException e when e.getCause() instanceof UnresolvedAddressException ->
                    new RestReply.Unreachable(uri.getHost() + " is not a known host");
            case ConnectException _ -> new RestReply.Unreachable(where + " refuses connections");
            case SSLException e ->
                    new RestReply.Unreachable(
                            "%s: TLS failed (%s); see ctl.cacert, ctl.certfile and --insecure"
                                    .formatted(where, firstLine(e)));
            case IOException e -> new RestReply.Silent("%s: %s".formatted(where, firstLine(e)));
            default -> new RestReply.Silent("%s: %s".formatted(where, firstLine(cause)));
        };
    }

    private static String firstLine(Throwable problem) {
        String message = problem.getMessage();
        return message == null
                ? problem.getClass().getSimpleName().toLowerCase(Locale.ROOT)
                : message.lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
