package io.tamada.ha.dcs;

/// Receives hints that something may have changed.
///
/// Called from the backend's threads; must return at once and never throw. A hint carries no state:
/// it may be spurious, doubled, late or lost.
@FunctionalInterface
public interface WakeUps {

    enum Hint {
        LEADER,
        CONFIG,
        FAILOVER,
        SYNC,
        MEMBERS,
        STATUS,
        /// The connection to the store was lost or came back.
        CONNECTION,
        OTHER
    }

    void wake(Hint hint);
}
