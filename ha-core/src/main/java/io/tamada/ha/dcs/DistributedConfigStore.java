package io.tamada.ha.dcs;

import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.time.Deadline;
import java.util.Optional;

/// A configuration store, for one cluster (one scope).
///
/// All methods may be called from any thread, at the same time. Those that take a [Deadline] block
/// until the store answered or the deadline passed, never longer, and are interruptible: an
/// interrupted write counts as unknown. What the world does is a result; only a bug is thrown.
///
/// A store opens one session per process for its member entry and its leader key where it has such
/// a thing, with the `ttl` of the last [LeaseRequest], [LeaseRenewal] or [#keepSession]. When a
/// write or a renewal returned *refused* or the process ends, the keys of that session vanish at
/// the latest when its ttl has passed.
public interface DistributedConfigStore extends AutoCloseable {

    DcsCapabilities capabilities();

    /// Reads everything under our scope.
    ///
    /// Certain on return of [ReadResult.Seen]: the view contains every write that was applied
    /// before the call began.
    ReadResult read(Deadline by) throws InterruptedException;

    /// Writes a typed entry if the precondition holds.
    ///
    /// Certain on return: applied means that every later read shows it or a newer value; refused
    /// means it never takes effect. A [DcsEntry.Member] entry lives as long as this store's
    /// session.
    WriteResult write(DcsEntry entry, Precondition when, Deadline by) throws InterruptedException;

    /// Deletes a key if the precondition holds. Deleting what isn't there is applied.
    WriteResult delete(DcsKey key, Precondition when, Deadline by) throws InterruptedException;

    /// Takes the leader key. The lease counts, at the earliest, from when the call began.
    LeaseResult acquireLeader(LeaseRequest request, Deadline by) throws InterruptedException;

    /// Prolongs the lease, and checks that the leader key is still ours. The new time counts, at
    /// the earliest, from when the call began.
    LeaseResult renewLeader(LeaseRenewal renewal, Deadline by) throws InterruptedException;

    /// Gives the leader key back at once, if it is still ours. The member entry stays.
    WriteResult releaseLeader(LeaseGrant held, Deadline by) throws InterruptedException;

    /// Keeps this store's session alive without holding the leader key, opening one if there is
    /// none.
    ///
    /// @return applied with the session as revision; refused when the old session was lost (the
    ///   next call opens a new one, and the member entry must be written again)
    WriteResult keepSession(java.time.Duration ttl, Deadline by) throws InterruptedException;

    /// Deletes every key of the cluster.
    WriteResult deleteCluster(Deadline by) throws InterruptedException;

    /// The store's own servers, where they are the members' to look after; empty for a store that
    /// is run apart.
    default Optional<StoreServers> servers() {
        return Optional.empty();
    }

    /// Takes over what has changed in this store's section, as far as its provider calls it
    /// [StoreSetting#reloadable]: credentials, mostly. Returns at once; calls that are under way
    /// end as they began.
    ///
    /// @throws IllegalArgumentException for a value that won't do; everything stays as it was
    default void reload(ConfigDocument section) {}

    /// Asks for hints about changes, until the subscription is closed.
    Subscription watch(WakeUps wakeUps);

    /// Frees connections and threads. The session is left to expire, so that a restart of the agent
    /// within the ttl disturbs nobody.
    @Override
    void close();
}
