package io.tamada.testkit;

import io.tamada.ha.dcs.WakeUps;
import java.time.Duration;

/// What lies between one client and the [InMemoryStore]: decides what becomes of each call.
///
/// Asked on the calling thread, once per call, before it is sent.
@FunctionalInterface
public interface StoreNetwork {

    /// What is asked of the store.
    enum Call {
        RANGE,
        PUT,
        REMOVE,
        OPEN_SESSION,
        RENEW_SESSION
    }

    /// What becomes of a call.
    sealed interface Fate {

        /// It takes its time in both directions. A request that takes longer than the caller waits
        /// is still carried out when it arrives, and the caller doesn't know.
        record Delivered(Duration there, Duration back) implements Fate {}

        /// The store never sees it; the caller waits until its deadline.
        record RequestLost() implements Fate {}

        /// The store does it; the caller waits until its deadline and doesn't know.
        record ReplyLost(Duration there) implements Fate {}
    }

    /// At once, both ways.
    Fate AT_ONCE = new Fate.Delivered(Duration.ZERO, Duration.ZERO);

    Fate fate(Call call);

    /// Whether a hint about a change reaches the client.
    default boolean delivers(WakeUps.Hint hint) {
        return true;
    }

    /// Loses nothing and takes no time.
    StoreNetwork PERFECT = _ -> AT_ONCE;
}
