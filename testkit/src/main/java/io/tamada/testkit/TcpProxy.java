package io.tamada.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A network between clients and a real server on this machine that can be slow, break its
/// connections, or lose everything while they seem to stand.
///
/// Clients are given [#port()] instead of the server's. It works for any protocol over TCP, also
/// encrypted ones: bytes are carried as they come. The server may stop and start while the proxy
/// stands; a connection made while it is down is closed at once.
///
/// A host that lost its power can't be imitated wholly: the system acknowledges what a client sends
/// into a silent connection, so time-outs of TCP itself don't come into play, those of the client
/// do.
public final class TcpProxy implements AutoCloseable {

    private static final int CONNECT_MILLIS = 1000;

    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Duration delay = Duration.ZERO;

    /// Starts to listen, on the loopback address.
    ///
    /// @param port where the server listens, on the loopback address
    public TcpProxy(int port) throws IOException {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("proxy").start(this::accept);
    }

    /// Where clients connect to.
    public int port() {
        return listener.getLocalPort();
    }

    /// From now on what the server sends arrives so much later, on connections that stand and on
    /// new ones; zero ends it. Bytes sent while others wait are held back up to twice as long.
    public void slow(Duration by) {
        delay = by;
    }

    /// The connections that stand now carry nothing any more, in neither direction, and neither
    /// side is told, not even that the other closes. New ones work.
    public void halfOpen() {
        links.forEach(link -> link.dead = true);
    }

    /// Breaks the connections that stand now; both sides see it. New ones work.
    public void cut() {
        links.forEach(Link::close);
    }

    /// How many connections clients hold open now, those that [#halfOpen()] silenced included.
    public int connections() {
        return (int) links.stream().filter(link -> !link.client.isClosed()).count();
    }

    /// How many connections clients have made so far.
    public int accepted() {
        return accepted.get();
    }

    /// Breaks all connections and listens no more.
    @Override
    public void close() throws IOException {
        closing.countDown();
        listener.close();
        links.forEach(Link::close);
    }

    private void accept() {
        while (closing.getCount() > 0) {
            try {
                Socket client = listener.accept();
                accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException _) {
                // The client has gone, or the proxy is closed.
            }
        }
    }

    private void connect(Socket client) {
        Link link = new Link(client, new Socket());
        links.add(link);
        try {
            link.upstream.connect(server, CONNECT_MILLIS);
        } catch (IOException _) {
            link.close();
            return;
        }
        Thread.ofVirtual().start(() -> link.carry(client, link.upstream, false));
        Thread.ofVirtual().start(() -> link.carry(link.upstream, client, true));
        if (closing.getCount() == 0) {
            link.close();
        }
    }

    private final class Link {
        private final Socket client;
        private final Socket upstream;
        private volatile boolean dead;

        Link(Socket client, Socket upstream) {
            this.client = client;
            this.upstream = upstream;
        }

        void carry(Socket from, Socket to, boolean replies) {
            byte[] buffer = new byte[8192];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    byte[] chunk = Arrays.copyOf(buffer, n);
                    Duration wait = delay;
                    if (replies && wait.isPositive()) {
                        var _ = closing.await(wait.toNanos(), TimeUnit.NANOSECONDS);
                    }
                    if (!dead) {
                        out.write(chunk);
                    }
                }
            } catch (IOException _) {
                // One side has gone.
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            ended(from);
        }

        private void ended(Socket side) {
            if (!dead) {
                close();
                return;
            }
            closeQuietly(side);
            if (client.isClosed() && upstream.isClosed()) {
                links.remove(this);
            }
        }

        void close() {
            closeQuietly(client);
            closeQuietly(upstream);
            links.remove(this);
        }

        private static void closeQuietly(Socket socket) {
            try {
                socket.close();
            } catch (IOException _) {
                // Closed is what it should be.
            }
        }
    }
}
