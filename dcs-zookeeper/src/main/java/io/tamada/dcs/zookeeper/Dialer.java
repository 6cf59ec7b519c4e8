package io.tamada.dcs.zookeeper;

import io.tamada.ha.time.Deadline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.client.ZKClientConfig;
import org.jspecify.annotations.Nullable;

/// Makes connections, of which each has the settings' credentials.
final class Dialer {

    /// No server is waited for longer than this while others are left to try.
    private static final Duration ATTEMPT_MAX = Duration.ofSeconds(3);

    private static final Duration ATTEMPT_MIN = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Supplier<List<InetSocketAddress>> servers;
    private final List<ZooKeeperSettings.Auth> auths;
    private final ZKClientConfig config;
    private final AtomicReference<@Nullable InetSocketAddress> lastGood = new AtomicReference<>();

    Dialer(Supplier<List<InetSocketAddress>> servers, ZooKeeperSettings settings) {
        this.servers = servers;
        this.auths = settings.auths();
        this.config = settings.clientConfig();
    }

    /// A handle that keeps itself connected, with a session of no importance.
    Handle permanent(String hosts, int timeoutMillis, Watcher watcher) throws IOException {
        Handle handle = new Handle(hosts, timeoutMillis, watcher, config);
        authorise(handle);
        return handle;
    }

    private void authorise(Handle handle) {
        for (ZooKeeperSettings.Auth auth : auths) {
            handle.addAuthInfo(auth.scheme(), auth.credential().getBytes(StandardCharsets.UTF_8));
        }
    }

    /// Connects a session to whichever server answers, the last good one first.
    ///
    /// @param session 0 for a new one
    Dial dial(long session, byte[] password, int timeoutMillis, Deadline by)
            throws InterruptedException {
        String problem = "no ZooKeeper server answers";
        while (true) {
            List<InetSocketAddress> candidates = servers.get();
            if (by.hasPassed()) {
                return new Dial.Failed(problem);
            }
            InetSocketAddress good = lastGood.get();
            int first = good == null ? 0 : Math.max(0, candidates.indexOf(good));
            for (int i = 0; i < candidates.size(); i++) {
                if (by.hasPassed()) {
                    return new Dial.Failed(problem);
                }
                InetSocketAddress server = candidates.get((first + i) % candidates.size());
                boolean alone = candidates.size() == 1;
                Dial dial =
                        attempt(
                                server,
                                session,
                                password,
                                timeoutMillis,
                                alone ? by : by.within(share(by, candidates.size() - i)));
                if (!(dial instanceof Dial.Failed(String why))) {
                    lastGood.set(server);
                    return dial;
                }
                problem = why;
            }
            TimeUnit.NANOSECONDS.sleep(Math.min(PAUSE.toNanos(), by.remaining().toNanos()));
        }
    }

    private static Duration share(Deadline by, int left) {
        Duration share = by.remaining().dividedBy(left);
        Duration least = share.compareTo(ATTEMPT_MIN) < 0 ? ATTEMPT_MIN : share;
        return least.compareTo(ATTEMPT_MAX) > 0 ? ATTEMPT_MAX : least;
    }

    private Dial attempt(
            InetSocketAddress server, long session, byte[] password, int timeoutMillis, Deadline by)
            throws InterruptedException {
        CompletableFuture<KeeperState> first = new CompletableFuture<>();
        AtomicReference<@Nullable Handle> self = new AtomicReference<>();
        Watcher watcher = event -> first.complete(event.getState());
        Runnable over =
                () -> {
                    first.complete(KeeperState.Disconnected);
                    Handle done = self.get();
                    if (done != null) {
                        done.close();
                    }
                };
        Handle handle;
        try {
            handle =
                    new Handle(
                            new OneConnection(server, over),
                            timeoutMillis,
                            watcher,
                            session,
                            password,
                            config);
        } catch (IOException e) {
            return new Dial.Failed(server + ": " + e.getMessage());
        }
        self.set(handle);
        boolean connected = false;
        try {
            authorise(handle);
            KeeperState state = first.get(by.remaining().toNanos(), TimeUnit.NANOSECONDS);
            connected = state == KeeperState.SyncConnected;
            return switch (state) {
                case SyncConnected -> new Dial.Connected(new Line(handle));
                case Expired -> new Dial.Expired();
                case AuthFailed -> new Dial.Failed(server + " refused zookeeper.auth_data");
                default -> new Dial.Failed(server + " can't be connected to");
            };
        } catch (TimeoutException _) {
            return new Dial.Failed(server + " doesn't answer");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a state never fails", e);
        } finally {
            if (!connected) {
                handle.close();
            }
        }
    }
}
