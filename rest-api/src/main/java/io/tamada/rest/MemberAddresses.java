package io.tamada.rest;

import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.time.TimeSource;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// From which addresses the cluster's members call. Names are remembered for a while, and a slow
/// name server delays nobody for long.
final class MemberAddresses {

    private static final Duration REMEMBERED = Duration.ofSeconds(60);
    private static final Duration LOOK_UP_MAX = Duration.ofSeconds(2);

    private record Known(List<InetAddress> addresses, long untilNanos) {}

    private final TimeSource time;
    private final Executor threads;
    private final Map<String, Known> byHost = new ConcurrentHashMap<>();

    /// @param threads runs look-ups, which can't be interrupted
    MemberAddresses(TimeSource time, Executor threads) {
        this.time = time;
        this.threads = threads;
    }

    /// True when a member that the view lists has this address.
    boolean contain(InetAddress address, ClusterView view) throws InterruptedException {
        List<String> hosts =
                Stream.concat(
                                view.members().values().stream().map(MemberStatus::apiUrl),
                                view.failsafe().values().stream())
                        .map(MemberAddresses::host)
                        .filter(host -> !host.isEmpty())
                        .distinct()
                        .toList();
        byHost.keySet().retainAll(hosts);
        for (String host : hosts) {
            if (of(host).contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static String host(@org.jspecify.annotations.Nullable String url) {
        try {
            String host = url == null ? null : URI.create(url).getHost();
            return host == null ? "" : host.replaceAll("[\\[\\]]", "");
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private List<InetAddress> of(String host) throws InterruptedException {
        InetAddress literal = Networks.address(host);
        if (literal != null) {
            return List.of(literal);
        }
        Known known = byHost.get(host);
        if (known == null || known.untilNanos() - time.nanos() <= 0) {
            known = new Known(lookUp(host), time.nanos() + REMEMBERED.toNanos());
            byHost.put(host, known);
        }
        return known.addresses();
    }

    private List<InetAddress> lookUp(String host) throws InterruptedException {
        try {
            return CompletableFuture.supplyAsync(() -> addresses(host), threads)
                    .get(LOOK_UP_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return List.of();
        }
    }

    private static List<InetAddress> addresses(String host) {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            return List.of();
        }
    }
}
