package io.tamada.pg;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// Writes a whole file or nothing of it, readable by nobody else from the first byte on.
final class AtomicFile {

    static final Set<PosixFilePermission> OWNER_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final AtomicLong COUNTER = new AtomicLong();

    private AtomicFile() {}

    /// Writes the file; what was there before stays until the new content is safe.
    ///
    /// @return false when the file had this very content already and was left alone
    static boolean write(Path file, String content, Set<PosixFilePermission> permissions)
            throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        if (Files.isRegularFile(file) && java.util.Arrays.equals(Files.readAllBytes(file), bytes)) {
            return false;
        }
        Path directory =
                Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory");
        Path temporary =
                directory.resolve(
                        "."
                                + file.getFileName()
                                + "."
                                + ProcessHandle.current().pid()
                                + "."
                                + COUNTER.incrementAndGet());
        try {
            try (FileChannel channel =
                    FileChannel.open(
                            temporary,
                            EnumSet.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                            PosixFilePermissions.asFileAttribute(permissions))) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    int _ = channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(
                    temporary,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        sync(directory);
        return true;
    }

    /// What a file in the data directory may have: the group reads if it may enter the directory.
    static Set<PosixFilePermission> permissionsIn(Path dataDirectory) {
        EnumSet<PosixFilePermission> permissions = EnumSet.copyOf(OWNER_ONLY);
        try {
            if (Files.getPosixFilePermissions(dataDirectory)
                    .contains(PosixFilePermission.GROUP_READ)) {
                permissions.add(PosixFilePermission.GROUP_READ);
            }
        } catch (IOException | UnsupportedOperationException e) {
            // Stays with the owner.
        }
        return permissions;
    }

    /// Makes sure that a directory's entries survive a crash of the machine.
    static void sync(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Not every file system can; the content itself is safe.
        }
    }
}
