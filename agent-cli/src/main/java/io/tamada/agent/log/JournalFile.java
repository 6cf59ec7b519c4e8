package io.tamada.agent.log;

import io.tamada.dcs.Json;
import io.tamada.dcs.JsonException;
import io.tamada.dcs.ObservationCodec;
import io.tamada.ha.JournalEntry;
import io.tamada.ha.JournalSink;
import io.tamada.ha.RecordedDecision;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The journal in a file, one JSON object per line, written on a thread of its own: a slow disk
/// never holds up a decision. While the disk is full, or the file can't be written for another
/// reason, entries are dropped; that is told once in the log, and how many when it works again.
///
/// A file outlives the agent: what an earlier run wrote is read at the start, and gone on with.
public final class JournalFile implements JournalSink, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(JournalFile.class.getName());
    private static final int QUEUE = 1000;
    private static final Duration CLOSING_MAX = Duration.ofSeconds(2);

    private final BlockingQueue<RecordedDecision> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong dropped = new AtomicLong();
    private final ObservationCodec codec = ObservationCodec.writing();
    private final Path path;
    private final JournalSettings settings;
    private final Thread writer;
    private volatile Redactor redactor;
    private volatile boolean closed;
    private @Nullable RotatingFile file;
    private boolean failing;

    private JournalFile(Path path, JournalSettings settings, Redactor redactor) {
        this.path = path;
        this.settings = settings;
        this.redactor = redactor;
        this.writer = Thread.ofPlatform().daemon().name("journal-writer").unstarted(this::writeAll);
    }

    /// Starts writing to the file; makes it when the first entry comes. Never fails: what is wrong
    /// with the file is told in the log.
    public static JournalFile start(Path path, JournalSettings settings, Redactor redactor) {
        JournalFile journal = new JournalFile(path, settings, redactor);
        journal.writer.start();
        return journal;
    }

    /// What is secret from now on.
    public void redact(Redactor value) {
        redactor = value;
    }

    @Override
    public void note(RecordedDecision decision) {
        if (closed || !queue.offer(decision)) {
            dropped.incrementAndGet();
        }
    }

    /// What earlier runs wrote: of the current file, and of the one before where that holds too
    /// little.
    @Override
    public List<JournalEntry> earlier(int most) {
        List<JournalEntry> result = new ArrayList<>(JournalLines.newest(path, most));
        if (result.size() < most) {
            Path before = path.resolveSibling(path.getFileName() + ".1");
            result.addAll(0, JournalLines.newest(before, most - result.size()));
        }
        return List.copyOf(result);
    }

    // ---- the writer's thread
    // -----------------------------------------------------------------------------------

    private void writeAll() {
        while (!closed || !queue.isEmpty()) {
            try {
                RecordedDecision next = queue.poll(100, TimeUnit.MILLISECONDS);
                if (next != null) {
                    write(next);
                }
            } catch (InterruptedException e) {
                // Closing: what waits is still written.
                closed = true;
            }
        }
        if (file != null) {
            file.close();
        }
    }

    private void write(RecordedDecision decision) {
        try {
            opened().append(line(decision));
            recovered();
        } catch (IOException e) {
            dropped.incrementAndGet();
            startAnew();
            if (!failing) {
                failing = true;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "The journal can''t be written to {0}: {1}",
                        path,
                        e.toString());
            }
        } catch (RuntimeException e) {
            // An entry that can't be written must not end the journal.
            dropped.incrementAndGet();
            LOG.log(System.Logger.Level.WARNING, "A journal entry can't be written", e);
        }
    }

    /// The next entry opens the file again, and ends a line that was cut off.
    private void startAnew() {
        if (file != null) {
            file.close();
            file = null;
        }
    }

    private RotatingFile opened() throws IOException {
        RotatingFile open = file;
        if (open == null) {
            open =
                    new RotatingFile(
                            path, settings.fileSizeBytes(), settings.fileNum(), settings.mode());
            file = open;
            if (JournalLines.endsTorn(path)) {
                open.append("\n");
            }
        }
        return open;
    }

    private void recovered() {
        failing = false;
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} journal entries were not written to {1}",
                    lost,
                    path);
        }
    }

    private String line(RecordedDecision decision) throws JsonException {
        return Json.compact(
                        redacted(
                                settings.observations()
                                        ? codec.write(decision)
                                        : codec.entry(decision.entry())))
                + "\n";
    }

    private @Nullable Object redacted(@Nullable Object tree) {
        return switch (tree) {
            case String text -> redactor.redacted(text);
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> result = new LinkedHashMap<>();
                map.forEach((key, value) -> result.put(String.valueOf(key), redacted(value)));
                yield result;
            }
            case List<?> list -> {
                List<@Nullable Object> result = new ArrayList<>();
                list.forEach(item -> result.add(redacted(item)));
                yield result;
            }
            case null, default -> tree;
        };
    }

    /// Writes what waits, for at most two seconds.
    @Override
    public void close() {
        closed = true;
        try {
            if (!writer.join(CLOSING_MAX)) {
                writer.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
