package io.tamada.dcs.raft.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/// How a member makes connections into links, both ways, and the one place where tests can cut
/// them.
public final class Network {

    /// Nobody may take longer to connect and to prove who he is.
    static final int HANDSHAKE_MILLIS = 3_000;

    private final GroupSecret secret;
    private final @Nullable Supplier<SSLContext> tls;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile Predicate<Address> reachable = _ -> true;
    private volatile boolean listening = true;

    /// @param tls asked for each new connection; null for none
    public Network(GroupSecret secret, @Nullable Supplier<SSLContext> tls) {
        this.secret = secret;
        this.tls = tls;
    }

    /// Connects, authenticates.
    Link connect(Address to, int timeoutMillis) throws IOException {
        if (!reachable.test(to)) {
            throw new IOException("cut off");
        }
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(to.host(), to.port()), timeoutMillis);
            Socket socket = plain;
            if (tls != null) {
                socket =
                        tls.get()
                                .getSocketFactory()
                                .createSocket(plain, to.host(), to.port(), true);
            }
            prepare(socket);
            return kept(
                    plain,
                    socket,
                    Handshake.connect(socket.getInputStream(), socket.getOutputStream(), secret));
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    /// Authenticates somebody who connected.
    Link accept(Socket accepted) throws IOException {
        if (!listening) {
            throw new IOException("cut off");
        }
        Socket socket = accepted;
        accepted.setSoTimeout(HANDSHAKE_MILLIS);
        if (tls != null) {
            SSLSocket secured =
                    (SSLSocket) tls.get().getSocketFactory().createSocket(accepted, null, true);
            secured.setUseClientMode(false);
            secured.setNeedClientAuth(true);
            socket = secured;
        }
        prepare(socket);
        return kept(
                accepted,
                socket,
                Handshake.accept(socket.getInputStream(), socket.getOutputStream(), secret));
    }

    private static void prepare(Socket socket) throws IOException {
        socket.setSoTimeout(HANDSHAKE_MILLIS);
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
            socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 20);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 5);
            socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 3);
        }
    }

    private Link kept(Socket plain, Socket socket, Handshake.Keys keys) throws IOException {
        socket.setSoTimeout(0);
        Link link = new Link(plain, socket, keys);
        links.removeIf(old -> !old.isOpen());
        links.add(link);
        return link;
    }

    /// For tests: from now on only these can be connected to, nobody is let in unless `letIn`, and
    /// what is connected is cut.
    public void cut(Predicate<Address> stillReachable, boolean letIn) {
        reachable = stillReachable;
        listening = letIn;
        links.forEach(Link::close);
        links.clear();
    }

    /// For tests: all is as it was.
    public void heal() {
        reachable = _ -> true;
        listening = true;
    }
}
