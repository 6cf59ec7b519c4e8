package io.tamada.ha.time;

import java.time.Duration;

/// The moment, in a [TimeSource]'s elapsed time, by which a call has to come back.
///
/// @param source the clock it is measured on
/// @param atNanos the reading of that clock at which time is up
public record Deadline(TimeSource source, long atNanos) {

    public static Deadline after(TimeSource source, Duration duration) {
        return new Deadline(source, source.nanos() + duration.toNanos());
    }

    /// What is left; zero once it has passed.
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, atNanos - source.nanos()));
    }

    public boolean hasPassed() {
        return atNanos - source.nanos() <= 0;
    }

    /// The earlier of this and `duration` from now.
    public Deadline within(Duration duration) {
        return earlierOf(this, after(source, duration));
    }

    private static Deadline earlierOf(Deadline a, Deadline b) {
        return a.atNanos - b.atNanos <= 0 ? a : b;
    }
}
