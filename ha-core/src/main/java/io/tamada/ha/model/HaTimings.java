package io.tamada.ha.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The three timings that everything else is measured by.
///
/// @param ttl how long the leader lease lives without renewal
/// @param loopWait the longest pause between two looks at the world
/// @param retryTimeout the deadline of one operation on the store or on PostgreSQL
public record HaTimings(Duration ttl, Duration loopWait, Duration retryTimeout) {

    public static final HaTimings DEFAULT =
            new HaTimings(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(10));

    /// The shortest legal `ttl`, in seconds.
    public static final int TTL_MIN = 3;

    public HaTimings {
        if (loopWait.plus(retryTimeout.multipliedBy(2)).compareTo(ttl) > 0) {
            throw new IllegalArgumentException(
                    "timings: loop_wait + 2 * retry_timeout must not exceed ttl, but "
                            + loopWait.toSeconds()
                            + " + 2 * "
                            + retryTimeout.toSeconds()
                            + " > "
                            + ttl.toSeconds());
        }
    }

    /// Timings that hold, from numbers that may not, with a sentence for each that was changed.
    ///
    /// Source: the timing rule that Patroni members apply; they raise `ttl` to 20 and
    /// `retry_timeout` to 3, here 3 and, below a `ttl` of 20, 1 are legal.
    public static Adjusted adjusted(long ttl, long loopWait, long retryTimeout) {
        List<String> notes = new ArrayList<>();
        long t = raised("ttl", ttl, TTL_MIN, notes);
        long wait = raised("loop_wait", loopWait, 1, notes);
        long retry = raised("retry_timeout", retryTimeout, t < 20 ? 1 : 3, notes);
        if (1 + 2 * retry > t) {
            notes.add(
                    "loop_wait="
                            + wait
                            + " and retry_timeout="
                            + retry
                            + " don't fit into ttl="
                            + t
                            + ": using 1 and "
                            + (t - 1) / 2);
            wait = 1;
            retry = (t - 1) / 2;
        } else if (wait + 2 * retry > t) {
            notes.add(
                    "loop_wait="
                            + wait
                            + " doesn't fit into ttl="
                            + t
                            + " with retry_timeout="
                            + retry
                            + ": using "
                            + (t - 2 * retry));
            wait = t - 2 * retry;
        }
        return new Adjusted(
                new HaTimings(
                        Duration.ofSeconds(t), Duration.ofSeconds(wait), Duration.ofSeconds(retry)),
                notes);
    }

    private static long raised(String name, long value, long min, List<String> notes) {
        if (value < min) {
            notes.add(name + "=" + value + " is below the minimum: using " + min);
            return min;
        }
        return value;
    }

    /// @param notes what had to be changed; empty when nothing
    public record Adjusted(HaTimings timings, List<String> notes) {
        public Adjusted {
            notes = List.copyOf(notes);
        }
    }
}
