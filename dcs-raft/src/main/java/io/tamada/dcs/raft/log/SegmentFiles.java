package io.tamada.dcs.raft.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The folder of segments that together are the log. Not thread-safe.
///
/// Segments are named after their first index. All but the first continue the one before; one that
/// starts the log anew (after a snapshot came from elsewhere) makes all before it meaningless, and
/// they are deleted when it is found.
final class SegmentFiles {

    private static final String SUFFIX = ".log";

    private final Path folder;
    private final int segmentBytes;
    private final List<Segment> segments = new ArrayList<>();
    private long firstIndex = 1;

    SegmentFiles(Path folder, int segmentBytes) {
        this.folder = folder;
        this.segmentBytes = segmentBytes;
    }

    void open() throws IOException {
        Files.createDirectories(folder);
        NavigableMap<Long, Path> found = found();
        dropUnwrittenTail(found);
        try {
            for (var file : found.entrySet()) {
                join(
                        Segment.open(file.getValue(), file.getKey().equals(found.lastKey())),
                        file.getKey());
            }
        } catch (IOException e) {
            close();
            throw e;
        }
        if (!segments.isEmpty()) {
            firstIndex = segments.getFirst().firstIndex();
        }
    }

    private NavigableMap<Long, Path> found() throws IOException {
        NavigableMap<Long, Path> found = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                String number = name.substring(0, name.length() - SUFFIX.length());
                if (!number.matches("[0-9]{20}")) {
                    throw new CorruptLogException(file + " does not belong here");
                }
                found.put(Long.parseLong(number), file);
            }
        }
        return found;
    }

    private static void dropUnwrittenTail(NavigableMap<Long, Path> found) throws IOException {
        if (!found.isEmpty() && Segment.wasNeverWritten(found.lastEntry().getValue())) {
            Files.delete(found.pollLastEntry().getValue());
        }
    }

    private void join(Segment segment, long named) throws IOException {
        segments.add(segment);
        if (segment.firstIndex() != named) {
            throw new CorruptLogException(
                    segment.path() + " holds entries from " + segment.firstIndex() + " on");
        }
        if (!segment.continues()) {
            while (segments.size() > 1) {
                deleteSegment(0);
            }
        } else if (segments.size() > 1
                && segments.get(segments.size() - 2).lastIndex() != named - 1) {
            throw new CorruptLogException(
                    "the log has no entry "
                            + (named - 1)
                            + ": a segment before "
                            + segment.path()
                            + " is missing or cut short");
        }
    }

    long firstIndex() {
        return firstIndex;
    }

    /// The last index there is; the one before the first when there is none.
    long lastIndex() {
        return segments.isEmpty() ? firstIndex - 1 : segments.getLast().lastIndex();
    }

    boolean isEmpty() {
        return lastIndex() < firstIndex;
    }

    byte[] read(long index) throws IOException {
        int at = segments.size() - 1;
        while (segments.get(at).firstIndex() > index) {
            at--;
        }
        return segments.get(at).read(index);
    }

    /// Appends entries from an index on; they are on disk when it returns.
    void append(long index, List<byte[]> bodies) throws IOException {
        if (isEmpty() && index != firstIndex) {
            startAnew(index);
        }
        if (index != lastIndex() + 1) {
            throw new CorruptLogException("entry " + index + " cannot follow " + lastIndex());
        }
        if (segments.isEmpty() || segments.getLast().size() > segmentBytes) {
            create(index, !segments.isEmpty());
        }
        segments.getLast().append(bodies);
    }

    /// Forgets the entries before an index. Whole segments are deleted; so after a restart some are
    /// seen again, which does no harm.
    void truncateBefore(long firstKept) throws IOException {
        if (firstKept > lastIndex() + 1 || (firstKept > lastIndex() && !isEmpty())) {
            startAnew(firstKept);
            return;
        }
        while (segments.size() > 1 && segments.getFirst().lastIndex() < firstKept) {
            deleteSegment(0);
        }
        firstIndex = Math.max(firstIndex, firstKept);
    }

    /// Forgets the entries after an index, from the last segment backwards, so that there is never
    /// a gap.
    void truncateAfter(long lastKept) throws IOException {
        while (segments.size() > 1 && segments.getLast().firstIndex() > lastKept) {
            deleteSegment(segments.size() - 1);
        }
        if (!segments.isEmpty()) {
            segments.getLast().truncateAfter(lastKept);
        }
    }

    /// Forgets everything; the next entry has this index.
    void startAnew(long nextIndex) throws IOException {
        // An empty segment of that very name may be there: it is written over.
        if (!segments.isEmpty() && segments.getLast().firstIndex() >= nextIndex) {
            truncateAfter(nextIndex - 1);
        }
        create(nextIndex, false);
        while (segments.size() > 1) {
            deleteSegment(0);
        }
        firstIndex = nextIndex;
    }

    private void create(long index, boolean continues) throws IOException {
        Path path = folder.resolve(String.format("%020d", index) + SUFFIX);
        if (!segments.isEmpty() && segments.getLast().path().equals(path)) {
            segments.removeLast().close();
        }
        segments.add(Segment.create(path, index, continues));
        syncFolder();
    }

    private void deleteSegment(int at) throws IOException {
        Segment segment = segments.remove(at);
        segment.close();
        Files.deleteIfExists(segment.path());
        syncFolder();
    }

    private void syncFolder() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    void close() {
        for (Segment segment : segments) {
            try {
                segment.close();
            } catch (IOException _) {
                // Everything acknowledged has been synced.
            }
        }
        segments.clear();
    }
}
