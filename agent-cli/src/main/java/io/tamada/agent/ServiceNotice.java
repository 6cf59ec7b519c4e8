package io.tamada.agent;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Tells the service manager how far the agent is, by datagrams to the socket that `NOTIFY_SOCKET`
/// names.
///
/// Java has unix sockets only for streams; so this calls `socket`, `sendto` and `close` of the C
/// library. Without the variable, or where native calls are not permitted, nothing is sent and
/// nothing is wrong.
final class ServiceNotice {

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int CLOCK_MONOTONIC = 1;
    private static final int PATH_MAX = 107;

    private final byte[] path;

    /// @param socket the value of `NOTIFY_SOCKET`; null when there is none
    ServiceNotice(@Nullable String socket) {
        byte[] bytes = socket == null ? new byte[0] : socket.getBytes(StandardCharsets.UTF_8);
        this.path = bytes.length <= PATH_MAX ? bytes : new byte[0];
        // The abstract namespace: its names begin with a zero byte, written as @.
        if (path.length > 0 && path[0] == '@') {
            path[0] = 0;
        }
    }

    void ready() {
        send("READY=1");
    }

    void reloading() {
        send("RELOADING=1\nMONOTONIC_USEC=" + monotonicMicros());
    }

    void stopping() {
        send("STOPPING=1");
    }

    /// @return true when it was handed to the socket
    @SuppressWarnings("restricted")
    private boolean send(String text) {
        if (path.length == 0) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            Linker linker = Linker.nativeLinker();
            SymbolLookup c = linker.defaultLookup();
            MethodHandle socket =
                    linker.downcallHandle(
                            c.findOrThrow("socket"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT));
            MethodHandle sendTo =
                    linker.downcallHandle(
                            c.findOrThrow("sendto"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT));
            MethodHandle close =
                    linker.downcallHandle(
                            c.findOrThrow("close"),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            int descriptor = (int) socket.invokeExact(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
            if (descriptor < 0) {
                return false;
            }
            byte[] message = text.getBytes(StandardCharsets.UTF_8);
            long sent =
                    (long)
                            sendTo.invokeExact(
                                    descriptor,
                                    arena.allocateFrom(ValueLayout.JAVA_BYTE, message),
                                    (long) message.length,
                                    MSG_NOSIGNAL,
                                    address(arena),
                                    2 + path.length);
            int closed = (int) close.invokeExact(descriptor);
            return sent == message.length && closed == 0;
        } catch (Throwable e) {
            // Denied native access comes as an Error; the agent does without.
            return false;
        }
    }

    /// The clock that the service manager compares with; no other will do.
    @SuppressWarnings("restricted")
    private static long monotonicMicros() {
        try (Arena arena = Arena.ofConfined()) {
            Linker linker = Linker.nativeLinker();
            MethodHandle clock =
                    linker.downcallHandle(
                            linker.defaultLookup().findOrThrow("clock_gettime"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS));
            MemorySegment spec = arena.allocate(16, 8);
            int failed = (int) clock.invokeExact(CLOCK_MONOTONIC, spec);
            return failed != 0
                    ? 0
                    : spec.get(ValueLayout.JAVA_LONG, 0) * 1_000_000
                            + spec.get(ValueLayout.JAVA_LONG, 8) / 1000;
        } catch (Throwable e) {
            return 0;
        }
    }

    private MemorySegment address(Arena arena) {
        MemorySegment address = arena.allocate(2 + PATH_MAX + 1);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, 2, path.length);
        return address;
    }
}
