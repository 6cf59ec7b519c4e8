package io.tamada.pg;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// The file with the server's own output: what a start that failed had to say.
final class ServerLog {

    private static final long ROTATE_BYTES = 32L << 20;
    private static final int TAIL_BYTES = 16 * 1024;

    private final Path file;
    private final long start;

    private ServerLog(Path file, long start) {
        this.file = file;
        this.start = start;
    }

    /// From here on. A file that has grown large is moved aside once.
    static ServerLog openAt(Path file) throws IOException {
        if (Files.exists(file) && Files.size(file) > ROTATE_BYTES) {
            Files.move(
                    file,
                    file.resolveSibling(file.getFileName() + ".1"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(file)) {
            AtomicFile.write(file, "", AtomicFile.OWNER_ONLY);
        }
        return new ServerLog(file, Files.size(file));
    }

    /// The lines since then that tell why the server ended; empty when it said nothing.
    String complaint() {
        List<String> lines = tail().lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
        List<String> serious =
                lines.stream()
                        .filter(l ->
                                l.contains("FATAL:")
                                        || l.contains("PANIC:")
                                        || l.contains("HINT:")
                                        || l.contains("could not"))
                        .toList();
        List<String> chosen = serious.isEmpty() ? lines : serious;
        return String.join(" | ", chosen.subList(Math.max(0, chosen.size() - 4), chosen.size()));
    }

    private String tail() {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(start, in.length() - TAIL_BYTES);
            if (from >= in.length()) {
                return "";
            }
            in.seek(from);
            byte[] bytes = new byte[(int) (in.length() - from)];
            in.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
