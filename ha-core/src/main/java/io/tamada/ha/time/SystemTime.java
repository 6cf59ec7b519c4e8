package io.tamada.ha.time;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The machine's clocks: `CLOCK_BOOTTIME` where native access is granted, else `System.nanoTime`.
///
/// `System.nanoTime` stands still while the machine is suspended, so a leader that wakes up would
/// believe in a lease that the store gave away long ago; boot time goes on counting.
public final class SystemTime implements TimeSource {

    private static final int CLOCK_BOOTTIME = 7;
    private static final @Nullable MethodHandle CLOCK_GETTIME = link();

    /// A reader of this machine's clocks; all instances agree.
    public SystemTime() {}

    @SuppressWarnings("restricted")
    private static @Nullable MethodHandle link() {
        try {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().find("clock_gettime").orElseThrow(),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS),
                    Linker.Option.critical(true));
        } catch (RuntimeException | Error e) {
            return null;
        }
    }

    /// True when suspended time is counted.
    public static boolean countsSuspend() {
        return CLOCK_GETTIME != null;
    }

    @Override
    public long nanos() {
        MethodHandle clock = CLOCK_GETTIME;
        if (clock == null) {
            return System.nanoTime();
        }
        // A timespec on the heap: seconds and nanoseconds, each as wide as a long on 64-bit
        // machines.
        long[] spec = new long[2];
        try {
            int failed = (int) clock.invokeExact(CLOCK_BOOTTIME, MemorySegment.ofArray(spec));
            if (failed != 0) {
                throw new IllegalStateException("clock_gettime(CLOCK_BOOTTIME) failed");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        return spec[0] * 1_000_000_000L + spec[1];
    }

    @Override
    public Instant wall() {
        return Instant.now();
    }
}
