package io.tamada.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.ConfigDocument;
import io.tamada.testkit.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

/// A place for lines that hangs, as a full pipe does.
class QueueHandlerTest {

    private static final LogSettings SETTINGS =
            LogSettings.of(ConfigDocument.of(Map.of("format", "%(message)s")));

    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch reached = new CountDownLatch(1);
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private final LogSink stuck =
            new LogSink() {
                @Override
                public void write(String line) {
                    reached.countDown();
                    try {
                        opened.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    lines.add(line.strip());
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

    private QueueHandler handler(int capacity) throws InterruptedException {
        QueueHandler handler =
                new QueueHandler(
                        capacity,
                        stuck,
                        new LineFormatter(SETTINGS, new Redactor(Set.of())),
                        new HeartbeatFilter(SETTINGS));
        handler.publish(new LogRecord(Level.INFO, "stuck"));
        reached.await();
        return handler;
    }

    private static void publish(QueueHandler handler, int count) {
        for (int i = 1; i <= count; i++) {
            handler.publish(new LogRecord(Level.INFO, "line " + i));
        }
    }

    @Test
    void whatDoesNotFitIsDroppedCountedAndToldOf() throws InterruptedException {
        QueueHandler handler = handler(3);
        publish(handler, 5);

        assertThat(handler.size()).isEqualTo(3);
        assertThat(handler.lostRecords()).isEqualTo(2);
        opened.countDown();
        Eventually.await("all is written", Duration.ofSeconds(10), () -> lines.size() == 5);
        assertThat(handler.finish()).isTrue();
        assertThat(lines)
                .containsExactly(
                        "stuck",
                        "Lost 2 log records: the queue was full",
                        "line 1",
                        "line 2",
                        "line 3");
    }

    @Test
    void moreOrFewerMayWaitAfterAReload() throws InterruptedException {
        QueueHandler handler = handler(1);
        publish(handler, 2);
        handler.hold(4);
        publish(handler, 4);
        assertThat(handler.size()).isEqualTo(4);
        handler.hold(2);
        publish(handler, 1);

        assertThat(handler.size()).isEqualTo(4);
        assertThat(handler.lostRecords()).isEqualTo(3);
        opened.countDown();
        assertThat(handler.finish()).isTrue();
    }
}
