package demo;

import io.tamada.dcs.Json;
import io.tamada.dcs.JsonException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the store holds that must outlive every agent, as one member tells it.
///
/// @param config the dynamic configuration
/// @param history one line for each change of timeline, oldest first, each with the timeline that ended and where it did
record StoreFacts(Map<String, Object> config, List<String> history) {

    private static final String CHANGED = "maximum_lag_on_failover";
    private static final Pattern TITLE = Pattern.compile("Cluster: \\S+ \\(([^)]*)\\)");
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(1))
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    /// @throws IOException when the member doesn't tell
    static StoreFacts toldBy(Member member) throws IOException, InterruptedException {
        List<String> history = new ArrayList<>();
        try {
            for (Object line : (List<?>) Json.parse(send(member, "GET", "/history", ""))) {
                List<?> parts = (List<?>) line;
                history.add(parts.get(0) + "@" + parts.get(1));
            }
            return new StoreFacts(Json.parseObject(send(member, "GET", "/config", "")), history);
        } catch (JsonException e) {
            throw new IOException(member.name() + " tells something that isn't JSON", e);
        }
    }

    /// The cluster's identity, from the store's key and not from a server.
    static String systemId(Cluster cluster) throws IOException, InterruptedException {
        Matcher title = TITLE.matcher(cluster.ctl("list"));
        return title.find() ? title.group(1) : "none";
    }

    /// Changes the configuration, so that there is something new to be kept.
    static void change(Member member, long lagMax) throws IOException, InterruptedException {
        send(member, "PATCH", "/config", "{\"" + CHANGED + "\": " + lagMax + "}");
    }

    /// What was changed last; 0 when nothing is said of it.
    long lagMax() {
        return config.get(CHANGED) instanceof Number number ? number.longValue() : 0;
    }

    /// What is wrong when these facts are told after those.
    Optional<String> lostSince(StoreFacts earlier) {
        if (!config.equals(earlier.config)) {
            return Optional.of("the configuration was " + earlier.config + " and is " + config);
        }
        if (history.size() < earlier.history.size()
                || !history.subList(0, earlier.history.size()).equals(earlier.history)) {
            return Optional.of("the history was " + earlier.history + " and is " + history);
        }
        return Optional.empty();
    }

    private static String send(Member member, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(member.rest() + path))
                .timeout(Duration.ofSeconds(5))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(
                    member.name() + " answers " + method + " " + path + " with " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }
}
