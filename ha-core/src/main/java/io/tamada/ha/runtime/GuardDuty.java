package io.tamada.ha.runtime;

import io.tamada.ha.policy.Memory;
import io.tamada.ha.policy.Observation;
import io.tamada.ha.policy.TaskView;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.Watchdog;

/// Tells the watchdog what follows from what is seen, whatever is decided: when there is nothing
/// left to guard, and how long the others' consent lasts.
final class GuardDuty {

    private final Watchdog watchdog;
    private long consentUntilNanos;

    GuardDuty(Watchdog watchdog) {
        this.watchdog = watchdog;
    }

    /// Nothing is guarded in pause, and nothing once the server is not writable and nobody is
    /// entitled to make it so. The next server that starts here is then a standby, which is left
    /// alone.
    void standDown(Observation seen) {
        boolean harmless =
                seen.lease() == null
                        && !seen.postgres().mayAcceptWrites()
                        && !mayBecomeWritable(seen.task());
        if (harmless || seen.settings().paused()) {
            watchdog.disable();
        }
    }

    private static boolean mayBecomeWritable(TaskView view) {
        return view instanceof TaskView.Running(PostgresTask task, _, _)
                && !(task instanceof PostgresTask.StartStandby);
    }

    /// A primary that goes on without the store leads as long as the others consent.
    void consented(Memory memory) {
        long until = memory.consentUntilNanos();
        if (until != consentUntilNanos && until != 0) {
            watchdog.keepAlive(until);
        }
        consentUntilNanos = until;
    }
}
