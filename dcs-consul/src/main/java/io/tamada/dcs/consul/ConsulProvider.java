package io.tamada.dcs.consul;

import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.KeyValueDcs;
import io.tamada.ha.dcs.DcsProvider;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.StoreSetting;
import io.tamada.ha.dcs.StoreUrl;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Opens a store on Consul from the `consul` section. The agent has to be of release 1.5 or later.
public final class ConsulProvider implements DcsProvider {

    @Override
    public String section() {
        return "consul";
    }

    @Override
    public List<StoreSetting> settings() {
        return SectionSettings.DESCRIBED;
    }

    @Override
    public Optional<StoreUrl> url() {
        return Optional.of(
                new StoreUrl(
                        ConsulSettings.PORT,
                        "host",
                        false,
                        null,
                        false,
                        Set.of("host", "port", "url")));
    }

    @Override
    public DistributedConfigStore open(Context context) {
        KeyPaths paths = KeyPaths.of(context.namespace(), context.scope(), context.group());
        Duration ttl = context.timings().ttl();
        return new KeyValueDcs(
                store(
                        context.settings(),
                        paths,
                        context.scope(),
                        context.member(),
                        ttl,
                        context.time()),
                context.member(),
                ttl);
    }

    static ConsulStore store(
            ConfigDocument section,
            KeyPaths paths,
            String scope,
            @Nullable MemberName member,
            Duration ttl,
            TimeSource time) {
        ConsulSettings settings = ConsulSettings.of(section);
        ConsulHttp http = new ConsulHttp(settings);
        ConsulSettings.Service service = settings.service();
        ServiceRegistration registration =
                member == null || service == null
                        ? null
                        : new ServiceRegistration(
                                http,
                                new ServiceEntry.Template(scope, member.value(), service, ttl),
                                time);
        String name = scope + "-" + (member == null ? "tool" : member.value());
        return new ConsulStore(paths, settings, http, name, registration, time);
    }
}
