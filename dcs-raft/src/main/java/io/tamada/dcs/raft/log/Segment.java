package io.tamada.dcs.raft.log;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/// One file of the log: a header, then records with consecutive indexes.
///
/// Header: magic, format, whether it continues the segment before it or starts the log anew, first
/// index, CRC. Record: length, CRC, index, flag, body. The flag marks the first record of a batch
/// that was written and synced as one; so a damaged record that is followed by a later batch cannot
/// be the torn end of a write.
///
/// [RandomAccessFile] and not a channel, because an interrupt would close a channel under
/// everybody's feet.
final class Segment implements Closeable {

    private static final int MAGIC = 0x54524c31;
    private static final byte FORMAT = 1;
    static final int HEADER = 4 + 1 + 1 + 8 + 4;
    static final int RECORD_HEAD = 4 + 4 + 8 + 1;
    private static final int BODY_MAX = 64 << 20;

    private final Path path;
    private final RandomAccessFile file;
    private final long firstIndex;
    private final boolean continues;
    private int[] offsets = new int[64];
    private int count;
    private int end = HEADER;

    private Segment(Path path, RandomAccessFile file, long firstIndex, boolean continues) {
        this.path = path;
        this.file = file;
        this.firstIndex = firstIndex;
        this.continues = continues;
    }

    /// Creates an empty segment and makes sure that its header is on disk.
    static Segment create(Path path, long firstIndex, boolean continues) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        ByteBuffer header =
                ByteBuffer.allocate(HEADER)
                        .putInt(MAGIC)
                        .put(FORMAT)
                        .put((byte) (continues ? 1 : 0))
                        .putLong(firstIndex);
        header.putInt(crc(header.array(), 0, HEADER - 4));
        file.setLength(0);
        file.write(header.array());
        file.getFD().sync();
        return new Segment(path, file, firstIndex, continues);
    }

    /// Opens a segment and cuts a torn end off if it is the last one.
    ///
    /// @throws CorruptLogException when records are damaged that were synced before others
    static Segment open(Path path, boolean last) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < HEADER
                || in.getInt() != MAGIC
                || in.get() != FORMAT
                || crc(bytes, 0, HEADER - 4) != in.getInt(HEADER - 4)) {
            throw new CorruptLogException(
                    path + " is not a segment of the log, or its header is damaged");
        }
        boolean continues = in.get() == 1;
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        Segment segment = new Segment(path, file, in.getLong(), continues);
        try {
            segment.scan(bytes, last);
        } catch (IOException e) {
            file.close();
            throw e;
        }
        return segment;
    }

    /// True when the header never reached the disk, so nothing in it was ever acknowledged.
    static boolean wasNeverWritten(Path path) throws IOException {
        return Files.size(path) < HEADER;
    }

    private void scan(byte[] bytes, boolean last) throws IOException {
        int length = recordAt(bytes, end, firstIndex + count);
        while (length > 0) {
            remember(end);
            end += length;
            length = recordAt(bytes, end, firstIndex + count);
        }
        if (end == bytes.length) {
            return;
        }
        if (!last || laterBatchFollows(bytes)) {
            throw new CorruptLogException(
                    "the log is damaged at byte "
                            + end
                            + " of "
                            + path
                            + ", in the midst of entries that were safely written");
        }
        file.setLength(end);
        file.getFD().sync();
    }

    /// The length of a sound record at an offset, else 0.
    private static int recordAt(byte[] bytes, int offset, long index) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.limit() - offset < RECORD_HEAD) {
            return 0;
        }
        int body = in.getInt(offset);
        if (body < 0
                || body > BODY_MAX
                || body > in.limit() - offset - RECORD_HEAD
                || in.getLong(offset + 8) != index) {
            return 0;
        }
        int crc = crc(bytes, offset + 8, RECORD_HEAD - 8 + body);
        return crc == in.getInt(offset + 4) ? RECORD_HEAD + body : 0;
    }

    private boolean laterBatchFollows(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long index = firstIndex + count;
        for (int offset = end + 1; offset <= in.limit() - RECORD_HEAD; offset++) {
            long found = in.getLong(offset + 8);
            if (found > index
                    && found - index < in.limit()
                    && in.get(offset + RECORD_HEAD - 1) == 1
                    && recordAt(bytes, offset, found) > 0) {
                return true;
            }
        }
        return false;
    }

    private static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    private void remember(int offset) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
        }
        offsets[count++] = offset;
    }

    /// Appends a batch and returns when it is on disk.
    void append(List<byte[]> bodies) throws IOException {
        int size = bodies.stream().mapToInt(body -> RECORD_HEAD + body.length).sum();
        ByteBuffer out = ByteBuffer.allocate(size);
        int at = end;
        int before = count;
        byte flag = 1;
        for (byte[] body : bodies) {
            int start = out.position();
            out.putInt(body.length).putInt(0).putLong(firstIndex + count).put(flag).put(body);
            out.putInt(start + 4, crc(out.array(), start + 8, RECORD_HEAD - 8 + body.length));
            remember(at + start);
            flag = 0;
        }
        try {
            file.seek(end);
            file.write(out.array());
            file.getFD().sync();
            end += size;
        } catch (IOException e) {
            count = before;
            throw e;
        }
    }

    /// The body of an entry that is here.
    byte[] read(long index) throws IOException {
        int at = offsets[(int) (index - firstIndex)];
        file.seek(at);
        byte[] head = new byte[RECORD_HEAD];
        file.readFully(head);
        byte[] record = Arrays.copyOf(head, RECORD_HEAD + ByteBuffer.wrap(head).getInt());
        file.readFully(record, RECORD_HEAD, record.length - RECORD_HEAD);
        if (recordAt(record, 0, index) == 0) {
            throw new CorruptLogException("entry " + index + " in " + path + " is damaged");
        }
        return Arrays.copyOfRange(record, RECORD_HEAD, record.length);
    }

    /// Drops the entries after `lastKept`, for good when it returns.
    void truncateAfter(long lastKept) throws IOException {
        int keep = (int) Math.max(0, lastKept - firstIndex + 1);
        if (keep < count) {
            end = offsets[keep];
            count = keep;
            file.setLength(end);
            file.getFD().sync();
        }
    }

    Path path() {
        return path;
    }

    long firstIndex() {
        return firstIndex;
    }

    /// The last index in it; the one before its first when it is empty.
    long lastIndex() {
        return firstIndex + count - 1;
    }

    boolean continues() {
        return continues;
    }

    int size() {
        return end;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
