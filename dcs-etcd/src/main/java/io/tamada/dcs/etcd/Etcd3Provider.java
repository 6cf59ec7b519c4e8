package io.tamada.dcs.etcd;

import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.KeyValueDcs;
import io.tamada.ha.dcs.DcsProvider;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.StoreSetting;
import io.tamada.ha.dcs.StoreUrl;
import io.tamada.ha.model.ConfigDocument;
import java.util.List;
import java.util.Optional;

/// Opens a store on etcd by its gRPC interface, from the `etcd3` section. The servers have to be of
/// release 3.3 or later.
public final class Etcd3Provider implements DcsProvider {

    static final String SECTION = "etcd3";

    @Override
    public String section() {
        return SECTION;
    }

    @Override
    public List<StoreSetting> settings() {
        return EtcdSettings.DESCRIBED;
    }

    @Override
    public Optional<StoreUrl> url() {
        return Optional.of(EtcdSettings.URL);
    }

    @Override
    public List<String> problems(ConfigDocument section) {
        try {
            EtcdSettings.of(section(), section);
            return List.of();
        } catch (IllegalArgumentException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public DistributedConfigStore open(Context context) {
        EtcdSettings settings = EtcdSettings.of(section(), context.settings());
        KeyPaths paths = KeyPaths.of(context.namespace(), context.scope(), context.group());
        return new KeyValueDcs(
                new Etcd3Store(new Etcd3Wire(settings, context.time()), paths),
                context.member(),
                context.timings().ttl());
    }
}
