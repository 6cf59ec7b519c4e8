package io.tamada.ha.runtime;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Tells the others about this member, and keeps its session with the store alive.
///
/// What changed in kind is written at once; what merely advanced, like a WAL position, once per
/// `loop_wait`.
final class MemberPublisher {

    private final DistributedConfigStore store;
    private final TimeSource time;

    private @Nullable MemberStatus published;
    private long publishedAt;
    private long keptAt;

    MemberPublisher(DistributedConfigStore store, TimeSource time) {
        this.store = store;
        this.time = time;
    }

    /// @param view what the store showed in this turn
    /// @param now what there is to tell
    /// @param leads renewals of the lease keep the session already
    void publish(
            ClusterView view,
            MemberStatus now,
            boolean leads,
            Duration ttl,
            Duration loopWait,
            Deadline by)
            throws InterruptedException {
        boolean missing = view.member(now.name()) == null;
        if (missing || published == null || !sameKind(published, now) || isDue(now, loopWait)) {
            write(now, ttl, by);
        } else if (!leads && time.nanos() - keptAt >= third(ttl, loopWait).toNanos()) {
            keep(now, ttl, by);
        }
    }

    private static Duration third(Duration ttl, Duration loopWait) {
        Duration third = ttl.dividedBy(3);
        return third.compareTo(loopWait) < 0 ? third : loopWait;
    }

    private boolean isDue(MemberStatus now, Duration loopWait) {
        return time.nanos() - publishedAt >= loopWait.minusMillis(100).toNanos()
                && !now.equals(published);
    }

    private static boolean sameKind(MemberStatus a, MemberStatus b) {
        return withoutPositions(a).equals(withoutPositions(b));
    }

    private static MemberStatus withoutPositions(MemberStatus status) {
        return status.toBuilder().position(null).received(null).replayed(null).build();
    }

    private void write(MemberStatus now, Duration ttl, Deadline by) throws InterruptedException {
        long at = time.nanos();
        if (store.keepSession(ttl, by) instanceof WriteResult.Unknown) {
            return;
        }
        keptAt = at;
        boolean applied =
                store.write(new DcsEntry.Member(now), Precondition.whatever(), by).isApplied();
        published = applied ? now : null;
        publishedAt = at;
    }

    private void keep(MemberStatus now, Duration ttl, Deadline by) throws InterruptedException {
        long at = time.nanos();
        switch (store.keepSession(ttl, by)) {
            case WriteResult.Applied _ -> keptAt = at;
            case WriteResult.Refused _ -> write(now, ttl, by);
            case WriteResult.Unknown _ -> {
                // Tried again in the next turn.
            }
        }
    }
}
