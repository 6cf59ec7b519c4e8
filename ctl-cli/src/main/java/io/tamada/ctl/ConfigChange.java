package io.tamada.ctl;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ConfigDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A configuration before and after an edit. Pure.
record ConfigChange(ConfigDocument before, ConfigDocument after) {

    private static final int CONTEXT_LINES = 3;
    private static final List<String> PARAMETERS = List.of("postgresql", "parameters");

    boolean isEmpty() {
        return before.equals(after);
    }

    /// A unified diff of the YAML of both, by lines.
    List<String> diff() {
        List<String> old = YamlText.of(before.root()).lines().toList();
        List<String> edited = YamlText.of(after.root()).lines().toList();
        return UnifiedDiffUtils.generateUnifiedDiff(
                "before", "after", old, DiffUtils.diff(old, edited), CONTEXT_LINES);
    }

    /// What members will not understand of the new one and did understand, or did not have, before.
    List<String> warnings() {
        List<String> known = ClusterSettings.of(before).problems();
        return ClusterSettings.of(after).problems().stream()
                .filter(p -> !known.contains(p))
                .toList();
    }

    /// Sets a value at a dotted path; null deletes it, and with it parents that become empty.
    ///
    /// @param assignment `a.b.c=VALUE`, the value in YAML. All after `postgresql.parameters.` is
    ///   one name, dots and all.
    static ConfigDocument set(ConfigDocument document, String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new CtlError("Invalid parameter setting " + assignment);
        }
        List<String> path = path(assignment.substring(0, equals).strip());
        Object value = YamlText.parse(assignment.substring(equals + 1), assignment);
        return ConfigDocument.of(with(document.root(), path, value));
    }

    private static List<String> path(String dotted) {
        List<String> parts = List.of(dotted.split("\\.", -1));
        if (parts.size() > 3 && parts.subList(0, 2).equals(PARAMETERS)) {
            return List.of(
                    parts.get(0), parts.get(1), String.join(".", parts.subList(2, parts.size())));
        }
        return parts;
    }

    private static Map<String, @Nullable Object> with(
            Map<String, @Nullable Object> map, List<String> path, @Nullable Object value) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>(map);
        String key = path.getFirst();
        List<String> rest = path.subList(1, path.size());
        Object here = value;
        if (!rest.isEmpty()) {
            Map<String, @Nullable Object> child = new LinkedHashMap<>();
            if (map.get(key) instanceof Map<?, ?> existing) {
                existing.forEach((k, v) -> child.put(String.valueOf(k), v));
            }
            Map<String, @Nullable Object> changed = with(child, rest, value);
            here = value == null && changed.isEmpty() ? null : changed;
        }
        if (here == null) {
            result.remove(key);
        } else {
            result.put(key, here);
        }
        return result;
    }

    /// Applies all that was asked for on the command line, in this order: the file that replaces,
    /// the one that patches, single settings, PostgreSQL parameters.
    static ConfigDocument edited(
            ConfigDocument before,
            @Nullable ConfigDocument replacement,
            @Nullable ConfigDocument patch,
            List<String> settings,
            List<String> parameters) {
        ConfigDocument result = replacement == null ? before : replacement;
        if (patch != null) {
            result = result.patched(patch);
        }
        List<String> assignments = new ArrayList<>(settings);
        parameters.forEach(p -> assignments.add(String.join(".", PARAMETERS) + "." + p));
        for (String assignment : assignments) {
            result = set(result, assignment);
        }
        return result;
    }
}
