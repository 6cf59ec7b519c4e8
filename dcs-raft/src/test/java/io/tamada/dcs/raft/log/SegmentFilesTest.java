package io.tamada.dcs.raft.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentFilesTest {

    @TempDir Path folder;

    private SegmentFiles opened() throws IOException {
        SegmentFiles files = new SegmentFiles(folder.resolve("log"), 400);
        files.open();
        return files;
    }

    private static byte[] body(long index) {
        return ("entry " + index + " " + "x".repeat((int) (index % 50)))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void append(SegmentFiles files, int count) throws IOException {
        List<byte[]> bodies = new ArrayList<>();
        long first = files.lastIndex() + 1;
        for (int i = 0; i < count; i++) {
            bodies.add(body(first + i));
        }
        files.append(first, bodies);
    }

    private static void expect(SegmentFiles files, long first, long last) throws IOException {
        assertThat(files.firstIndex()).isEqualTo(first);
        assertThat(files.lastIndex()).isEqualTo(last);
        for (long index = first; index <= last; index++) {
            assertThat(files.read(index)).isEqualTo(body(index));
        }
    }

    @Test
    void whatWasAppendedIsReadBackAfterOpeningAgain() throws IOException {
        SegmentFiles files = opened();
        for (int i = 1; i < 30; i++) {
            append(files, i % 4 + 1);
        }
        long last = files.lastIndex();
        expect(files, 1, last);
        files.close();
        try (var segments = Files.list(folder.resolve("log"))) {
            assertThat(segments.count()).isGreaterThan(3);
        }
        SegmentFiles again = opened();
        expect(again, 1, last);
        append(again, 2);
        expect(again, 1, last + 2);
        again.close();
    }

    /// A crash may cut the last write anywhere: what was written before is there, and the log goes
    /// on.
    @Test
    void aWriteThatWasCutAtAnyByteLeavesWhatWasBefore() throws IOException {
        SegmentFiles files = opened();
        append(files, 2);
        append(files, 1);
        Path segment = onlySegment();
        long sound = Files.size(segment);
        append(files, 3);
        files.close();
        byte[] whole = Files.readAllBytes(segment);
        for (int length = (int) sound; length < whole.length; length++) {
            Files.write(segment, java.util.Arrays.copyOf(whole, length));
            checkGoesOn(3);
            // Also when the file was made longer before its bytes came.
            byte[] zeros =
                    java.util.Arrays.copyOf(java.util.Arrays.copyOf(whole, length), whole.length);
            Files.write(segment, zeros);
            checkGoesOn(3);
        }
    }

    private void checkGoesOn(long atLeast) throws IOException {
        SegmentFiles files = opened();
        assertThat(files.lastIndex()).isGreaterThanOrEqualTo(atLeast).isLessThan(7);
        expect(files, 1, files.lastIndex());
        append(files, 1);
        long last = files.lastIndex();
        files.close();
        SegmentFiles again = opened();
        expect(again, 1, last);
        again.close();
    }

    private Path onlySegment() throws IOException {
        try (var segments = Files.list(folder.resolve("log"))) {
            return segments.findFirst().orElseThrow();
        }
    }

    @Test
    void damageBeforeALaterWriteIsNotTakenForATornEnd() throws IOException {
        SegmentFiles files = opened();
        append(files, 1);
        append(files, 1);
        append(files, 1);
        files.close();
        Path segment = onlySegment();
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(Segment.HEADER + Segment.RECORD_HEAD + 3);
            file.write('#');
        }
        assertThatThrownBy(this::opened)
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void aMissingSegmentIsAnError() throws IOException {
        SegmentFiles files = opened();
        for (int i = 0; i < 40; i++) {
            append(files, 1);
        }
        files.close();
        try (var segments = Files.list(folder.resolve("log"))) {
            Files.delete(segments.sorted().skip(1).findFirst().orElseThrow());
        }
        assertThatThrownBy(this::opened)
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void aForeignFileIsAnError() throws IOException {
        Files.createDirectories(folder.resolve("log"));
        Files.writeString(
                folder.resolve("log").resolve("00000000000000000001.log"),
                "something else altogether");
        assertThatThrownBy(this::opened).isInstanceOf(CorruptLogException.class);
        Files.delete(folder.resolve("log").resolve("00000000000000000001.log"));
        Files.writeString(folder.resolve("log").resolve("postgresql.log"), "");
        assertThatThrownBy(this::opened).isInstanceOf(CorruptLogException.class);
    }

    @Test
    void aSegmentWhoseHeaderWasNeverWrittenIsForgotten() throws IOException {
        SegmentFiles files = opened();
        append(files, 3);
        files.close();
        Files.writeString(folder.resolve("log").resolve("00000000000000000004.log"), "TR");
        SegmentFiles again = opened();
        expect(again, 1, 3);
        append(again, 1);
        again.close();
    }

    /// Random cuts at both ends and new beginnings, checked against a list, opened again after
    /// each.
    @Test
    void anySequenceOfChangesSurvivesOpeningAgain() throws IOException {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            Path own = folder.resolve("seed" + seed);
            long first = 1;
            long last = 0;
            for (int step = 0; step < 40; step++) {
                SegmentFiles files = new SegmentFiles(own, 300);
                files.open();
                assertThat(files.lastIndex()).isEqualTo(last);
                assertThat(files.firstIndex()).isLessThanOrEqualTo(first);
                expect(files, files.firstIndex(), last);
                switch (random.nextInt(6)) {
                    case 0 -> {
                        first = Math.max(first, last - random.nextInt(10));
                        files.truncateBefore(first);
                    }
                    case 1 -> {
                        last =
                                Math.max(
                                        Math.max(first, files.firstIndex()) - 1,
                                        last - random.nextInt(6));
                        files.truncateAfter(last);
                    }
                    case 2 -> {
                        if (random.nextInt(4) == 0) {
                            first = last + 1 + random.nextInt(20);
                            last = first - 1;
                            files.startAnew(first);
                        }
                    }
                    default -> {
                        append(files, random.nextInt(8) + 1);
                        last = files.lastIndex();
                    }
                }
                expect(files, files.firstIndex(), last);
                files.close();
            }
        }
    }
}
