package io.tamada.configuration;

import io.tamada.configuration.Setting.Effect;
import io.tamada.configuration.Setting.Layer;
import io.tamada.ha.model.ConfigDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Settings that count only once the agent is started anew: a reload leaves them as they were.
final class RestartSettings {

    private RestartSettings() {}

    /// The changed document with the old values of those settings.
    ///
    /// @param waiting gets the names of those that differ
    static ConfigDocument kept(
            Catalogue catalogue,
            ConfigDocument before,
            ConfigDocument changed,
            List<String> waiting) {
        ConfigDocument result = changed;
        for (List<String> path : paths(catalogue)) {
            String[] keys = path.toArray(String[]::new);
            ConfigDocument old = withoutReloaded(catalogue, path, before);
            if (!sameText(old.at(keys), withoutReloaded(catalogue, path, changed).at(keys))) {
                waiting.add(String.join(".", path));
                result = ConfigDocument.of(with(result.root(), path, before.at(keys)));
            }
        }
        return result;
    }

    /// A store's section counts as one, but for what its store takes over while it runs: half of an
    /// old and half of a new one reach no store.
    private static List<List<String>> paths(Catalogue catalogue) {
        List<List<String>> paths = new ArrayList<>();
        for (Setting setting : catalogue.settings()) {
            boolean store = catalogue.stores().contains(setting.path().getFirst());
            if (setting.effect() == Effect.RESTART && setting.layer() != Layer.DYNAMIC && !store) {
                paths.add(setting.path());
            }
        }
        new TreeSet<>(catalogue.stores()).forEach(section -> paths.add(List.of(section)));
        return paths;
    }

    /// A document without what can be reloaded in this place.
    private static ConfigDocument withoutReloaded(
            Catalogue catalogue, List<String> place, ConfigDocument document) {
        ConfigDocument result = document;
        for (Setting setting : catalogue.settings()) {
            List<String> path = setting.path();
            boolean inside =
                    path.size() > place.size() && path.subList(0, place.size()).equals(place);
            if (inside
                    && setting.effect() == Effect.RELOAD
                    && document.at(path.toArray(String[]::new)) != null) {
                result = ConfigDocument.of(with(result.root(), path, null));
            }
        }
        return result;
    }

    private static boolean sameText(@Nullable Object one, @Nullable Object other) {
        return (one == null) == (other == null) && tree(one).sameText(tree(other));
    }

    private static ConfigDocument tree(@Nullable Object value) {
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        root.put("value", value);
        return ConfigDocument.of(root);
    }

    /// @param value null removes what is there
    private static Map<String, @Nullable Object> with(
            Map<?, ?> map, List<String> path, @Nullable Object value) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        map.forEach((key, each) -> result.put(String.valueOf(key), each));
        String key = path.getFirst();
        List<String> rest = path.subList(1, path.size());
        Object next = value;
        if (!rest.isEmpty()) {
            Map<String, @Nullable Object> inner =
                    with(map.get(key) instanceof Map<?, ?> there ? there : Map.of(), rest, value);
            next = inner.isEmpty() ? null : inner;
        }
        if (next == null) {
            result.remove(key);
        } else {
            result.put(key, next);
        }
        return result;
    }
}
