package io.tamada.dcs.zookeeper;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.zookeeper.client.HostProvider;

/// Lets the library connect once, to one server. When it would connect again the first connection
/// is over, and whatever it still has in its queue must never be sent.
final class OneConnection implements HostProvider {

    private static final InetSocketAddress NOWHERE =
            InetSocketAddress.createUnresolved("connected-once.invalid", 1);

    private final InetSocketAddress server;
    private final Runnable over;
    private final AtomicBoolean used = new AtomicBoolean();

    /// @param over called when the connection is over, or was never made
    OneConnection(InetSocketAddress server, Runnable over) {
        this.server = server;
        this.over = over;
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public InetSocketAddress next(long spinDelay) {
        if (used.getAndSet(true)) {
            over.run();
            return NOWHERE;
        }
        return resolved();
    }

    private InetSocketAddress resolved() {
        try {
            InetAddress[] all = InetAddress.getAllByName(server.getHostString());
            return new InetSocketAddress(
                    all[ThreadLocalRandom.current().nextInt(all.length)], server.getPort());
        } catch (UnknownHostException _) {
            return server;
        }
    }

    @Override
    public void onConnected() {}

    @Override
    public boolean updateServerList(
            Collection<InetSocketAddress> servers, InetSocketAddress current) {
        return false;
    }
}
