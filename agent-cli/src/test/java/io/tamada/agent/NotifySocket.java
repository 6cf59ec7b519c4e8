package io.tamada.agent;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/// A service manager's end: a bound unix datagram socket, of which Java itself has none.
final class NotifySocket implements AutoCloseable {

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MESSAGE_MAX = 4096;

    private final Arena arena = Arena.ofConfined();
    private final int descriptor;

    /// @param path as in `NOTIFY_SOCKET`: `@` begins a name in the abstract namespace
    NotifySocket(String path) throws Throwable {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        if (name[0] == '@') {
            name[0] = 0;
        }
        MemorySegment address = arena.allocate(2L + name.length);
        address.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) AF_UNIX);
        MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, 2, name.length);
        descriptor =
                (int)
                        call(
                                        "socket",
                                        ValueLayout.JAVA_INT,
                                        ValueLayout.JAVA_INT,
                                        ValueLayout.JAVA_INT)
                                .invokeExact(AF_UNIX, SOCK_DGRAM, 0);
        int bound =
                (int)
                        call(
                                        "bind",
                                        ValueLayout.JAVA_INT,
                                        ValueLayout.ADDRESS,
                                        ValueLayout.JAVA_INT)
                                .invokeExact(descriptor, address, 2 + name.length);
        if (descriptor < 0 || bound != 0) {
            throw new IllegalStateException("no socket at " + path);
        }
    }

    /// The next message; empty when there is none.
    String next() {
        try {
            return received();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private String received() throws Throwable {
        MemorySegment buffer = arena.allocate(MESSAGE_MAX);
        int read =
                (int)
                        call(
                                        "recv",
                                        ValueLayout.JAVA_INT,
                                        ValueLayout.ADDRESS,
                                        ValueLayout.JAVA_LONG,
                                        ValueLayout.JAVA_INT)
                                .invokeExact(descriptor, buffer, (long) MESSAGE_MAX, MSG_DONTWAIT);
        byte[] bytes = buffer.asSlice(0, Math.max(0, read)).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            int closed = (int) call("close", ValueLayout.JAVA_INT).invokeExact(descriptor);
            arena.close();
            if (closed != 0) {
                throw new IllegalStateException("not closed");
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle call(String name, MemoryLayout... parameters) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
    }
}
