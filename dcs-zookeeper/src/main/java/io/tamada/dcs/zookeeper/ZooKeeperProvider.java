package io.tamada.dcs.zookeeper;

import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.KeyValueDcs;
import io.tamada.ha.dcs.DcsProvider;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.StoreSetting;
import io.tamada.ha.dcs.StoreUrl;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.curator.ensemble.fixed.FixedEnsembleProvider;

/// Opens a store on ZooKeeper from the `zookeeper` section. The servers have to be of release 3.6
/// or later.
public final class ZooKeeperProvider implements DcsProvider {

    @Override
    public String section() {
        return "zookeeper";
    }

    @Override
    public List<StoreSetting> settings() {
        return SectionSettings.DESCRIBED;
    }

    @Override
    public Optional<StoreUrl> url() {
        return Optional.of(
                new StoreUrl(ZooKeeperSettings.PORT, "hosts", true, null, false, Set.of("hosts")));
    }

    @Override
    public DistributedConfigStore open(Context context) {
        KeyPaths paths = KeyPaths.of(context.namespace(), context.scope(), context.group());
        return new KeyValueDcs(
                store(
                        section(),
                        context.settings(),
                        paths,
                        context.timings().retryTimeout(),
                        context.time()),
                context.member(),
                context.timings().ttl());
    }

    /// @param timeout after which a dead connection for reads is given up
    static ZooKeeperStore store(
            String name,
            ConfigDocument section,
            KeyPaths paths,
            Duration timeout,
            TimeSource time) {
        LibraryNoise.quieten();
        ZooKeeperSettings settings = ZooKeeperSettings.of(name, section);
        return new ZooKeeperStore(
                new Layout(paths, settings.acls()),
                new Dialer(settings::servers, settings),
                new FixedEnsembleProvider(
                        ZooKeeperSettings.connectString(settings.servers()), false),
                timeout,
                time);
    }
}
