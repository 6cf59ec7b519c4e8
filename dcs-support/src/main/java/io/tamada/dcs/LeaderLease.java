package io.tamada.dcs;

import io.tamada.dcs.KeyValueStore.Entry;
import io.tamada.dcs.KeyValueStore.Range;
import io.tamada.dcs.KeyValueStore.Session;
import io.tamada.dcs.KeyValueStore.SessionResult;
import io.tamada.ha.dcs.DcsKey;
import io.tamada.ha.dcs.LeaseGrant;
import io.tamada.ha.dcs.LeaseRenewal;
import io.tamada.ha.dcs.LeaseRequest;
import io.tamada.ha.dcs.LeaseResult;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Revision;
import io.tamada.ha.time.Deadline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The leader key: taken, renewed and given back.
///
/// Whatever is granted rests on a session that was opened or renewed within the same call, so that
/// its time may be counted from the call's beginning.
final class LeaderLease {

    private static final String KEY = KeyPaths.key(DcsKey.LEADER);

    /// A session found lost is replaced once within a call; twice would be a store that can't keep
    /// any.
    private static final int ATTEMPTS_MAX = 2;

    private final KeyValueStore store;
    private final Sessions sessions;
    private final OwnMember own;
    private volatile @Nullable String boundTo;

    LeaderLease(KeyValueStore store, Sessions sessions, OwnMember own) {
        this.store = store;
        this.sessions = sessions;
        this.own = own;
    }

    /// True while the key is believed to belong to this session, which must not be replaced on the
    /// side then.
    boolean isBoundTo(Session session) {
        return session.id().equals(boundTo);
    }

    LeaseResult acquire(LeaseRequest request, Deadline by) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            SessionResult fresh = sessions.fresh(request.ttl(), by);
            if (!(fresh instanceof SessionResult.Granted(Session session))) {
                return failed(fresh);
            }
            Precondition when =
                    switch (request.mode()) {
                        case IF_FREE -> Precondition.absent();
                        case TAKE -> asItIs(by);
                    };
            if (when == null) {
                return new LeaseResult.Unknown("the leader key can't be read");
            }
            WriteResult put = store.put(KEY, request.holder().value(), when, session, by);
            if (isSessionLost(put)) {
                sessions.forget(session);
                if (attempt < ATTEMPTS_MAX) {
                    continue;
                }
            } else if (put instanceof WriteResult.Refused
                    && request.mode() == LeaseRequest.Mode.IF_FREE) {
                return remembered(reclaim(request.holder(), session, null, by), by);
            }
            return remembered(result(put, request.holder(), session), by);
        }
    }

    /// What to demand of the key in order to overwrite it as it is now; null when that can't be
    /// told. Overwriting without any condition could hit another holder, long after the call, when
    /// the request is slow.
    private @Nullable Precondition asItIs(Deadline by) throws InterruptedException {
        return switch (store.range(by)) {
            case Range.Unknown _ -> null;
            case Range.Seen(List<Entry> entries) -> {
                Entry key = leader(entries);
                yield key == null ? Precondition.absent() : Precondition.at(key.revision());
            }
        };
    }

    private static @Nullable Entry leader(List<Entry> entries) {
        return entries.stream().filter(e -> e.key().equals(KEY)).findFirst().orElse(null);
    }

    /// The key is there. It may be ours: by an earlier call whose answer was lost, or by an earlier
    /// process of ours.
    ///
    /// The key of an earlier process is replaced at once, guarded by its revision, so that a
    /// restarted agent needn't wait for its own lease to run out. That takes it from nobody: names
    /// are unique, an agent makes sure at its start that no other one of its name lives, and both
    /// processes manage the same server.
    ///
    /// @param expected the only other session the key may belong to; null for any
    private LeaseResult reclaim(
            MemberName self, Session session, @Nullable String expected, Deadline by)
            throws InterruptedException {
        return switch (store.range(by)) {
            case Range.Unknown(String problem) -> new LeaseResult.Unknown(problem);
            case Range.Seen(List<Entry> entries) -> {
                Entry key = leader(entries);
                if (key == null) {
                    yield new LeaseResult.Refused("the leader key was somebody's, and is gone");
                }
                if (!key.value().equals(self.value())) {
                    yield new LeaseResult.Refused("the leader key is held by " + key.value());
                }
                if (session.id().equals(key.session())) {
                    yield granted(self, key.revision(), session);
                }
                if (expected != null && !expected.equals(key.session())) {
                    yield new LeaseResult.Refused(
                            "the leader key belongs to another session of " + self);
                }
                yield result(
                        store.put(KEY, self.value(), Precondition.at(key.revision()), session, by),
                        self,
                        session);
            }
        };
    }

    LeaseResult renew(LeaseRenewal renewal, Deadline by) throws InterruptedException {
        LeaseGrant held = renewal.held();
        Session session = sessions.current();
        if (session == null) {
            return remembered(new LeaseResult.Refused("the session of the lease is gone"), by);
        }
        if (!session.id().equals(held.session())) {
            return remembered(rebound(renewal, by), by);
        }
        LeaseResult prolonged = prolonged(held, session, by);
        if (prolonged instanceof LeaseResult.Granted && !sessions.serves(renewal.ttl())) {
            return remembered(moved(renewal, prolonged, by), by);
        }
        return remembered(prolonged, by);
    }

    private LeaseResult prolonged(LeaseGrant held, Session session, Deadline by)
            throws InterruptedException {
        return switch (store.renewSession(session, KEY, by)) {
            case SessionResult.Granted(Session now) -> granted(held.holder(), held.revision(), now);
            case SessionResult.NotOwner(_, String reason) -> new LeaseResult.Refused(reason);
            case SessionResult.Unknown(String problem) -> new LeaseResult.Unknown(problem);
            case SessionResult.Lost(String reason) -> {
                sessions.forget(session);
                yield new LeaseResult.Refused(reason);
            }
        };
    }

    /// Another ttl: a new session, to which the key passes in one step. A store that opens none
    /// leaves the lease with the time it has.
    private LeaseResult moved(LeaseRenewal renewal, LeaseResult prolonged, Deadline by)
            throws InterruptedException {
        LeaseGrant held = renewal.held();
        if (!(sessions.fresh(renewal.ttl(), by) instanceof SessionResult.Granted(Session next))) {
            return prolonged;
        }
        WriteResult put =
                store.put(KEY, held.holder().value(), Precondition.at(held.revision()), next, by);
        // A refusal may be about a revision that an unanswered move of ours changed: the key itself
        // tells.
        return put instanceof WriteResult.Refused && !isSessionLost(put)
                ? reclaim(held.holder(), next, held.session(), by)
                : moveResult(put, held, next);
    }

    /// The session was replaced, but it isn't known that the key passed over to the new one.
    private LeaseResult rebound(LeaseRenewal renewal, Deadline by) throws InterruptedException {
        LeaseGrant held = renewal.held();
        SessionResult fresh = sessions.fresh(renewal.ttl(), by);
        if (!(fresh instanceof SessionResult.Granted(Session session))) {
            return failed(fresh);
        }
        return reclaim(held.holder(), session, held.session(), by);
    }

    private LeaseResult moveResult(WriteResult put, LeaseGrant held, Session next) {
        if (isSessionLost(put)) {
            sessions.forget(next);
            return new LeaseResult.Unknown(
                    "the new session was lost before the leader key passed over to it");
        }
        return result(put, held.holder(), next);
    }

    /// Gives the key back. When it isn't known what came of it, the request may still arrive: then
    /// the session is given up as well, so that it can't hit a key that is granted to us again.
    WriteResult release(LeaseGrant held, Deadline by) throws InterruptedException {
        boundTo = null;
        WriteResult result = new WriteResult.Unknown("interrupted");
        try {
            result = released(held, by);
        } finally {
            if (result instanceof WriteResult.Unknown) {
                sessions.giveUp();
            }
        }
        return result;
    }

    private WriteResult released(LeaseGrant held, Deadline by) throws InterruptedException {
        WriteResult result = store.removeOwned(KEY, new Session(held.session(), held.ttl()), by);
        Session current = sessions.current();
        if (result instanceof WriteResult.Refused
                && current != null
                && !current.id().equals(held.session())) {
            return store.removeOwned(KEY, current, by);
        }
        return result;
    }

    private LeaseResult remembered(LeaseResult result, Deadline by) throws InterruptedException {
        switch (result) {
            case LeaseResult.Granted(LeaseGrant grant) -> {
                boundTo = grant.session();
                Session session = sessions.current();
                if (session != null && session.id().equals(grant.session())) {
                    // If it can't pass over now, the next write or [KeyValueDcs#keepSession] will
                    // see to it.
                    own.settle(session, by);
                }
            }
            case LeaseResult.Refused _ -> boundTo = null;
            case LeaseResult.Unknown _ -> {
                // What was believed is still the best guess.
            }
        }
        return result;
    }

    private static LeaseResult failed(SessionResult result) {
        return switch (result) {
            case SessionResult.Granted _, SessionResult.NotOwner _ ->
                    throw new IllegalStateException("not a failure: " + result);
            case SessionResult.Lost(String reason) -> new LeaseResult.Refused(reason);
            case SessionResult.Unknown(String problem) -> new LeaseResult.Unknown(problem);
        };
    }

    private static LeaseResult result(WriteResult put, MemberName holder, Session session) {
        return switch (put) {
            case WriteResult.Applied(Revision revision) -> granted(holder, revision, session);
            case WriteResult.Refused(String reason) -> new LeaseResult.Refused(reason);
            case WriteResult.Unknown(String problem) -> new LeaseResult.Unknown(problem);
        };
    }

    private static LeaseResult granted(MemberName holder, Revision revision, Session session) {
        return new LeaseResult.Granted(
                new LeaseGrant(holder, revision, session.id(), session.ttl()));
    }

    static boolean isSessionLost(WriteResult result) {
        return result instanceof WriteResult.Refused(String reason)
                && reason.equals(KeyValueStore.SESSION_LOST);
    }
}
