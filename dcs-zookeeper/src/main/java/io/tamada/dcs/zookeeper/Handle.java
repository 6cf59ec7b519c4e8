package io.tamada.dcs.zookeeper;

import java.io.IOException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.HostProvider;
import org.apache.zookeeper.client.ZKClientConfig;

/// The library's handle, closed without ending its session: keys that live in one are left to
/// expire, and a server that is silent holds nobody up.
final class Handle extends ZooKeeper {

    private static final byte[] NO_PASSWORD = new byte[16];

    /// One that looks for a server among several, again and again.
    Handle(String hosts, int timeoutMillis, Watcher watcher, ZKClientConfig config)
            throws IOException {
        super(hosts, timeoutMillis, watcher, config);
    }

    /// One of a given session; 0 for a new one.
    Handle(
            HostProvider host,
            int timeoutMillis,
            Watcher watcher,
            long session,
            byte[] password,
            ZKClientConfig config)
            throws IOException {
        super(
                "localhost",
                timeoutMillis,
                watcher,
                session,
                session == 0 ? NO_PASSWORD : password,
                false,
                host,
                config);
    }

    /// Lets go of the connection at once; its threads end soon after. Waits for no lock, since
    /// [#endSession] holds it while it waits for a server.
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public void close() {
        Thread.ofVirtual().name("zookeeper-close").start(cnxn::disconnect);
    }

    @Override
    public boolean close(int waitMillis) {
        close();
        return true;
    }

    /// Ends the session and with it its keys.
    void endSession() {
        Thread.ofVirtual()
                .name("zookeeper-end")
                .start(() -> {
                    try {
                        super.close();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                });
    }
}
