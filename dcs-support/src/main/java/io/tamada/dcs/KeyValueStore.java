package io.tamada.dcs;

import io.tamada.ha.dcs.DcsCapabilities;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.StoreServers;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.dcs.WakeUps;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Revision;
import io.tamada.ha.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The little that a key-value store has to be able to do to carry a cluster. [KeyValueDcs] does
/// the rest.
///
/// Keys are relative to the cluster's base path (`leader`, `members/a`; see [KeyPaths]), values are
/// text. Every call comes back by its deadline and has three outcomes; *refused* and *unknown* are
/// never confused. May be called from any thread, and is interruptible: what was interrupted is
/// unknown to its caller. Nothing is sent again once the deadline has passed, and nothing that was
/// sent is sent again unless it is certain that it had no effect, or its precondition makes the
/// second time harmless.
public interface KeyValueStore extends AutoCloseable {

    DcsCapabilities capabilities();

    /// Reads all keys of the cluster, with every write that was applied before the call began.
    Range range(Deadline by) throws InterruptedException;

    /// Writes a key if the precondition holds. In the same atomic step the key passes to the
    /// session that is given, from whichever it belonged to: there is no moment in which it is
    /// free.
    ///
    /// @param session the key vanishes with this session; null for a key that stays. A session that
    ///   doesn't exist any more makes the write refused with [#SESSION_LOST].
    WriteResult put(
            String key, String value, Precondition when, @Nullable Session session, Deadline by)
            throws InterruptedException;

    /// Deletes a key if the precondition holds. What isn't there counts as deleted, whatever the
    /// precondition.
    WriteResult remove(String key, Precondition when, Deadline by) throws InterruptedException;

    /// Deletes a key if it belongs to this session. Refused when it is somebody else's or gone.
    WriteResult removeOwned(String key, Session session, Deadline by) throws InterruptedException;

    /// Deletes every key of the cluster.
    WriteResult removeAll(Deadline by) throws InterruptedException;

    /// Opens a session that lives for `ttl` without renewal, or for as much longer as the store's
    /// own rules make it. It counts, at the earliest, from when the call began.
    ///
    /// @return [SessionResult.Granted], or [SessionResult.Lost] with the reason when the store
    ///   answered no
    SessionResult openSession(Duration ttl, Deadline by) throws InterruptedException;

    /// Prolongs a session and, where `ownedKey` is given, makes sure that the key still belongs to
    /// it: one atomic step where the store can do that, else the check comes last. The new time
    /// counts, at the earliest, from when the call began.
    ///
    /// @return [SessionResult.NotOwner] when the session lives, but the key is somebody else's or
    ///   gone
    SessionResult renewSession(Session session, @Nullable String ownedKey, Deadline by)
            throws InterruptedException;

    /// See [io.tamada.ha.dcs.DistributedConfigStore#reload].
    default void reload(ConfigDocument section) {}

    /// See [io.tamada.ha.dcs.DistributedConfigStore#servers].
    default Optional<StoreServers> servers() {
        return Optional.empty();
    }

    /// Tells of changes below the base path, until closed; [KeyPaths#hint] says which hint a key
    /// gives.
    Subscription watch(WakeUps wakeUps);

    /// Frees connections and threads. Sessions are left to expire; what is called afterwards is
    /// answered with unknown.
    @Override
    void close();

    /// The reason of a refused write whose session is gone.
    String SESSION_LOST = "session lost";

    /// @param id the store's token
    /// @param ttl as granted
    record Session(String id, Duration ttl) {}

    /// A key as read.
    ///
    /// @param session the session it belongs to; null for none
    record Entry(String key, String value, Revision revision, @Nullable String session) {}

    sealed interface Range {
        record Seen(List<Entry> entries) implements Range {
            public Seen {
                entries = List.copyOf(entries);
            }
        }

        record Unknown(String problem) implements Range {}
    }

    sealed interface SessionResult {
        record Granted(Session session) implements SessionResult {}

        /// The store answered: the session is gone.
        record Lost(String reason) implements SessionResult {}

        /// The session lives, but the key is not its own (any more).
        record NotOwner(Session session, String reason) implements SessionResult {}

        record Unknown(String problem) implements SessionResult {}
    }
}
