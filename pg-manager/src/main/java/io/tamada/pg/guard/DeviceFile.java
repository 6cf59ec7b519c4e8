package io.tamada.pg.guard;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A device that is open for writing and never blocks, and on which `ioctl` can be called.
///
/// Not safe for several threads.
final class DeviceFile {

    private static final int WRITE_ONLY = 1;
    private static final int NON_BLOCKING = 0x800;
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int ERRNO_BYTES = 4;

    private static final @Nullable Calls CALLS = link();

    private final Calls calls;
    private final int descriptor;
    private boolean closed;

    private record Calls(
            MethodHandle open,
            MethodHandle ioctl,
            MethodHandle write,
            MethodHandle close,
            MethodHandle errorText) {}

    private DeviceFile(Calls calls, int descriptor) {
        this.calls = calls;
        this.descriptor = descriptor;
    }

    @SuppressWarnings("restricted")
    private static @Nullable Calls link() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return null;
        }
        try {
            Linker linker = Linker.nativeLinker();
            var names = linker.defaultLookup();
            Linker.Option errno = Linker.Option.captureCallState("errno");
            return new Calls(
                    linker.downcallHandle(
                            names.find("open").orElseThrow(),
                            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
                            errno),
                    linker.downcallHandle(
                            names.find("ioctl").orElseThrow(),
                            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
                            errno,
                            Linker.Option.firstVariadicArg(2)),
                    linker.downcallHandle(
                            names.find("write").orElseThrow(),
                            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG),
                            errno),
                    linker.downcallHandle(
                            names.find("close").orElseThrow(),
                            FunctionDescriptor.of(JAVA_INT, JAVA_INT)),
                    linker.downcallHandle(
                            names.find("strerror").orElseThrow(),
                            FunctionDescriptor.of(
                                    ADDRESS.withTargetLayout(
                                            MemoryLayout.sequenceLayout(256, JAVA_BYTE)),
                                    JAVA_INT)));
        } catch (RuntimeException | Error e) {
            return null;
        }
    }

    /// Opens what exists; a pipe only while somebody reads from it.
    ///
    /// @throws IOException with the system's reason
    static DeviceFile open(Path path) throws IOException {
        Calls calls = CALLS;
        if (calls == null) {
            throw new IOException(
                    "that needs Linux and native access (--enable-native-access=ALL-UNNAMED)");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(ERRNO_BYTES, ERRNO_BYTES);
            int descriptor =
                    (int)
                            calls.open.invokeExact(
                                    errno,
                                    arena.allocateFrom(path.toString()),
                                    WRITE_ONLY | NON_BLOCKING | CLOSE_ON_EXEC);
            if (descriptor < 0) {
                throw failure(calls, errno);
            }
            return new DeviceFile(calls, descriptor);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// Calls `ioctl` with the content of a buffer, which then holds the answer.
    void control(long request, ByteBuffer inAndOut) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(ERRNO_BYTES, ERRNO_BYTES);
            MemorySegment argument = arena.allocate(inAndOut.capacity(), Long.BYTES);
            MemorySegment heap = MemorySegment.ofBuffer(inAndOut);
            argument.copyFrom(heap);
            if ((int) calls.ioctl.invokeExact(errno, descriptor, request, argument) < 0) {
                throw failure(calls, errno);
            }
            heap.copyFrom(argument);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// Writes all of a short text.
    void write(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(ERRNO_BYTES, ERRNO_BYTES);
            MemorySegment data = arena.allocate(bytes.length);
            data.copyFrom(MemorySegment.ofArray(bytes));
            long written =
                    (long) calls.write.invokeExact(errno, descriptor, data, (long) bytes.length);
            if (written < 0) {
                throw failure(calls, errno);
            }
            if (written != bytes.length) {
                throw new IOException("only a part could be written");
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static IOException failure(Calls calls, MemorySegment errno) throws Throwable {
        MemorySegment text = (MemorySegment) calls.errorText.invokeExact(errno.get(JAVA_INT, 0));
        return new IOException(text.getString(0));
    }

    void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            int _ = (int) calls.close.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
