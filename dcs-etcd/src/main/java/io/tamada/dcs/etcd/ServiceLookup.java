package io.tamada.dcs.etcd;

import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// Keeps the servers that DNS names: asks before the first call, and again while none of them
/// answers. Asking runs beside the calls, which wait for it only when they know no server at all.
final class ServiceLookup {

    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final ServiceRecords records;
    private final Channels channels;
    private final TimeSource time;
    private final AtomicReference<CountDownLatch> asking =
            new AtomicReference<>(new CountDownLatch(0));
    private volatile long askedAtNanos;

    ServiceLookup(ServiceRecords records, Channels channels, TimeSource time) {
        this.records = records;
        this.channels = channels;
        this.time = time;
        this.askedAtNanos = time.nanos() - PAUSE.toNanos();
    }

    /// Before a call.
    void require(Deadline by) throws InterruptedException {
        if (channels.inOrder().isEmpty()) {
            CountDownLatch answered = ask();
            var _ = answered.await(by.remaining().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /// No server answered a call.
    void nobodyAnswered() {
        var _ = ask();
    }

    private CountDownLatch ask() {
        CountDownLatch before = asking.get();
        boolean due = time.nanos() - askedAtNanos >= PAUSE.toNanos();
        CountDownLatch now = new CountDownLatch(1);
        if (before.getCount() > 0 || !due || !asking.compareAndSet(before, now)) {
            return asking.get();
        }
        askedAtNanos = time.nanos();
        Thread.ofVirtual()
                .name("etcd-dns")
                .start(() -> {
                    try {
                        ServiceRecords.Found found = records.find();
                        if (found != null) {
                            channels.configure(found.servers(), found.encrypted());
                        }
                    } finally {
                        now.countDown();
                    }
                });
        return now;
    }
}
