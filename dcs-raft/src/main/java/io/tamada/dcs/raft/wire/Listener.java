package io.tamada.dcs.raft.wire;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// Listens for other members and hands their questions to who answers that type.
public final class Listener implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Listener.class.getName());

    /// So many may be connected without having proved anything yet; more are turned away.
    private static final int STRANGERS_MAX = 32;

    private static final int LINKS_MAX = 512;

    private final Network network;
    private final ServerSocket server;
    private final Map<Integer, Answerer> answerers = new ConcurrentHashMap<>();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final Semaphore strangers = new Semaphore(STRANGERS_MAX);
    private volatile boolean closed;
    private volatile long warnedNanos = System.nanoTime() - 60_000_000_000L;

    /// A question that came in.
    ///
    /// @param link the connection it came on
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Question(byte[] body, Link link, long id) {

        public void answer(int type, byte[] reply) {
            link.offer(new Frame(false, id, type, reply));
        }
    }

    /// Answers questions of one type. Called on the connection's reading thread, in order: must
    /// return at once.
    public interface Answerer {
        void asked(Question question) throws IOException;
    }

    private Listener(Network network, ServerSocket server) {
        this.network = network;
        this.server = server;
    }

    /// Takes the port, and lets nobody in before [#start].
    ///
    /// @throws IllegalArgumentException when the port is taken or the address is not ours, with
    ///   what to do
    public static Listener bind(Network network, Address at) {
        try {
            ServerSocket server = new ServerSocket();
            try {
                server.setReuseAddress(true);
                server.bind(new InetSocketAddress(at.host(), at.port()), 64);
                return new Listener(network, server);
            } catch (IOException e) {
                server.close();
                throw e;
            }
        } catch (BindException e) {
            throw new IllegalArgumentException(
                    "raft: cannot listen on "
                            + at
                            + " ("
                            + e.getMessage()
                            + "): stop the program that uses this port, or set raft.bind_addr to a free address of this machine",
                    e);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "raft: cannot listen on "
                            + at
                            + " ("
                            + e.getMessage()
                            + "): set raft.bind_addr to an address of this machine",
                    e);
        }
    }

    public void answer(int type, Answerer answerer) {
        answerers.put(type, answerer);
    }

    public void start() {
        Thread.ofVirtual().name("raft-accept").start(this::acceptAll);
    }

    private void acceptAll() {
        while (!closed) {
            try {
                Socket socket = server.accept();
                if (links.size() < LINKS_MAX && strangers.tryAcquire()) {
                    Thread.ofVirtual().name("raft-handshake").start(() -> welcome(socket));
                } else {
                    socket.close();
                }
            } catch (IOException e) {
                if (!closed) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "cannot accept a connection: " + e.getMessage());
                    pause();
                }
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void welcome(Socket socket) {
        Thread limit =
                Thread.ofVirtual().name("raft-handshake-limit").start(() -> closeLater(socket));
        try {
            Link link = network.accept(socket);
            limit.interrupt();
            links.add(link);
            link.start(new Incoming(link));
            if (closed) {
                link.close();
            }
        } catch (IOException | RuntimeException e) {
            turnAway(socket, e);
        } finally {
            limit.interrupt();
            strangers.release();
        }
    }

    /// Bounds the whole handshake, however slowly its bytes come.
    private static void closeLater(Socket socket) {
        try {
            Thread.sleep(Network.HANDSHAKE_MILLIS);
            socket.close();
        } catch (InterruptedException | IOException _) {
            // The handshake is over, or the connection gone.
        }
    }

    private void turnAway(Socket socket, Exception why) {
        long now = System.nanoTime();
        if (why instanceof WrongPasswordException && now - warnedNanos > 60_000_000_000L) {
            warnedNanos = now;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "turned away " + socket.getRemoteSocketAddress() + ": " + why.getMessage());
        }
        try {
            socket.close();
        } catch (IOException _) {
            // It is gone already.
        }
    }

    private final class Incoming implements Link.Receiver {
        private final Link link;

        Incoming(Link link) {
            this.link = link;
        }

        @Override
        public void received(Frame frame) throws IOException {
            Answerer answerer = answerers.get(frame.type());
            if (!frame.request() || answerer == null) {
                throw new IOException("a question of type " + frame.type());
            }
            answerer.asked(new Question(frame.body(), link, frame.id()));
        }

        @Override
        public void closed() {
            links.remove(link);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() {
        closed = true;
        try {
            server.close();
        } catch (IOException _) {
            // Nothing can be done about it.
        }
        links.forEach(Link::close);
    }
}
