package io.tamada.testkit;

import io.tamada.ha.dcs.DcsProvider;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.StoreSetting;
import io.tamada.ha.dcs.StoreSetting.Kind;
import io.tamada.ha.model.ConfigDocument;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A store for tests of what reads configurations, so that no real backend is needed: section
/// `shelf`, with a setting of each kind. Tests name it in `META-INF/services`.
public final class ShelfProvider implements DcsProvider {

    /// Stores to be opened, by the host in their section.
    public static final Map<String, DistributedConfigStore> STOCK = new ConcurrentHashMap<>();

    /// For the service loader.
    public ShelfProvider() {}

    @Override
    public String section() {
        return "shelf";
    }

    @Override
    public List<StoreSetting> settings() {
        return List.of(
                StoreSetting.of("host", Kind.TEXT, "Where it stands."),
                StoreSetting.of("port", Kind.PORT, "Its port.").or("2379"),
                StoreSetting.of("boards", Kind.LIST, "Its boards."),
                StoreSetting.of("labels", Kind.MAPPING, "What is written on it."),
                StoreSetting.of("verify", Kind.FLAG, "Whether it is looked at twice.").or("true"),
                StoreSetting.of("patience", Kind.SECONDS, "How long it waits.").or("0.5"),
                StoreSetting.choice("wood", List.of("oak", "pine"), "What it is made of."),
                StoreSetting.of("username", Kind.TEXT, "Who may take from it."),
                StoreSetting.of("password", Kind.TEXT, "How they prove it.")
                        .asSecret()
                        .asReloadable());
    }

    @Override
    public List<String> problems(ConfigDocument section) {
        return section.at("wood") != null && section.at("boards") == null
                ? List.of("shelf.wood: there are no boards to be of it")
                : List.of();
    }

    @Override
    public DistributedConfigStore open(Context context) {
        DistributedConfigStore stocked = STOCK.get(String.valueOf(context.settings().at("host")));
        if (stocked != null) {
            return stocked;
        }
        throw new IllegalArgumentException("shelf.password: there is nothing to open");
    }
}
