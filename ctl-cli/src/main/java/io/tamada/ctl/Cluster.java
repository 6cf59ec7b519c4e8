package io.tamada.ctl;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.DcsProvider;
import io.tamada.ha.dcs.DcsProviders;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.ReadResult;
import io.tamada.ha.dcs.StoreServers;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.Initialization;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A cluster in its store, as an operator names it. With Citus it has groups, of which one is
/// addressed: the one asked for, else the coordinator's.
final class Cluster implements AutoCloseable {

    private static final int COORDINATOR = 0;

    /// Groups are looked for upwards from the coordinator until one is missing, at most this many.
    private static final int GROUPS_MAX = 1000;

    private final String name;
    private final @Nullable Integer group;
    private final CtlSettings settings;
    private final DcsProviders providers;
    private final TimeSource time;
    private final Map<Integer, DistributedConfigStore> stores = new LinkedHashMap<>();

    Cluster(
            String name,
            @Nullable Integer group,
            CtlSettings settings,
            DcsProviders providers,
            TimeSource time) {
        this.name = name;
        this.group = group;
        this.settings = settings;
        this.providers = providers;
        this.time = time;
    }

    String name() {
        return name;
    }

    boolean isCitus() {
        return settings.isCitus();
    }

    /// The group that was asked for; null for none.
    @Nullable Integer group() {
        return group;
    }

    private @Nullable Integer addressed() {
        return group == null && isCitus() ? Integer.valueOf(COORDINATOR) : group;
    }

    /// Reads the cluster, or the group that is addressed.
    GroupView look() {
        return look(addressed());
    }

    /// Reads what tables show and what members are chosen from: all groups, unless one was asked
    /// for.
    List<GroupView> lookAtAll() {
        if (group != null || !isCitus()) {
            return List.of(look());
        }
        List<GroupView> result = new ArrayList<>();
        for (int number = COORDINATOR; number < GROUPS_MAX; number++) {
            GroupView view = look(number);
            boolean exists =
                    !view.members().isEmpty()
                            || !(view.view().initialization() instanceof Initialization.Absent);
            if (!exists && number > COORDINATOR) {
                break;
            }
            result.add(view);
        }
        return result;
    }

    private GroupView look(@Nullable Integer number) {
        try {
            return switch (store(number).read(deadline())) {
                case ReadResult.Seen(var view) -> GroupView.of(number, view);
                case ReadResult.Unknown(String problem) ->
                        throw new CtlError(
                                "The store does not answer: "
                                        + problem
                                        + ". Is it running, and is its address right in the configuration or in"
                                        + " --dcs-url?");
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CtlError.Aborted();
        }
    }

    /// Writes an entry of the addressed group.
    WriteResult write(DcsEntry entry, Precondition when) {
        try {
            return store(addressed()).write(entry, when, deadline());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new WriteResult.Unknown("interrupted");
        }
    }

    /// Deletes every key of the addressed group.
    WriteResult deleteAll() {
        try {
            return store(addressed()).deleteCluster(deadline());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new WriteResult.Unknown("interrupted");
        }
    }

    /// The servers of the store itself.
    ///
    /// @throws CtlError when the store is run apart from the members, or does not answer
    List<StoreServers.Server> storeServers() {
        try {
            return switch (servers().list(deadline())) {
                case StoreServers.Listing.Seen(var found) -> found;
                case StoreServers.Listing.Unknown(String problem) ->
                        throw new CtlError("The store does not answer: " + problem);
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CtlError.Aborted();
        }
    }

    /// Removes a server of the store itself.
    WriteResult removeStoreServer(String address) {
        try {
            return servers().remove(address, deadline());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new WriteResult.Unknown("interrupted");
        }
    }

    private StoreServers servers() {
        return store(addressed())
                .servers()
                .orElseThrow(() ->
                        new CtlError(
                                "This store is not run by the members: look after its servers with its own tools"));
    }

    MemberTable table(List<GroupView> groups, ZoneId zone) {
        return new MemberTable(name, groups, isCitus(), group, zone);
    }

    private Deadline deadline() {
        return Deadline.after(time, settings.timings().retryTimeout());
    }

    private DistributedConfigStore store(@Nullable Integer number) {
        return stores.computeIfAbsent(number == null ? -1 : number, _ -> open(number));
    }

    private DistributedConfigStore open(@Nullable Integer number) {
        String section = settings.storeSection(providers.sections());
        try {
            return providers
                    .forSection(section)
                    .open(
                            new DcsProvider.Context(
                                    settings.document().section(section),
                                    settings.namespace(),
                                    name,
                                    null,
                                    number,
                                    settings.timings(),
                                    time));
        } catch (IllegalArgumentException e) {
            throw new CtlError("The store can't be opened: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        stores.values().forEach(DistributedConfigStore::close);
        stores.clear();
    }
}
