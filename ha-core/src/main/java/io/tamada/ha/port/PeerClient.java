package io.tamada.ha.port;

import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Peer;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.time.Deadline;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Asks other members over their REST API, all at the same time.
public interface PeerClient extends AutoCloseable {

    /// Where do you stand? One answer per peer, by the deadline.
    Map<MemberName, PeerAnswer> ask(Collection<Peer> peers, Deadline by)
            throws InterruptedException;

    /// The store is silent: may I stay primary?
    Map<MemberName, Consent> failsafe(FailsafePing ping, Collection<Peer> peers, Deadline by)
            throws InterruptedException;

    /// Does anybody answer there? Any HTTP answer, whatever its status, counts.
    boolean isAlive(Peer peer, Deadline by) throws InterruptedException;

    /// What a primary says to the others while the store is silent.
    record FailsafePing(MemberName name, String connUrl, String apiUrl, Map<String, Lsn> slots) {
        public FailsafePing {
            slots = Map.copyOf(slots);
        }
    }

    sealed interface Consent {
        /// @param position the peer's WAL position; null when it doesn't say
        record Accepted(@Nullable Lsn position) implements Consent {}

        record Denied(String reason) implements Consent {}
    }

    @Override
    void close();
}
