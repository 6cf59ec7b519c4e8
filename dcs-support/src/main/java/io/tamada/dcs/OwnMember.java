package io.tamada.dcs;

import io.tamada.dcs.KeyValueStore.Session;
import io.tamada.dcs.KeyValueStore.SessionResult;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.Revision;
import io.tamada.ha.time.Deadline;
import org.jspecify.annotations.Nullable;

/// Our own member entry, and which session it lives in.
final class OwnMember {

    /// What was last written.
    private record Written(String key, String text, Revision revision, Session session) {}

    private static final int ATTEMPTS_MAX = 2;

    private final KeyValueStore store;
    private final Sessions sessions;
    private volatile @Nullable Written written;

    OwnMember(KeyValueStore store, Sessions sessions) {
        this.store = store;
        this.sessions = sessions;
    }

    /// Writes the entry into the present session. A session found lost is replaced once.
    WriteResult write(String key, String text, Precondition when, Deadline by)
            throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Session session;
            switch (sessions.any(by)) {
                case SessionResult.Granted(Session found) -> session = found;
                case SessionResult.NotOwner(Session found, _) -> session = found;
                case SessionResult.Lost(String reason) -> {
                    return new WriteResult.Refused(reason);
                }
                case SessionResult.Unknown(String problem) -> {
                    return new WriteResult.Unknown(problem);
                }
            }
            WriteResult result = store.put(key, text, when, session, by);
            if (result instanceof WriteResult.Applied(Revision revision)) {
                written = new Written(key, text, revision, session);
            }
            if (!LeaderLease.isSessionLost(result)) {
                return result;
            }
            sessions.forget(session);
            if (attempt == ATTEMPTS_MAX) {
                return result;
            }
        }
    }

    /// The entry was deleted on purpose.
    void withdrawn() {
        written = null;
    }

    /// Makes sure that the entry, if one was written, lives in this session. It passes over only
    /// while it is just as it was written, so that no newer one is ever undone.
    ///
    /// @return false when the entry has to be written again
    boolean settle(Session session, Deadline by) throws InterruptedException {
        Written last = written;
        if (last == null || last.session().id().equals(session.id())) {
            return true;
        }
        WriteResult put =
                store.put(last.key(), last.text(), Precondition.at(last.revision()), session, by);
        if (put instanceof WriteResult.Applied(Revision revision)) {
            passedOver(last, new Written(last.key(), last.text(), revision, session));
            return true;
        }
        return false;
    }

    private synchronized void passedOver(Written from, Written to) {
        if (from.equals(written)) {
            written = to;
        }
    }
}
