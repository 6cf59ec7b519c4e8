package io.tamada.rest;

import io.tamada.ha.time.TimeSource;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Something made from files, made again when they change. What can't be read leaves the old one in
/// use.
final class Renewed<T> {

    /// Makes it from the files as they are now.
    interface Loader<T> {
        T load() throws IOException;
    }

    private static final Logger LOG = System.getLogger(Renewed.class.getName());
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private final List<Path> files;
    private final Loader<T> loader;
    private volatile T current;
    private List<FileTime> seen;
    private final TimeSource time;
    private long lookedAt;

    Renewed(List<Path> files, TimeSource time, Loader<T> loader) throws IOException {
        this.files = files;
        this.loader = loader;
        this.time = time;
        this.lookedAt = time.nanos();
        this.seen = modified(files);
        this.current = loader.load();
    }

    private static List<FileTime> modified(List<Path> files) throws IOException {
        List<FileTime> result = new ArrayList<>();
        for (Path file : files) {
            result.add(Files.getLastModifiedTime(file));
        }
        return result;
    }

    /// The newest one; looks at the files once in a while.
    T get() {
        lookIfDue();
        return current;
    }

    private synchronized void lookIfDue() {
        if (time.nanos() - lookedAt < LOOK_EVERY.toNanos()) {
            return;
        }
        lookedAt = time.nanos();
        try {
            if (!modified(files).equals(seen)) {
                readAgain();
                LOG.log(Level.INFO, "read again: " + files);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "what was read before stays in use: " + e.getMessage());
        }
    }

    /// Makes it from the files now.
    ///
    /// @throws IOException when they can't be read: the old one stays in use
    synchronized void readAgain() throws IOException {
        List<FileTime> now = modified(files);
        current = loader.load();
        seen = now;
    }
}
