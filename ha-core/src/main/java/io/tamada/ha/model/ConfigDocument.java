package io.tamada.ha.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A configuration document as a tree of plain values: maps, lists, strings, numbers, booleans,
/// nulls.
///
/// Whole numbers are held as `Long` and fractions as `Double`, so that documents are equal whoever
/// read them. It keeps what it doesn't understand, so that other tools may store data of their own
/// in it. Immutable.
public final class ConfigDocument {

    public static final ConfigDocument EMPTY = new ConfigDocument(Map.of());

    private final Map<String, @Nullable Object> root;

    private ConfigDocument(Map<String, ? extends @Nullable Object> root) {
        this.root = frozenMap(root);
    }

    public static ConfigDocument of(Map<String, ? extends @Nullable Object> root) {
        return root.isEmpty() ? EMPTY : new ConfigDocument(root);
    }

    /// The whole tree; unmodifiable at every depth.
    public Map<String, @Nullable Object> root() {
        return root;
    }

    /// The value at a path of keys; null when any part of the path is missing.
    public @Nullable Object at(String... path) {
        Object here = root;
        for (String key : path) {
            if (!(here instanceof Map<?, ?> map)) {
                return null;
            }
            here = map.get(key);
        }
        return here;
    }

    /// The mapping at a path; empty when there is none or it is something else.
    public ConfigDocument section(String... path) {
        return at(path) instanceof Map<?, ?> map ? ofUntyped(map) : EMPTY;
    }

    /// Applies a patch: null deletes a key, mappings merge, everything else replaces unless its
    /// text is equal.
    ///
    /// @return this very document when the patch changes nothing
    public ConfigDocument patched(ConfigDocument patch) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>(root);
        return merge(result, patch.root) ? new ConfigDocument(result) : this;
    }

    private static boolean merge(Map<String, @Nullable Object> target, Map<?, ?> patch) {
        boolean changed = false;
        for (Map.Entry<?, ?> e : patch.entrySet()) {
            String key = String.valueOf(e.getKey());
            Object value = e.getValue();
            Object old = target.get(key);
            if (value == null) {
                changed |= target.containsKey(key);
                target.remove(key);
            } else if (old instanceof Map<?, ?> oldMap && value instanceof Map<?, ?> newMap) {
                Map<String, @Nullable Object> merged = new LinkedHashMap<>(ofUntyped(oldMap).root);
                if (merge(merged, newMap)) {
                    target.put(key, merged);
                    changed = true;
                }
            } else if (old == null || !text(old).equals(text(value))) {
                target.put(key, value);
                changed = true;
            }
        }
        return changed;
    }

    /// Compares by key sets and by the text of the leaves, so that `2` equals `"2"`.
    public boolean sameText(ConfigDocument other) {
        return text(root).equals(text(other.root));
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                List<String> parts = new ArrayList<>();
                map.forEach((k, v) -> parts.add(k + "=" + text(v)));
                Collections.sort(parts);
                yield parts.toString();
            }
            case List<?> list -> list.stream().map(ConfigDocument::text).toList().toString();
            case null, default -> String.valueOf(value);
        };
    }

    private static ConfigDocument ofUntyped(Map<?, ?> map) {
        Map<String, @Nullable Object> typed = new LinkedHashMap<>();
        map.forEach((k, v) -> typed.put(String.valueOf(k), v));
        return of(typed);
    }

    private static Map<String, @Nullable Object> frozenMap(Map<?, ?> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((k, v) -> copy.put(String.valueOf(k), frozen(v)));
        return Collections.unmodifiableMap(copy);
    }

    private static @Nullable Object frozen(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> frozenMap(map);
            case List<?> list ->
                    Collections.unmodifiableList(
                            list.stream()
                                    .map(ConfigDocument::frozen)
                                    .collect(ArrayList::new, List::add, List::addAll));
            case Integer n -> Long.valueOf(n);
            case Float n -> Double.valueOf(n);
            case null, default -> value;
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConfigDocument that && Objects.equals(root, that.root);
    }

    @Override
    public int hashCode() {
        return root.hashCode();
    }

    @Override
    public String toString() {
        return "ConfigDocument" + root.keySet();
    }
}
