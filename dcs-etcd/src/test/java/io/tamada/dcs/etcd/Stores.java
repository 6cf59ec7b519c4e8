package io.tamada.dcs.etcd;

import io.tamada.dcs.KeyPaths;
import io.tamada.ha.model.ConfigDocument;
import java.util.Arrays;
import java.util.Map;

/// Opens stores for tests.
final class Stores {

    private Stores() {}

    static Etcd3Store open(KeyPaths paths, Endpoint... servers) {
        return open(
                paths,
                ConfigDocument.of(
                        Map.of(
                                "hosts",
                                Arrays.stream(servers).map(Endpoint::toString).toList(),
                                "use_proxies",
                                true)));
    }

    static Etcd3Store open(KeyPaths paths, ConfigDocument section) {
        return new Etcd3Store(
                new Etcd3Wire(EtcdSettings.of("etcd3", section), EtcdServer.TIME), paths);
    }
}
