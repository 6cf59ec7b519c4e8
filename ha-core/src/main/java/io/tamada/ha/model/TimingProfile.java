package io.tamada.ha.model;

import java.util.Locale;
import java.util.Optional;

/// Timings that go together, chosen by a word: what `ttl`, `loop_wait` and `retry_timeout` are when
/// they aren't given themselves.
public enum TimingProfile {
    /// Patroni's.
    DEFAULT(30, 10, 10),
    /// Members and store in one place, with a network that answers within milliseconds.
    FAST(5, 1, 2),
    /// Members far apart: an answer may take seconds and doesn't cost the primary its role.
    WAN(60, 10, 20);

    private final int ttl;
    private final int loopWait;
    private final int retryTimeout;

    TimingProfile(int ttl, int loopWait, int retryTimeout) {
        this.ttl = ttl;
        this.loopWait = loopWait;
        this.retryTimeout = retryTimeout;
    }

    /// The profile of a word in lower or upper case; empty when there is none.
    public static Optional<TimingProfile> named(String word) {
        for (TimingProfile profile : values()) {
            if (profile.word().equals(word.toLowerCase(Locale.ROOT))) {
                return Optional.of(profile);
            }
        }
        return Optional.empty();
    }

    /// As it is written in a configuration.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// In seconds.
    public int ttl() {
        return ttl;
    }

    /// In seconds.
    public int loopWait() {
        return loopWait;
    }

    /// In seconds.
    public int retryTimeout() {
        return retryTimeout;
    }
}
