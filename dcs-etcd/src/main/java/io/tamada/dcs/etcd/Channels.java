package io.tamada.dcs.etcd;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.tamada.dcs.etcd.EtcdSettings.TlsFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One connection to each server that is in use, and which of them is asked first.
final class Channels implements AutoCloseable {

    /// etcd ends connections of clients that ask for signs of life more often than every 5 s.
    private static final int SIGN_OF_LIFE_SECONDS = 10;

    private static final int SIGN_OF_LIFE_PATIENCE_SECONDS = 3;
    private static final int MESSAGE_BYTES_MAX = 32 << 20;

    private final @Nullable TlsFiles tls;
    private final Map<Endpoint, ManagedChannel> open = new HashMap<>();
    private List<Endpoint> configured;
    private boolean encrypted;
    private List<Endpoint> known;
    private int first;
    private boolean closed;

    Channels(List<Endpoint> configured, @Nullable TlsFiles tls) {
        this.configured = List.copyOf(configured);
        this.tls = tls;
        this.encrypted = tls != null;
        this.known = this.configured;
    }

    /// The servers in the order in which they are to be asked: the one that answered last comes
    /// first.
    synchronized List<Endpoint> inOrder() {
        List<Endpoint> order = new ArrayList<>(known.subList(first, known.size()));
        order.addAll(known.subList(0, first));
        return order;
    }

    /// These take the place of the configured ones.
    synchronized void configure(List<Endpoint> servers, boolean byTls) {
        if (byTls != encrypted) {
            open.values().forEach(ManagedChannel::shutdownNow);
            open.clear();
        }
        encrypted = byTls;
        configured = List.copyOf(servers);
        learn(List.of());
    }

    /// The servers' own list of themselves, which is used beside the configured ones.
    synchronized void learn(List<Endpoint> found) {
        Endpoint now = known.isEmpty() ? null : known.get(first);
        Set<Endpoint> all = new LinkedHashSet<>(configured);
        all.addAll(found);
        known = List.copyOf(all);
        first = now == null ? 0 : Math.max(0, known.indexOf(now));
        open.entrySet()
                .removeIf(entry -> {
                    boolean gone = !known.contains(entry.getKey());
                    if (gone) {
                        entry.getValue().shutdownNow();
                    }
                    return gone;
                });
    }

    /// The connection to a server; made when it is first used.
    ///
    /// @throws UncheckedIOException when the files for TLS can't be used
    /// @throws IllegalStateException when closed
    synchronized ManagedChannel to(Endpoint endpoint) {
        if (closed) {
            throw new IllegalStateException("this store is closed");
        }
        return open.computeIfAbsent(endpoint, this::connect);
    }

    private ManagedChannel connect(Endpoint endpoint) {
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port())
                        .keepAliveTime(SIGN_OF_LIFE_SECONDS, TimeUnit.SECONDS)
                        .keepAliveTimeout(SIGN_OF_LIFE_PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                        .disableRetry();
        return (tls == null || !encrypted ? builder.usePlaintext() : encrypted(builder, tls))
                .build();
    }

    private static NettyChannelBuilder encrypted(NettyChannelBuilder builder, TlsFiles files) {
        try {
            SslContextBuilder context =
                    GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK);
            if (files.ca() != null) {
                context.trustManager(files.ca().toFile());
            }
            if (files.certificate() != null && files.key() != null) {
                context.keyManager(files.certificate().toFile(), files.key().toFile());
            }
            return builder.sslContext(context.build());
        } catch (SSLException | IllegalArgumentException e) {
            // The second is how a file is called unreadable that is being written.
            throw new UncheckedIOException(new IOException(e.getMessage(), e));
        }
    }

    /// This one answers: it is asked first from now on.
    synchronized void prefer(Endpoint endpoint) {
        first = Math.max(0, known.indexOf(endpoint));
    }

    /// A server can't be reached. With TLS that may be for the sake of certificates: files that
    /// were renewed count from the next connection on.
    synchronized void unreachable(Endpoint endpoint) {
        ManagedChannel channel = tls == null ? null : open.remove(endpoint);
        if (channel != null) {
            channel.shutdownNow();
        }
    }

    /// A server did not answer in time: whatever comes over this connection now is of no use, and
    /// another one may do better.
    synchronized void drop(Endpoint endpoint) {
        ManagedChannel channel = open.remove(endpoint);
        if (channel != null) {
            channel.shutdownNow();
        }
        if (!known.isEmpty() && known.get(first).equals(endpoint)) {
            first = (first + 1) % known.size();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        open.values().forEach(ManagedChannel::shutdownNow);
        open.clear();
    }
}
