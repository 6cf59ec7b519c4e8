package io.tamada.ha.time;

import java.time.Instant;

/// Where the engine reads time. Two kinds that are never mixed.
public interface TimeSource {

    /// Elapsed nanoseconds since an arbitrary moment of this machine's run.
    ///
    /// Monotonic, and counts the time the machine was suspended. Not for people, not comparable
    /// between machines.
    long nanos();

    /// Wall time, for schedules and for people. May jump in either direction; never used for a
    /// lease or a timeout.
    Instant wall();
}
