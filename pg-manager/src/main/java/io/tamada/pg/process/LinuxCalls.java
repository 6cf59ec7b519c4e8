package io.tamada.pg.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The few system calls that Java doesn't have: file descriptors that stand for processes.
///
/// A pidfd never means another process than the one it was opened for, and becomes readable the
/// moment that one exits, whoever its parent is.
final class LinuxCalls {

    private static final long PIDFD_SEND_SIGNAL = 424;
    private static final long PIDFD_OPEN = 434;
    private static final short POLLIN = 1;

    private static final @Nullable LinuxCalls AVAILABLE = link();

    private final MethodHandle syscall;
    private final MethodHandle poll;
    private final MethodHandle close;

    private LinuxCalls(MethodHandle syscall, MethodHandle poll, MethodHandle close) {
        this.syscall = syscall;
        this.poll = poll;
        this.close = close;
    }

    /// Null where native access is denied or this is no Linux.
    static @Nullable LinuxCalls available() {
        return AVAILABLE;
    }

    @SuppressWarnings("restricted")
    private static @Nullable LinuxCalls link() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return null;
        }
        try {
            Linker linker = Linker.nativeLinker();
            var lookup = linker.defaultLookup();
            var syscall =
                    linker.downcallHandle(
                            lookup.find("syscall").orElseThrow(),
                            FunctionDescriptor.of(
                                    JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                                    JAVA_LONG),
                            Linker.Option.firstVariadicArg(1));
            var poll =
                    linker.downcallHandle(
                            lookup.find("poll").orElseThrow(),
                            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
            var close =
                    linker.downcallHandle(
                            lookup.find("close").orElseThrow(),
                            FunctionDescriptor.of(JAVA_INT, JAVA_INT));
            return new LinuxCalls(syscall, poll, close);
        } catch (RuntimeException | Error e) {
            return null;
        }
    }

    /// A descriptor for the process; negative when there is none or the kernel is too old.
    int openPidfd(long pid) {
        return (int) call(PIDFD_OPEN, pid, 0);
    }

    /// True when the signal was delivered.
    boolean send(int pidfd, Signal signal) {
        return call(PIDFD_SEND_SIGNAL, pidfd, signal.number()) == 0;
    }

    private long call(long number, long first, long second) {
        try {
            return (long) syscall.invokeExact(number, first, second, 0L, 0L);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// Waits until the process has exited; blocks a platform thread.
    ///
    /// @return true when it has, false when time is up or the wait was disturbed
    boolean awaitExit(int pidfd, Duration atMost) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = arena.allocate(8, 4);
            entry.set(JAVA_INT, 0, pidfd);
            entry.set(JAVA_SHORT, 4, POLLIN);
            return (int) poll.invokeExact(entry, 1L, (int) atMost.toMillis()) == 1;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    void close(int pidfd) {
        try {
            int _ = (int) close.invokeExact(pidfd);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
