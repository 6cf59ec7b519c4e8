package io.tamada.dcs.zookeeper;

import io.tamada.dcs.KeyPaths;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.dcs.WakeUps;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/// Passes on what ZooKeeper tells of the nodes below the base.
final class ChangeHints {

    /// One subscription: a listener may be registered twice, and each ends by itself.
    private static final class Subscriber {
        final WakeUps wakeUps;

        Subscriber(WakeUps wakeUps) {
            this.wakeUps = wakeUps;
        }
    }

    private final KeyPaths paths;
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private volatile @Nullable ZooKeeper connection;

    ChangeHints(KeyPaths paths) {
        this.paths = paths;
    }

    Subscription add(WakeUps wakeUps) {
        Subscriber own = new Subscriber(wakeUps);
        subscribers.add(own);
        ZooKeeper now = connection;
        if (now != null && subscribers.size() == 1) {
            ask(now);
        }
        return () -> subscribers.remove(own);
    }

    /// The connection was made or lost.
    void turned(KeeperState state, @Nullable ZooKeeper now) {
        connection = now;
        if (state == KeeperState.SaslAuthenticated) {
            return;
        }
        if (now != null && !subscribers.isEmpty()) {
            ask(now);
        }
        tell(WakeUps.Hint.CONNECTION);
    }

    private void ask(ZooKeeper now) {
        now.addWatch(
                paths.base(),
                this::changed,
                AddWatchMode.PERSISTENT_RECURSIVE,
                // Without a watch the loop still looks at every interval.
                (_, _, _) -> {},
                null);
    }

    private void changed(WatchedEvent event) {
        if (event.getType() == EventType.None) {
            return;
        }
        String key = paths.relative(event.getPath());
        if (key != null) {
            tell(KeyPaths.hint(key));
        }
    }

    private void tell(WakeUps.Hint hint) {
        for (Subscriber subscriber : subscribers) {
            subscriber.wakeUps.wake(hint);
        }
    }
}
