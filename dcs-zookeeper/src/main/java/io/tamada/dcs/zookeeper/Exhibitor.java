package io.tamada.dcs.zookeeper;

import io.tamada.dcs.Json;
import io.tamada.dcs.JsonException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.curator.ensemble.EnsembleProvider;
import org.jspecify.annotations.Nullable;

/// Which servers the ensemble has, asked of Exhibitor again and again while the store is open.
///
/// What was last heard counts for as long as nobody answers.
final class Exhibitor implements EnsembleProvider {

    private static final System.Logger LOG = System.getLogger(Exhibitor.class.getName());
    private static final Duration ANSWER_MAX = Duration.ofMillis(3100);

    /// Until the first answer.
    private static final Duration IMPATIENT = Duration.ofSeconds(5);

    /// Where a client that knows of no server yet looks for one, in vain.
    private static final String NOWHERE = "not-known-yet.invalid:1";

    private final ExhibitorSettings settings;
    private volatile List<InetSocketAddress> servers = List.of();
    private volatile Runnable listener = () -> {};
    private volatile @Nullable Thread polling;
    private boolean failing;

    Exhibitor(ExhibitorSettings settings) {
        this.settings = settings;
    }

    /// As last heard; empty before the first answer.
    List<InetSocketAddress> servers() {
        return servers;
    }

    /// Calls it whenever the servers are others than before, and now if any are known.
    void onChange(Runnable told) {
        listener = told;
        if (!servers.isEmpty()) {
            told.run();
        }
    }

    @Override
    public void start() {
        polling = Thread.ofVirtual().name("exhibitor").start(this::poll);
    }

    private void poll() {
        try (HttpClient http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .connectTimeout(ANSWER_MAX)
                        .build()) {
            try {
                while (true) {
                    heard(ask(http));
                    Duration pause = servers.isEmpty() ? IMPATIENT : settings.interval();
                    TimeUnit.NANOSECONDS.sleep(
                            Math.min(pause.toNanos(), settings.interval().toNanos()));
                }
            } catch (InterruptedException _) {
                http.shutdownNow();
            }
        }
    }

    private void heard(@Nullable List<InetSocketAddress> answer) {
        if (answer == null && !failing) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "none of the Exhibitor hosts {0} says which servers there are",
                    settings.hosts());
        }
        failing = answer == null;
        if (answer != null && !Set.copyOf(answer).equals(Set.copyOf(servers))) {
            servers = answer;
            listener.run();
        }
    }

    /// Asks one after another, those that run beside the servers first; null when nobody answers.
    private @Nullable List<InetSocketAddress> ask(HttpClient http) throws InterruptedException {
        List<String> beside = new ArrayList<>();
        servers.forEach(server -> beside.add(ExhibitorSettings.bracketed(server.getHostString())));
        Collections.shuffle(beside);
        Set<String> hosts = new LinkedHashSet<>(beside);
        hosts.addAll(settings.hosts());
        for (String host : hosts) {
            List<InetSocketAddress> answer = ask(http, host);
            if (answer != null) {
                return answer;
            }
        }
        return null;
    }

    private @Nullable List<InetSocketAddress> ask(HttpClient http, String host)
            throws InterruptedException {
        URI uri =
                URI.create("http://" + host + ":" + settings.port() + "/exhibitor/v1/cluster/list");
        try {
            HttpResponse<String> response =
                    http.send(
                            HttpRequest.newBuilder(uri).timeout(ANSWER_MAX).build(),
                            HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? listed(response.body()) : null;
        } catch (IOException _) {
            return null;
        }
    }

    /// The servers in an answer; null when it names none.
    static @Nullable List<InetSocketAddress> listed(String body) {
        try {
            Map<String, @Nullable Object> tree = Json.parseObject(body);
            List<InetSocketAddress> found = new ArrayList<>();
            if (tree.get("servers") instanceof List<?> names
                    && tree.get("port") instanceof Long port
                    && port > 0
                    && port < 65_536) {
                for (Object name : names) {
                    found.add(
                            InetSocketAddress.createUnresolved(
                                    String.valueOf(name), port.intValue()));
                }
            }
            return found.isEmpty() ? null : List.copyOf(found);
        } catch (JsonException _) {
            return null;
        }
    }

    @Override
    public String getConnectionString() {
        List<InetSocketAddress> now = servers;
        return now.isEmpty() ? NOWHERE : ZooKeeperSettings.connectString(now);
    }

    @Override
    public void setConnectionString(String servers) {
        // Exhibitor is who says it.
    }

    @Override
    public boolean updateServerListEnabled() {
        return false;
    }

    @Override
    public void close() {
        Thread running = polling;
        if (running != null) {
            running.interrupt();
        }
    }
}
