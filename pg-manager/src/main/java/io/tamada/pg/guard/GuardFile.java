package io.tamada.pg.guard;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/// Where the agent publishes until when the server may be writable, and the guards read it.
///
/// Two records of fixed width that are written in turn, each with a checksum: a reader always finds
/// a whole one, and no write can fail for want of space. It lies in memory, not on a disk that may
/// hang, and outlives the agent. One writer at a time.
final class GuardFile {

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final int WIDTH = 128;
    private static final int SUMMED = 99;

    private final Path path;
    private final RandomAccessFile file;
    private Published last;

    /// What is published.
    ///
    /// @param sequence the higher one counts
    /// @param generation of the guard that is to stay; older ones end
    /// @param askAtNanos when the server is asked to stop at once
    /// @param killAtNanos when whatever is left of it is killed
    record Published(
            long sequence, long generation, boolean armed, long askAtNanos, long killAtNanos) {

        static final Published NOTHING = new Published(0, 0, false, 0, 0);

        String text() {
            String summed =
                    String.format(
                            Locale.ROOT,
                            "lease-guard 1 %20d %20d %s %20d %20d",
                            sequence,
                            generation,
                            armed ? "A" : "D",
                            askAtNanos,
                            killAtNanos);
            return String.format(Locale.ROOT, "%-" + (WIDTH - 1) + "s\n", summed + sum(summed));
        }

        private static String sum(String summed) {
            return String.format(Locale.ROOT, " %08x", checksum(summed));
        }

        static Optional<Published> parse(String text) {
            if (text.length() < SUMMED || !text.startsWith("lease-guard 1 ")) {
                return Optional.empty();
            }
            String summed = text.substring(0, SUMMED);
            if (!text.strip().equals(summed + sum(summed))) {
                return Optional.empty();
            }
            String[] words = summed.split(" +", -1);
            return Optional.of(
                    new Published(
                            Long.parseLong(words[2]),
                            Long.parseLong(words[3]),
                            words[4].equals("A"),
                            Long.parseLong(words[5]),
                            Long.parseLong(words[6])));
        }

        /// FNV-1a.
        private static int checksum(String text) {
            int sum = 0x811c9dc5;
            for (byte b : text.getBytes(StandardCharsets.US_ASCII)) {
                sum = (sum ^ (b & 0xff)) * 16777619;
            }
            return sum;
        }
    }

    private GuardFile(Path path, RandomAccessFile file) throws IOException {
        this.path = path;
        this.file = file;
        this.last = read().orElse(Published.NOTHING);
    }

    /// The file of a data directory, the same for every agent that manages it.
    static Path of(Path dataDirectory) {
        Path folder =
                Files.isWritable(SHARED_MEMORY)
                        ? SHARED_MEMORY
                        : Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
        return folder.resolve("tamada-lease-" + digest(dataDirectory.toAbsolutePath().toString()));
    }

    private static String digest(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Opens it, or makes one in which nothing is armed. What an earlier agent has published stays
    /// in force.
    ///
    /// @throws IOException also when it belongs to another user, who could then decide when our
    ///   server is killed
    static GuardFile open(Path path) throws IOException {
        try {
            Files.createFile(
                    path,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            boolean ours =
                    Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                            && Files.getOwner(path, LinkOption.NOFOLLOW_LINKS)
                                    .equals(Files.getOwner(Path.of("/proc/self")));
            if (!ours) {
                throw new IOException(path + " belongs to another user, or is no file", e);
            }
        }
        // Unlike a channel it stays open when a thread that writes is interrupted.
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        try {
            GuardFile result = new GuardFile(path, file);
            if (result.last.sequence() == 0) {
                result.write(false, 0, 0);
                result.write(false, 0, 0);
            }
            return result;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    Path path() {
        return path;
    }

    synchronized Published last() {
        return last;
    }

    /// Publishes times, or that none are to be kept.
    synchronized void write(boolean armed, long askAtNanos, long killAtNanos) throws IOException {
        write(
                new Published(
                        last.sequence() + 1, last.generation(), armed, askAtNanos, killAtNanos));
    }

    /// Guards of an earlier generation end.
    synchronized void succeed(long generation) throws IOException {
        write(
                new Published(
                        last.sequence() + 1,
                        generation,
                        last.armed(),
                        last.askAtNanos(),
                        last.killAtNanos()));
    }

    private void write(Published next) throws IOException {
        file.seek(next.sequence() % 2 * WIDTH);
        file.write(next.text().getBytes(StandardCharsets.US_ASCII));
        last = next;
    }

    private Optional<Published> read() throws IOException {
        ByteBuffer both = ByteBuffer.allocate(2 * WIDTH);
        file.seek(0);
        int length = Math.max(0, file.read(both.array()));
        Optional<Published> newest = Optional.empty();
        for (int at = 0; at + WIDTH <= length; at += WIDTH) {
            String text = new String(both.array(), at, WIDTH, StandardCharsets.US_ASCII);
            Optional<Published> found = Published.parse(text);
            if (found.isPresent()
                    && newest.map(n -> n.sequence() < found.get().sequence()).orElse(true)) {
                newest = found;
            }
        }
        return newest;
    }

    /// @param forget whether nobody needs it any more; a guard that still has it open sees its last
    ///   state
    void close(boolean forget) {
        try {
            if (forget) {
                Files.deleteIfExists(path);
            }
            file.close();
        } catch (IOException e) {
            // What was written is in memory that the guard sees.
        }
    }
}
