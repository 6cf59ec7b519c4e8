package io.tamada.agent.log;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// Takes records into a bounded queue and writes them on a thread of its own, so that a slow disk
/// or a blocked pipe never holds up whoever logs. When the queue is full, records are dropped and
/// counted, and the count is told later.
final class QueueHandler extends Handler {

    private static final Duration CLOSING_MAX = Duration.ofSeconds(2);

    private final BlockingQueue<LogRecord> queue = new LinkedBlockingQueue<>();
    private volatile int capacity;
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong lostInAll = new AtomicLong();
    private final Thread writer;
    private volatile Writing writing;
    private volatile boolean closed;

    /// Where lines go and how they look; replaced as one.
    private record Writing(LogSink sink, LineFormatter formatter, HeartbeatFilter filter) {}

    QueueHandler(int capacity, LogSink sink, LineFormatter formatter, HeartbeatFilter filter) {
        this.capacity = capacity;
        writing = new Writing(sink, formatter, filter);
        writer = Thread.ofPlatform().daemon().name("log-writer").start(this::writeAll);
    }

    /// Lines look and go like this from now on; the old sink is closed once it is no longer written
    /// to.
    void use(LogSink sink, LineFormatter formatter, HeartbeatFilter filter) {
        writing = new Writing(sink, formatter, filter);
    }

    /// From now on so many records may wait. Of more that wait already none is dropped.
    void hold(int records) {
        capacity = records;
    }

    @Override
    public void publish(LogRecord entry) {
        if (!isLoggable(entry) || closed) {
            return;
        }
        // The caller's place would be lost in another thread.
        entry.getSourceClassName();
        // Threads that see the last place at the same time all get in: one too many each, at most.
        if (queue.size() < capacity) {
            queue.add(entry);
        } else {
            lost.incrementAndGet();
            lostInAll.incrementAndGet();
        }
    }

    private void writeAll() {
        Writing last = writing;
        boolean interrupted = false;
        while (!interrupted || !queue.isEmpty()) {
            try {
                LogRecord entry = interrupted ? queue.poll() : queue.take();
                Writing now = writing;
                if (!now.sink().equals(last.sink())) {
                    last.sink().close();
                }
                last = now;
                if (entry != null) {
                    write(now, entry);
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        last.sink().close();
    }

    private void write(Writing now, LogRecord entry) {
        try {
            long dropped = lost.getAndSet(0);
            if (dropped > 0) {
                LogRecord notice =
                        new LogRecord(
                                Level.WARNING,
                                "Lost " + dropped + " log records: the queue was full");
                notice.setLoggerName(QueueHandler.class.getName());
                now.sink().write(now.formatter().format(notice));
            }
            for (LogRecord each : now.filter().passes(entry)) {
                now.sink().write(now.formatter().format(each));
            }
            if (queue.isEmpty()) {
                now.sink().flush();
            }
        } catch (RuntimeException e) {
            // A record that can't be formatted must not end the log.
            System.err.println("log: " + e);
        }
    }

    /// How many records wait.
    int size() {
        return queue.size();
    }

    /// How many were dropped since the start.
    long lostRecords() {
        return lostInAll.get();
    }

    @Override
    public void flush() {
        // The writer flushes whenever nothing waits.
    }

    /// Writes what waits, for a bounded time.
    ///
    /// @return true when everything was written
    boolean finish() {
        closed = true;
        writer.interrupt();
        try {
            writer.join(TimeUnit.SECONDS.toMillis(CLOSING_MAX.toSeconds()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !writer.isAlive();
    }

    @Override
    public void close() {
        finish();
    }
}
