package io.tamada.pg;

import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.Timeline;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a server wrote first on its timeline.
///
/// Two standbys with equal positions may both be promoted, one after the other. Their timelines
/// have the same number and began at the same position, so that neither PostgreSQL nor its history
/// files tell them apart. But each begins with a record that holds the moment of the promotion.
record BranchStart(Timeline timeline, Lsn fork, Lsn end) {

    /// More than the first record takes.
    private static final int ENOUGH = 512;

    /// Whether the local log goes on after the fork in another way than the source's; false where
    /// it can't be told: nothing is written yet, or the files are gone.
    boolean differs(DataDirectory data, Connection source) throws SQLException {
        String segment =
                Sql.one(source, "SELECT pg_size_bytes(current_setting('wal_segment_size'))");
        int length = (int) Math.min(ENOUGH, end.minus(fork));
        if (segment == null || length <= 0) {
            return false;
        }
        long segmentSize = Long.parseLong(segment);
        long offset = fork.value() % segmentSize;
        length = (int) Math.min(length, segmentSize - offset);
        String file = fileName(segmentSize);
        String ours = read(data.walDirectory().resolve(file), offset, length);
        if (ours == null) {
            return false;
        }
        String theirs =
                Sql.one(
                        source,
                        String.format(
                                Locale.ROOT,
                                "SELECT encode(pg_read_binary_file('%s/%s', %d, %d, true), 'hex')",
                                data.walDirectory().getFileName(),
                                file,
                                offset,
                                length));
        return theirs != null && !theirs.equals(ours);
    }

    /// The name of the file of the log that holds the fork.
    String fileName(long segmentSize) {
        long number = fork.value() / segmentSize;
        long perPart = 0x1_0000_0000L / segmentSize;
        return String.format(
                Locale.ROOT, "%08X%08X%08X", timeline.value(), number / perPart, number % perPart);
    }

    private static @Nullable String read(Path file, long offset, int length) {
        byte[] bytes = new byte[length];
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            open.seek(offset);
            open.readFully(bytes);
            return HexFormat.of().formatHex(bytes);
        } catch (IOException e) {
            return null;
        }
    }
}
