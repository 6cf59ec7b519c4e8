package io.tamada.dcs.raft;

import io.tamada.dcs.raft.wire.Address;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/// A node's own folder below `data_dir`, locked while the node runs.
final class DataFolder implements AutoCloseable {

    private static final String FORMAT = "tamada raft node, format 1\n";

    private final Path folder;
    private final FileChannel lockChannel;

    private DataFolder(Path folder, FileChannel lockChannel) {
        this.folder = folder;
        this.lockChannel = lockChannel;
    }

    /// Makes the folder if it isn't there, and locks it.
    ///
    /// @throws IllegalArgumentException when that is impossible, with what to do
    static DataFolder open(Path dataDir, Address self) {
        Path folder = dataDir.resolve("raft-" + self.host().replace(':', '_') + "_" + self.port());
        try {
            boolean made = !Files.exists(folder);
            Files.createDirectories(folder);
            if (made) {
                protect(folder);
            }
            DataFolder opened = new DataFolder(folder, locked(folder));
            try {
                opened.checkFormat();
                return opened;
            } catch (IOException | RuntimeException e) {
                opened.close();
                throw e;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "raft: cannot use "
                            + folder
                            + " ("
                            + e
                            + "): set raft.data_dir to a folder that this user may write",
                    e);
        }
    }

    private static void protect(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private static FileChannel locked(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        folder.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException _) {
            // Held by this very process.
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new IllegalArgumentException(
                "raft: "
                        + folder
                        + " is in use by another process with the same raft.self_addr: stop that one, or give this one its own");
    }

    private void checkFormat() throws IOException {
        Path file = folder.resolve("format");
        if (Files.exists(file)) {
            String found = Files.readString(file);
            if (!found.equals(FORMAT)) {
                throw new IllegalArgumentException(
                        "raft: "
                                + folder
                                + " was written by another version ("
                                + found.strip()
                                + "): run that version, or set raft.data_dir to another folder");
            }
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            Path foreign = files.filter(path -> !path.endsWith("lock")).findFirst().orElse(null);
            if (foreign != null) {
                throw new IllegalArgumentException(
                        "raft: "
                                + folder
                                + " holds "
                                + foreign.getFileName()
                                + ", which is not ours: set raft.data_dir to another folder, or remove that file");
            }
        }
        write(file, FORMAT);
    }

    Path log() {
        return folder.resolve("log");
    }

    Path meta() {
        return folder.resolve("meta");
    }

    Path snapshot() {
        return folder.resolve("snapshot");
    }

    /// True when no node has ever run on this folder.
    boolean isFresh() {
        return !Files.exists(meta()) && !Files.exists(log()) && !Files.exists(snapshot());
    }

    /// True from [#beginJoining] to [#joined]: the node may have forgotten what it promised.
    boolean isJoining() {
        return Files.exists(joining());
    }

    void beginJoining() throws IOException {
        write(joining(), "this node has not caught up with its group yet\n");
    }

    void joined() throws IOException {
        Files.deleteIfExists(joining());
        sync();
    }

    private Path joining() {
        return folder.resolve("joining");
    }

    private void write(Path file, String text) throws IOException {
        try (FileChannel out =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            out.write(StandardCharsets.UTF_8.encode(text));
            out.force(true);
        }
        sync();
    }

    private void sync() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void close() {
        try {
            lockChannel.close();
        } catch (IOException _) {
            // The lock ends with the process at the latest.
        }
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
