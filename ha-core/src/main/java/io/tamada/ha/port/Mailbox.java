package io.tamada.ha.port;

import java.util.Set;

/// Where wake-ups arrive. They carry no state: the world is looked at anew.
public interface Mailbox {

    /// Wakes the loop; never blocks, may be called from any thread. Wake-ups of one kind merge.
    void post(WakeReason reason);

    /// Waits until something arrived or the elapsed clock reads `untilNanos`.
    ///
    /// @return why it woke; empty when time was up
    Set<WakeReason> await(long untilNanos) throws InterruptedException;

    /// Why the loop is woken: for the log only.
    enum WakeReason {
        STORE_CHANGED,
        POSTGRES_CHANGED,
        TASK_ENDED,
        REQUEST,
        RELOAD,
        LEASE,
        FAILSAFE,
        SHUTDOWN
    }
}
