package io.tamada.agent;

import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Peer;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.port.PeerClient;
import io.tamada.ha.time.Deadline;
import io.tamada.rest.HttpPeerClient;
import io.tamada.rest.MemberRelay;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A peer client that a reload can replace, for the engine keeps the one it was given.
final class SwappablePeers implements PeerClient, MemberRelay {

    private volatile HttpPeerClient client;

    SwappablePeers(HttpPeerClient first) {
        client = first;
    }

    /// Uses another one from now on, and closes the old one.
    void use(HttpPeerClient next) {
        PeerClient old = client;
        client = next;
        old.close();
    }

    @Override
    public Map<MemberName, PeerAnswer> ask(Collection<Peer> peers, Deadline by)
            throws InterruptedException {
        return client.ask(peers, by);
    }

    @Override
    public Map<MemberName, Consent> failsafe(FailsafePing ping, Collection<Peer> peers, Deadline by)
            throws InterruptedException {
        return client.failsafe(ping, peers, by);
    }

    @Override
    public boolean isAlive(Peer peer, Deadline by) throws InterruptedException {
        return client.isAlive(peer, by);
    }

    @Override
    public Reply forward(Peer to, String method, String path, @Nullable String body, Deadline by)
            throws InterruptedException {
        return client.forward(to, method, path, body, by);
    }

    @Override
    public void close() {
        client.close();
    }
}
