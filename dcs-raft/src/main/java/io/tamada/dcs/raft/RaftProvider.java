package io.tamada.dcs.raft;

import io.tamada.dcs.KeyPaths;
import io.tamada.dcs.KeyValueDcs;
import io.tamada.dcs.KeyValueStore;
import io.tamada.dcs.raft.wire.Caller;
import io.tamada.dcs.raft.wire.GroupSecret;
import io.tamada.dcs.raft.wire.Network;
import io.tamada.dcs.raft.wire.WireTimers;
import io.tamada.ha.dcs.DcsProvider;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.StoreSetting;
import io.tamada.ha.dcs.StoreUrl;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.time.TimeSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/// Opens the embedded store from the `raft` section.
///
/// A member with `self_addr` runs a node: it votes and keeps the data in `data_dir`. A member
/// without one, and every tool, only asks the nodes in `partner_addrs`.
public final class RaftProvider implements DcsProvider {

    private static final System.Logger LOG = System.getLogger(RaftProvider.class.getName());

    @Override
    public String section() {
        return "raft";
    }

    @Override
    public List<StoreSetting> settings() {
        return RaftSettings.DESCRIBED;
    }

    @Override
    public Optional<StoreUrl> url() {
        return Optional.of(
                new StoreUrl(
                        RaftSettings.PORT,
                        "partner_addrs",
                        true,
                        null,
                        false,
                        Set.of("self_addr", "bind_addr", "partner_addrs")));
    }

    @Override
    public List<String> problems(ConfigDocument section) {
        try {
            RaftSettings.of(section);
            return List.of();
        } catch (IllegalArgumentException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public DistributedConfigStore open(Context context) {
        KeyPaths paths = KeyPaths.of(context.namespace(), context.scope(), context.group());
        RaftSettings settings = RaftSettings.of(context.settings());
        Network network = network(settings);
        KeyValueStore store =
                context.member() == null || settings.self() == null
                        ? client(settings, network, paths, context.time())
                        : node(settings, network, paths, context.time());
        return new KeyValueDcs(store, context.member(), context.timings().ttl());
    }

    static Network network(RaftSettings settings) {
        if (settings.password() == null) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "raft.password is not set: whoever reaches the raft port can read and change the cluster's state");
        }
        RaftSettings.TlsFiles tls = settings.tls();
        return new Network(
                GroupSecret.of(settings.password()), tls == null ? null : new RenewedTls(tls));
    }

    static RaftStore node(RaftSettings settings, Network network, KeyPaths paths, TimeSource time) {
        RaftNode node = RaftNode.open(settings, network, time);
        return new RaftStore(node.client(), paths, time, node);
    }

    static RaftStore client(
            RaftSettings settings, Network network, KeyPaths paths, TimeSource time) {
        ScheduledThreadPoolExecutor timer = WireTimers.scheduler("raft-client-timer");
        long connection = settings.timing().connection().toMillis();
        Caller caller = new Caller(network, timer, (int) Math.min(2_000, connection), connection);
        GroupClient client =
                new GroupClient(
                        caller, settings.nodes(), null, null, settings.timing().connection());
        return new RaftStore(
                client,
                paths,
                time,
                () -> {
                    caller.close();
                    timer.shutdownNow();
                });
    }
}
