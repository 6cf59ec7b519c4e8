package io.tamada.agent;

import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Peer;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.port.PeerClient;
import io.tamada.ha.time.Deadline;
import java.util.Collection;
import java.util.Map;

/// A peer client that a reload can replace, for the engine keeps the one it was given.
final class SwappablePeers implements PeerClient {

    private volatile PeerClient client;

    SwappablePeers(PeerClient first) {
        client = first;
    }

    /// Uses another one from now on, and closes the old one.
    void use(PeerClient next) {
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
    public void close() {
        client.close();
    }
}
