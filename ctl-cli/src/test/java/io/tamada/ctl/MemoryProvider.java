package io.tamada.ctl;

import io.tamada.dcs.KeyValueDcs;
import io.tamada.ha.dcs.DcsProvider;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.StoreSetting;
import io.tamada.ha.dcs.StoreSetting.Kind;
import io.tamada.testkit.InMemoryStore;
import io.tamada.testkit.ManualTime;
import io.tamada.testkit.StoreNetwork;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A store in this process, found as every other backend is. The section's `id` says which.
public final class MemoryProvider implements DcsProvider {

    static final String SECTION = "memory";

    /// What a test made under an id: the stores by namespace, scope and group.
    private static final Map<String, Shelf> SHELVES = new ConcurrentHashMap<>();

    /// @param network what lies between the tool and the store
    record Shelf(ManualTime time, StoreNetwork network, Map<String, InMemoryStore> stores) {

        InMemoryStore store(String path) {
            return stores.computeIfAbsent(path, _ -> new InMemoryStore(time));
        }
    }

    static Shelf shelf(String id, ManualTime time, StoreNetwork network) {
        return SHELVES.computeIfAbsent(
                id, _ -> new Shelf(time, network, new ConcurrentHashMap<>()));
    }

    static void remove(String id) {
        SHELVES.remove(id);
    }

    @Override
    public String section() {
        return SECTION;
    }

    @Override
    public List<StoreSetting> settings() {
        return List.of(
                StoreSetting.of("id", Kind.TEXT, "Which store."),
                StoreSetting.of("hosts", Kind.LIST, "Where it is."),
                StoreSetting.of("port", Kind.PORT, "Its port."),
                StoreSetting.of("labels", Kind.MAPPING, "What is written on it."),
                StoreSetting.of("verify", Kind.FLAG, "Whether it is looked at twice."),
                StoreSetting.of("password", Kind.TEXT, "A word.").asSecret());
    }

    @Override
    public DistributedConfigStore open(Context context) {
        Object id = context.settings().at("id");
        Shelf shelf = id == null ? null : SHELVES.get(id.toString());
        if (shelf == null) {
            throw new IllegalArgumentException(
                    "memory.id: '" + id + "' is not a store of this process");
        }
        String group = context.group() == null ? "" : "/" + context.group();
        InMemoryStore store = shelf.store(context.namespace() + "/" + context.scope() + group);
        return new KeyValueDcs(
                store.connect(shelf.time().jumping(), shelf.network()),
                context.member(),
                context.timings().ttl());
    }
}
