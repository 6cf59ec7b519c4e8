package io.tamada.ctl;

import io.tamada.ha.dcs.DcsProviders;
import io.tamada.ha.model.ConfigDocument;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a command works with: the machine, the options before its name, and what follows from both,
/// made when first asked for.
final class Ctl implements AutoCloseable {

    private final World world;
    private final GlobalOptions options;
    private final List<Cluster> opened = new ArrayList<>();
    private @Nullable CtlSettings settings;
    private @Nullable DcsProviders providers;
    private @Nullable HttpMemberApi api;

    Ctl(World world, GlobalOptions options) {
        this.world = world;
        this.options = options;
    }

    World world() {
        return world;
    }

    GlobalOptions options() {
        return options;
    }

    Console console() {
        return world.console();
    }

    Dialogue dialogue() {
        return new Dialogue(world.console());
    }

    CtlSettings settings() {
        if (settings == null) {
            DcsProviders providers = providers();
            ConfigDocument document =
                    new ConfigSource(world.environment(), world.home(), providers)
                            .read(options.configFile);
            String fromEnvironment = world.environment().get("DCS_URL");
            String url = options.dcsUrl != null ? options.dcsUrl : fromEnvironment;
            if (url == null) {
                settings = new CtlSettings(document, null);
            } else {
                DcsUrl store = DcsUrl.parse(url, DcsUrl.schemes(providers));
                settings =
                        new CtlSettings(
                                store.applyTo(document, providers.sections()), store.section());
            }
        }
        return settings;
    }

    private DcsProviders providers() {
        if (providers == null) {
            providers = DcsProviders.visibleTo(world.stores());
        }
        return providers;
    }

    MemberApi api() {
        if (api == null) {
            api =
                    new HttpMemberApi(
                            settings().restAccess(options.insecure), console(), world.time());
        }
        return api;
    }

    /// The cluster of this name, or the configured one.
    ///
    /// @param name null to take the configuration's `scope`
    /// @throws CtlError when neither names one
    String clusterName(@Nullable String name) {
        String found = name == null ? settings().scope() : name;
        if (found == null) {
            throw new CtlError(
                    "No cluster is named: give its name, or set 'scope' in the configuration");
        }
        return found;
    }

    /// Opens a cluster; it is closed with this.
    Cluster open(@Nullable String name, @Nullable Integer group) {
        Cluster cluster =
                new Cluster(clusterName(name), group, settings(), providers(), world.time());
        opened.add(cluster);
        return cluster;
    }

    /// Shows the members of a cluster, as most dialogues begin with.
    void showMembers(Cluster cluster, List<GroupView> groups) {
        MemberTable table = cluster.table(groups, world.zone());
        console()
                .print(
                        OutputFormat.PRETTY.render(
                                table.table(false, false, true), table.header(), true));
        console().print(table.footer());
    }

    int exitCode(Outcome outcome) {
        return options.strictExit ? outcome.strictCode() : 0;
    }

    @Override
    public void close() {
        opened.forEach(Cluster::close);
        if (api != null) {
            api.close();
        }
    }
}
