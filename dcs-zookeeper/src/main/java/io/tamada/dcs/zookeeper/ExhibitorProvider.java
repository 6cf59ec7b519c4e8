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

/// Opens a store on ZooKeeper from the `exhibitor` section: the servers are those that Exhibitor
/// names, also when they change.
public final class ExhibitorProvider implements DcsProvider {

    private static final int PORT = 8181;

    @Override
    public String section() {
        return ExhibitorSettings.SECTION;
    }

    @Override
    public List<StoreSetting> settings() {
        return ExhibitorSettings.DESCRIBED;
    }

    @Override
    public Optional<StoreUrl> url() {
        return Optional.of(
                new StoreUrl(PORT, "hosts", true, "port", false, Set.of("hosts", "port")));
    }

    @Override
    public DistributedConfigStore open(Context context) {
        KeyPaths paths = KeyPaths.of(context.namespace(), context.scope(), context.group());
        return new KeyValueDcs(
                store(context.settings(), paths, context.timings().retryTimeout(), context.time()),
                context.member(),
                context.timings().ttl());
    }

    /// @param timeout after which a dead connection for reads is given up
    static ZooKeeperStore store(
            ConfigDocument section, KeyPaths paths, Duration timeout, TimeSource time) {
        LibraryNoise.quieten();
        ZooKeeperSettings settings =
                ZooKeeperSettings.withoutServers(ExhibitorSettings.SECTION, section);
        Exhibitor exhibitor = new Exhibitor(ExhibitorSettings.of(section));
        ZooKeeperStore store =
                new ZooKeeperStore(
                        new Layout(paths, settings.acls()),
                        new Dialer(exhibitor::servers, settings),
                        exhibitor,
                        timeout,
                        time);
        exhibitor.onChange(store::serversChanged);
        return store;
    }
}
