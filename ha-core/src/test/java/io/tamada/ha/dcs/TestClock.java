package io.tamada.ha.dcs;

import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/// A clock that stands until it is moved.
final class TestClock implements TimeSource {

    private long nanos = 1_000_000_000L;

    void advance(Duration by) {
        nanos += by.toNanos();
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant wall() {
        return Instant.EPOCH.plusNanos(nanos);
    }
}
