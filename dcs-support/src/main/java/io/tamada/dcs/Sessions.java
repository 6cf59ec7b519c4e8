package io.tamada.dcs;

import io.tamada.dcs.KeyValueStore.Session;
import io.tamada.dcs.KeyValueStore.SessionResult;
import io.tamada.ha.time.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// The one session of a process: opened when first needed, opened anew after it was lost or when
/// another ttl is asked for. One lock keeps two callers from opening two; renewals never wait for
/// it.
final class Sessions {

    /// @param wanted the ttl that was asked for, which may be less than what was granted
    private record Open(Session session, Duration wanted) {}

    private final KeyValueStore store;
    private final Lock opening;
    private final AtomicReference<@Nullable Open> open = new AtomicReference<>();
    private volatile Duration ttl;

    Sessions(KeyValueStore store, Lock opening, Duration ttl) {
        this.store = store;
        this.opening = opening;
        this.ttl = ttl;
    }

    /// The session, if one was opened and nobody said that it is gone.
    @Nullable Session current() {
        Open now = open.get();
        return now == null ? null : now.session();
    }

    /// True when there is a session and it was opened for this ttl.
    boolean serves(Duration wanted) {
        Open now = open.get();
        return now != null && now.wanted().equals(wanted);
    }

    /// The store said that this session is gone.
    void forget(Session lost) {
        Open now = open.get();
        if (now != null && now.session().equals(lost)) {
            open.compareAndSet(now, null);
        }
    }

    /// Leaves the session to run out; the next call opens another.
    void giveUp() {
        open.set(null);
    }

    /// The session as it is, or a new one.
    SessionResult any(Deadline by) throws InterruptedException {
        Session now = current();
        return now == null ? opened(ttl, by) : new SessionResult.Granted(now);
    }

    /// A session of this ttl whose time counts from this call: the present one renewed, or a new
    /// one.
    SessionResult fresh(Duration wanted, Deadline by) throws InterruptedException {
        ttl = wanted;
        Session now = current();
        if (now == null || !serves(wanted)) {
            return opened(wanted, by);
        }
        SessionResult renewed = store.renewSession(now, null, by);
        if (renewed instanceof SessionResult.Lost) {
            forget(now);
            return opened(wanted, by);
        }
        return renewed;
    }

    /// Opens a session, unless another call did so meanwhile: then that one, renewed.
    private SessionResult opened(Duration wanted, Deadline by) throws InterruptedException {
        if (!opening.tryLock(by.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
            return new SessionResult.Unknown("another call is still opening the session");
        }
        try {
            Session now = current();
            if (now != null && serves(wanted)) {
                return store.renewSession(now, null, by);
            }
            SessionResult result = store.openSession(wanted, by);
            if (result instanceof SessionResult.Granted(Session session)) {
                open.set(new Open(session, wanted));
                ttl = wanted;
            }
            return result;
        } finally {
            opening.unlock();
        }
    }
}
