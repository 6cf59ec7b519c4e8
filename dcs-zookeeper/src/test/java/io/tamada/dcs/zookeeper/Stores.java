package io.tamada.dcs.zookeeper;

import io.tamada.dcs.KeyPaths;
import io.tamada.ha.model.ConfigDocument;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/// Opens stores for tests.
final class Stores {

    private Stores() {}

    /// A section that names these servers.
    static ConfigDocument section(ZooKeeperServer... servers) {
        return ConfigDocument.of(
                Map.of(
                        "hosts",
                        Arrays.stream(servers)
                                .map(s -> "127.0.0.1:" + s.address().getPort())
                                .toList()));
    }

    static ZooKeeperStore open(ConfigDocument section, KeyPaths paths) {
        return ZooKeeperProvider.store(
                "zookeeper", section, paths, Duration.ofSeconds(5), ZooKeeperServer.TIME);
    }
}
