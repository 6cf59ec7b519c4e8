package io.tamada.configuration;

import io.tamada.configuration.Setting.Layer;
import io.tamada.ha.dcs.StoreSetting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// All settings that are known: the only list from which reading, validation, the environment's
/// names and the documentation follow.
///
/// The sections of the stores come from the providers that are found, not from here.
public final class Catalogue {

    /// Where the local file holds the first dynamic configuration.
    public static final List<String> FIRST_DYNAMIC = List.of("bootstrap", "dcs");

    private final List<Setting> settings;
    private final Set<String> sections;
    private final Branch localRoot = new Branch();
    private final Branch dynamicRoot = new Branch();

    /// One level of keys.
    static final class Branch {
        final Map<String, Branch> children = new LinkedHashMap<>();
        @Nullable Setting setting;

        /// True when keys of the user's own belong here.
        boolean isOpen() {
            return setting != null
                    && (setting.type() instanceof ValueType.Mapping
                            || setting.type() instanceof ValueType.Anything);
        }
    }

    /// @param stores the sections of the stores that there are, each with its settings
    public Catalogue(Map<String, List<StoreSetting>> stores) {
        sections = Set.copyOf(stores.keySet());
        List<Setting> all = new ArrayList<>();
        Stream.of(AgentSettings.ALL, PostgresSettingsList.ALL, DynamicSettings.ALL)
                .forEach(all::addAll);
        new TreeMap<>(stores)
                .forEach((section, described) -> all.addAll(StoreSection.of(section, described)));
        settings = List.copyOf(all);
        for (Setting setting : settings) {
            if (setting.layer() != Layer.DYNAMIC) {
                place(localRoot, setting);
            }
            if (setting.layer() != Layer.LOCAL) {
                place(dynamicRoot, setting);
            }
        }
        Branch bootstrap = localRoot.children.get(FIRST_DYNAMIC.getFirst());
        if (bootstrap != null) {
            bootstrap.children.put(FIRST_DYNAMIC.getLast(), dynamicRoot);
        }
    }

    private static void place(Branch root, Setting setting) {
        Branch here = root;
        for (String key : setting.path()) {
            here = here.children.computeIfAbsent(key, _ -> new Branch());
        }
        here.setting = setting;
    }

    /// Every setting, in the order of documentation.
    public List<Setting> settings() {
        return settings;
    }

    /// The sections of the stores that there are.
    Set<String> stores() {
        return sections;
    }

    Branch localRoot() {
        return localRoot;
    }

    Branch dynamicRoot() {
        return dynamicRoot;
    }

    /// The setting that a path of the local file belongs to.
    public Optional<Setting> local(List<String> path) {
        Branch here = localRoot;
        for (String key : path) {
            here = here.children.get(key);
            if (here == null) {
                return Optional.empty();
            }
        }
        return Optional.ofNullable(here.setting);
    }

    /// True for a path whose value must not be shown. Errs on the side of silence for names that
    /// sound secret.
    public boolean isSecret(List<String> path) {
        return local(path).map(Setting::secret).orElse(false)
                || path.stream().anyMatch(Catalogue::soundsSecret)
                || (path.size() > 1 && isSecret(path.subList(0, path.size() - 1)));
    }

    static boolean soundsSecret(String key) {
        String lower = key.toLowerCase(java.util.Locale.ROOT);
        return Stream.of("password", "passwd", "secret", "token", "auth_data", "passphrase")
                .anyMatch(lower::contains);
    }
}
