package io.tamada.dcs.etcd;

import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.stub.StreamObserver;
import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.etcd.SignIn.Signed;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.dcs.WakeUps;
import io.tamada.ha.dcs.WakeUps.Hint;
import io.tamada.ha.time.Deadline;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Follows the cluster's keys over one stream and passes changes on as hints. A stream that breaks
/// is replaced by one that begins where it ended.
final class Etcd3Watch implements AutoCloseable {

    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Etcd3Wire wire;
    private final KeyPaths paths;
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread thread;

    /// From which revision on nothing was seen yet; zero for the present one.
    private final AtomicLong next = new AtomicLong();

    /// One subscription: a listener may be registered twice, and each ends by itself.
    private static final class Subscriber {
        final WakeUps wakeUps;

        Subscriber(WakeUps wakeUps) {
            this.wakeUps = wakeUps;
        }
    }

    Etcd3Watch(Etcd3Wire wire, KeyPaths paths) {
        this.wire = wire;
        this.paths = paths;
    }

    Subscription add(WakeUps wakeUps) {
        Subscriber own = new Subscriber(wakeUps);
        subscribers.add(own);
        start();
        return () -> subscribers.remove(own);
    }

    private synchronized void start() {
        if (thread == null && closed.getCount() > 0) {
            thread = Thread.ofVirtual().name("etcd-watch").start(this::run);
        }
    }

    private void run() {
        boolean wasConnected = true;
        try {
            while (!wire.isClosed()) {
                Signed signed = wire.stream(Deadline.after(wire.time(), CONNECT_PATIENCE));
                boolean connected = signed != null;
                if (connected || wasConnected) {
                    tell(EnumSet.of(Hint.CONNECTION));
                }
                wasConnected = connected;
                if (signed != null) {
                    follow(signed);
                }
                if (closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException | IllegalStateException _) {
            // Closed.
        }
    }

    /// Returns when the stream has ended.
    private void follow(Signed signed) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        StreamObserver<WatchRequest> requests =
                WatchGrpc.newStub(signed.channel()).watch(new Events(ended));
        try {
            requests.onNext(
                    WatchRequest.newBuilder()
                            .setCreateRequest(
                                    WatchCreateRequest.newBuilder()
                                            .setKey(Bytes.of(paths.prefix()))
                                            .setRangeEnd(Bytes.afterAll(paths.prefix()))
                                            .setStartRevision(next.get())
                                            .setProgressNotify(true))
                            .build());
            ended.await();
        } finally {
            requests.onError(new InterruptedException("the watch ends"));
        }
    }

    private final class Events implements StreamObserver<WatchResponse> {
        private final CountDownLatch ended;

        Events(CountDownLatch ended) {
            this.ended = ended;
        }

        @Override
        public void onNext(WatchResponse response) {
            if (response.getCompactRevision() > 0 || response.getCanceled()) {
                // What happened in between can't be told any more.
                next.set(0);
                tell(EnumSet.allOf(Hint.class));
                ended.countDown();
                return;
            }
            next.accumulateAndGet(response.getHeader().getRevision() + 1, Math::max);
            Set<Hint> hints = EnumSet.noneOf(Hint.class);
            response.getEventsList()
                    .forEach(event -> {
                        String key = paths.relative(event.getKv().getKey().toStringUtf8());
                        if (key != null) {
                            hints.add(KeyPaths.hint(key));
                        }
                    });
            tell(hints);
        }

        @Override
        public void onError(Throwable problem) {
            ended.countDown();
        }

        @Override
        public void onCompleted() {
            ended.countDown();
        }
    }

    private void tell(Set<Hint> hints) {
        for (Subscriber subscriber : subscribers) {
            hints.forEach(subscriber.wakeUps::wake);
        }
    }

    @Override
    public synchronized void close() {
        closed.countDown();
        if (thread != null) {
            thread.interrupt();
        }
    }
}
