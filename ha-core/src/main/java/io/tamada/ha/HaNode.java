package io.tamada.ha;

import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.port.Mailbox.WakeReason;
import io.tamada.ha.port.PeerClient;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A running member, as REST and embedders see it. [HaAgent] is the real one.
///
/// Nothing here waits for the engine: reads come from a published snapshot, requests are handed
/// over.
public interface HaNode {

    /// The snapshot of the last turn.
    HaStatus status();

    /// A snapshot of a turn that began after this call, for a peer that is about to compare
    /// positions. Wakes the engine and waits for it, but no longer than `atMost`: then the last
    /// snapshot has to do.
    HaStatus freshStatus(Duration atMost) throws InterruptedException;

    /// Hands a request to the engine; the stage completes when it is done or refused.
    CompletionStage<OperatorRequest.Outcome> request(OperatorRequest request);

    /// A primary without a store asks whether it may go on. Answers at once.
    FailsafeReply failsafe(PeerClient.FailsafePing ping);

    /// Asks the engine to look at the world now, for instance after something was written to the
    /// store.
    void wake(WakeReason reason);

    /// The newest journal entries, oldest first.
    List<JournalEntry> journal(int most);

    /// The newest decisions with all that they were made from, oldest first. Fewer are kept than
    /// journal entries.
    default List<RecordedDecision> recorded(int most) {
        return List.of();
    }

    /// Tells a listener of events until the subscription is closed.
    Subscription listen(HaListener listener);

    /// The cluster's store, for commands that concern the whole cluster.
    DistributedConfigStore store();

    /// How to ask the other members.
    PeerClient peers();

    TimeSource time();

    /// Answer to a primary's question.
    sealed interface FailsafeReply {

        /// @param position our WAL position; null when unknown
        record Accepted(@Nullable Lsn position) implements FailsafeReply {}

        /// Failsafe mode is off.
        record Off() implements FailsafeReply {}

        /// We run as a primary ourselves.
        record Leading() implements FailsafeReply {}
    }
}
