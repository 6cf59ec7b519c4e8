package io.tamada.agent.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lines to a file that starts anew when it has grown to a size: `NAME` becomes `NAME.1`, that one
/// `NAME.2`, and so on; what is beyond the number to keep is deleted.
final class RotatingFile implements LogSink {

    private final Path file;
    private final long bytesMax;
    private final int keep;
    private final int mode;
    private @Nullable OutputStream out;
    private long bytes;

    /// @param bytesMax 0 for a file that is never rotated
    /// @param mode permissions as in `chmod`; -1 for those that the process gives
    /// @throws IOException when the file can't be written
    RotatingFile(Path file, long bytesMax, int keep, int mode) throws IOException {
        this.file = file;
        this.bytesMax = bytesMax;
        this.keep = keep;
        this.mode = mode;
        this.out = open();
    }

    private OutputStream open() throws IOException {
        OutputStream opened =
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        bytes = Files.size(file);
        if (mode >= 0) {
            Files.setPosixFilePermissions(file, permissions(mode));
        }
        return opened;
    }

    static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> result = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            // The constants go from the owner's read right down to the others' execute right, as
            // the bits do.
            if ((mode & (1 << (all.length - 1 - i))) != 0) {
                result.add(all[i]);
            }
        }
        return result;
    }

    @Override
    public void write(String line) {
        try {
            append(line);
        } catch (IOException e) {
            // A full disk must not stop the agent; the line goes where somebody may still see it.
            System.err.print(line);
        }
    }

    /// Writes a line.
    ///
    /// @throws IOException when it may not have been written
    void append(String line) throws IOException {
        byte[] text = line.getBytes(StandardCharsets.UTF_8);
        if (bytesMax > 0 && bytes > 0 && bytes + text.length > bytesMax) {
            rotate();
        }
        OutputStream to = out;
        if (to == null) {
            to = open();
            out = to;
        }
        to.write(text);
        bytes += text.length;
    }

    private void rotate() throws IOException {
        if (keep == 0) {
            // As in Python: with nothing to keep, the file just grows.
            return;
        }
        close();
        for (int i = keep; i > 0; i--) {
            Path from = i == 1 ? file : numbered(i - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        out = open();
    }

    private Path numbered(int i) {
        return file.resolveSibling(file.getFileName() + "." + i);
    }

    @Override
    public void flush() {
        // Nothing is buffered.
    }

    @Override
    public void close() {
        OutputStream open = out;
        out = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                System.err.println("log file: " + e.getMessage());
            }
        }
    }
}
