package io.tamada.ha.policy;

import io.tamada.ha.model.ClusterView;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A synchronous standby that is about to stop asks to be relieved first, so that no commit waits
/// for it.
final class SyncDuty {

    private static final Duration SOON = Duration.ofMillis(200);

    private SyncDuty() {}

    /// @return null when it may go
    static @Nullable Decision giveBack(Deliberation d, ClusterView view) {
        boolean onDuty =
                Candidates.syncActive(d, view)
                        && !view.sync().value().isLeader(d.me())
                        && view.sync().value().lists(d.me())
                        && !view.isLeaderless();
        if (!onDuty) {
            return null;
        }
        if (d.memory.syncDutyReleasedAtNanos == null) {
            d.memory.syncDutyReleasedAtNanos = d.seen.now();
        }
        if (d.longAgo(d.memory.syncDutyReleasedAtNanos, d.loopWait().multipliedBy(2))) {
            d.because(
                    "still a synchronous standby after "
                            + d.loopWait().multipliedBy(2).toSeconds()
                            + " s");
            return null;
        }
        return d.holdFor(SOON, Rule.GIVES_BACK_SYNC_DUTY);
    }
}
