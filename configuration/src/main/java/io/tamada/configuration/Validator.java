package io.tamada.configuration;

import io.tamada.configuration.Catalogue.Branch;
import io.tamada.configuration.Setting.Layer;
import io.tamada.configuration.Setting.Need;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Holds a local configuration against the catalogue: unknown and misplaced keys, wrong values,
/// what is missing.
///
/// Patroni ignores unknown keys, and people keep data of their own beside the settings; so an
/// unknown key is refused only where it looks like a slip of the fingers.
final class Validator {

    private static final Pattern PLAIN_KEY = Pattern.compile("[\\w.-]{1,63}");

    private final Catalogue catalogue;
    private final PlacedDocument local;
    private final Findings findings;

    Validator(Catalogue catalogue, PlacedDocument local, Findings findings) {
        this.catalogue = catalogue;
        this.local = local;
        this.findings = findings;
    }

    void check() {
        level(catalogue.localRoot(), local.document().root(), List.of());
        missing();
        new CrossChecks(local, findings).check();
    }

    private void level(Branch branch, Map<?, ?> values, List<String> path) {
        Set<String> own = namesOfTheirOwn(path);
        values.forEach((name, value) -> {
            String key = String.valueOf(name);
            List<String> here = new ArrayList<>(path);
            here.add(key);
            Branch known = branch.children.get(key);
            if (known != null) {
                known(known, value, here);
            } else if (!branch.isOpen() && !own.contains(key)) {
                unknown(branch, key, here);
            }
        });
    }

    private void known(Branch branch, @Nullable Object value, List<String> path) {
        Setting setting = branch.setting;
        if (value == null || isFalsySection(branch, value)) {
            return;
        }
        if (setting == null && !(value instanceof Map<?, ?>)) {
            findings.refuse(
                    local.placeOf(path),
                    name(path),
                    "expected " + new ValueType.Mapping().allowed());
            return;
        }
        if (setting != null && !setting.type().accepts(value)) {
            wrong(setting, value, path);
            return;
        }
        if (value instanceof Map<?, ?> map && !branch.children.isEmpty()) {
            level(branch, map, path);
        }
    }

    /// `false` and the empty text switch a section off, as in Patroni.
    private static boolean isFalsySection(Branch branch, Object value) {
        return !branch.children.isEmpty()
                && (value.equals(false) || value.equals("") || value.equals(List.of()));
    }

    private void wrong(Setting setting, Object value, List<String> path) {
        String shown =
                catalogue.isSecret(path) || value instanceof Map || value instanceof List
                        ? "this value doesn't fit"
                        : "'" + shortened(value) + "' doesn't fit";
        String text = shown + "; expected " + setting.type().allowed();
        if (isDynamic(path)) {
            findings.invalid(
                    local.placeOf(path), name(path), text + "; the standard value counts instead");
        } else {
            findings.refuse(local.placeOf(path), name(path), text);
        }
    }

    private void unknown(Branch branch, String key, List<String> path) {
        Place place = local.keyOf(path);
        String shown = shownName(branch, path);
        Optional<String> elsewhere = rightPlace(key, path);
        Optional<String> nearest = NearestName.of(key, branch.children.keySet());
        if (elsewhere.isPresent()) {
            findings.notice(place, shown, "has no effect here; it belongs to " + elsewhere.get());
        } else if (nearest.isPresent()) {
            findings.refuse(place, shown, "unknown key; did you mean '" + nearest.get() + "'?");
        } else {
            findings.notice(place, shown, "unknown key, ignored");
        }
    }

    /// A key beside a secret, or with a secret's name in it, may be the secret itself, with a slip
    /// of the fingers before it.
    private String shownName(Branch branch, List<String> path) {
        String key = path.getLast();
        boolean near = NearestName.of(key, branch.children.keySet()).isPresent();
        boolean besideSecret =
                branch.children.values().stream()
                        .anyMatch(child -> child.setting != null && child.setting.secret());
        boolean shown =
                PLAIN_KEY.matcher(key).matches()
                        && (near || !(besideSecret || Catalogue.soundsSecret(key)));
        List<String> parent = path.subList(0, path.size() - 1);
        return shown ? name(path) : parent.isEmpty() ? "a key" : "a key in " + name(parent);
    }

    /// Where a key that means nothing here would mean something.
    private Optional<String> rightPlace(String key, List<String> path) {
        List<String> parent = path.subList(0, path.size() - 1);
        boolean dynamicHere =
                parent.isEmpty()
                        || parent.equals(List.of("postgresql"))
                        || parent.equals(List.of("bootstrap"));
        for (Setting setting : catalogue.settings()) {
            boolean sameKey = setting.path().getLast().equals(key);
            if (!sameKey) {
                continue;
            }
            boolean samePath = setting.path().equals(path) || setting.path().size() == 1;
            if (setting.layer() == Layer.DYNAMIC && samePath && dynamicHere) {
                return Optional.of(
                        "the dynamic configuration: "
                                + "bootstrap.dcs."
                                + setting.name()
                                + " before the first start, `edit-config` afterwards");
            }
            boolean inDynamic = isDynamic(path);
            if (setting.layer() == Layer.LOCAL
                    && inDynamic
                    && withoutDynamic(path).equals(setting.path())) {
                return Optional.of("each member's own configuration: " + setting.name());
            }
            if (setting.layer() != Layer.DYNAMIC
                    && setting.path().equals(List.of("postgresql", key))
                    && (parent.isEmpty() || (withoutDynamic(path).size() == 1 && inDynamic))) {
                return Optional.of(
                        "the section postgresql: "
                                + (inDynamic ? "bootstrap.dcs." : "")
                                + setting.name());
            }
        }
        return Optional.empty();
    }

    /// Keys that the user names elsewhere: methods to make a replica, and to make a new cluster.
    private Set<String> namesOfTheirOwn(List<String> path) {
        Set<String> own = new HashSet<>();
        List<String> inner = isDynamic(path) ? withoutDynamic(path) : path;
        if (inner.equals(List.of("postgresql"))) {
            for (String list : List.of("create_replica_methods", "create_replica_method")) {
                addAll(own, local.document().at("postgresql", list));
                addAll(own, local.document().at("bootstrap", "dcs", "postgresql", list));
                addAll(own, local.document().at("bootstrap", "dcs", "standby_cluster", list));
            }
        } else if (path.equals(List.of("bootstrap"))) {
            addAll(own, local.document().at("bootstrap", "method"));
        }
        return own;
    }

    private static void addAll(Set<String> names, @Nullable Object value) {
        if (value instanceof List<?> list) {
            list.forEach(item -> names.add(String.valueOf(item)));
        } else if (value != null) {
            names.addAll(List.of(value.toString().split("[,\\s]+")));
        }
    }

    private void missing() {
        for (Setting setting : catalogue.settings()) {
            Object value = local.document().at(setting.path().toArray(String[]::new));
            boolean unused =
                    catalogue.stores().contains(setting.path().getFirst())
                            && local.document().at(setting.path().getFirst()) == null;
            boolean given = value != null && !value.toString().isBlank();
            if (setting.need() == Need.OPTIONAL || given || unused) {
                continue;
            }
            String text =
                    "not defined; expected "
                            + setting.type().allowed()
                            + (setting.variable() == null
                                    ? ""
                                    : " (or set PATRONI_" + setting.variable() + ")");
            Place place = local.keyOf(setting.path());
            if (setting.need() == Need.REQUIRED) {
                findings.refuse(place, setting.name(), text);
            } else {
                findings.invalid(place, setting.name(), text);
            }
        }
    }

    private static boolean isDynamic(List<String> path) {
        return path.size() >= 2 && path.subList(0, 2).equals(Catalogue.FIRST_DYNAMIC);
    }

    private static List<String> withoutDynamic(List<String> path) {
        return isDynamic(path) ? path.subList(2, path.size()) : path;
    }

    private static String name(List<String> path) {
        return String.join(".", path);
    }

    private static String shortened(Object value) {
        String text = value.toString().replaceAll("\\s+", " ");
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
}
