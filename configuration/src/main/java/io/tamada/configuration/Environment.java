package io.tamada.configuration;

import io.tamada.configuration.PlacedDocument.Spot;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The settings in environment variables: `PATRONI_…`, and the same with `TAMADA_…`, which wins.
///
/// A variable with an empty value counts as not given. Values keep the conversions that Patroni
/// gives them.
public final class Environment {

    /// A whole configuration in one variable.
    private static final String DOCUMENT = "CONFIGURATION";

    private static final List<String> PREFIXES = List.of("PATRONI_", "TAMADA_");

    /// Variables of our own prefix that are no settings.
    private static final Set<String> NO_SETTINGS = Set.of("TAMADA_JAVA_OPTS", "TAMADA_HOME");

    /// Old names, and documented ones that Patroni itself doesn't heed.
    private static final Map<String, String> ALIASES =
            Map.of(
                    "LOGLEVEL", "LOG_LEVEL",
                    "LOGFORMAT", "LOG_FORMAT",
                    "LOG_DATEFMT", "LOG_DATEFORMAT",
                    "POSTGRESQL_BIN_IS_READY", "POSTGRESQL_BIN_PG_ISREADY");

    private final Map<String, String> variables;
    private final Catalogue catalogue;
    private final Map<String, Setting> known = new TreeMap<>();

    /// @param variables the process environment; read once, so that a reload sees the same
    public Environment(Map<String, String> variables, Catalogue catalogue) {
        this.variables = new TreeMap<>(variables);
        this.catalogue = catalogue;
        for (Setting setting : catalogue.settings()) {
            if (setting.variable() != null) {
                known.put(setting.variable(), setting);
            }
        }
    }

    /// The variable that holds a whole configuration, and its text.
    Optional<Map.Entry<String, String>> document() {
        return PREFIXES.reversed().stream()
                .map(prefix -> prefix + DOCUMENT)
                .filter(name -> !variables.getOrDefault(name, "").isBlank())
                .map(name -> Map.entry(name, variables.getOrDefault(name, "")))
                .findFirst();
    }

    /// The settings in single variables.
    PlacedDocument settings(Findings findings) {
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        Map<List<String>, Spot> spots = new HashMap<>();
        for (String prefix : PREFIXES) {
            variables.forEach((variable, text) -> {
                if (variable.startsWith(prefix)
                        && !text.isEmpty()
                        && !NO_SETTINGS.contains(variable)) {
                    String name = variable.substring(prefix.length());
                    Setting setting = known.get(ALIASES.getOrDefault(name, name));
                    if (setting == null) {
                        unknown(prefix, name, findings);
                        return;
                    }
                    Object value = value(variable, setting.type(), text, findings);
                    if (value != null) {
                        put(root, setting.path(), value);
                        Place place = Place.variable(variable);
                        spots.put(setting.path(), new Spot(place, place));
                    }
                }
            });
        }
        overruled(findings);
        dropCredentialsAlone(root);
        return new PlacedDocument(Place.of("the environment"), ConfigDocument.of(root), spots);
    }

    /// Whoever sets both names of a setting, and not to the same, should know which one counts.
    private void overruled(Findings findings) {
        known.keySet()
                .forEach(name -> {
                    String theirs = variables.getOrDefault(PREFIXES.getFirst() + name, "");
                    String ours = variables.getOrDefault(PREFIXES.getLast() + name, "");
                    if (!theirs.isEmpty() && !ours.isEmpty() && !theirs.equals(ours)) {
                        findings.notice(
                                Place.variable(PREFIXES.getFirst() + name),
                                "",
                                "not used, since "
                                        + PREFIXES.getLast()
                                        + name
                                        + " is set, too, and differs; unset one of them");
                    }
                });
    }

    /// People and schedulers set variables of their own; only a slip of the fingers is told.
    private void unknown(String prefix, String name, Findings findings) {
        if (!name.equals(DOCUMENT)) {
            NearestName.of(name, known.keySet())
                    .ifPresent(nearest ->
                            findings.notice(
                                    Place.variable(prefix + name),
                                    "",
                                    "unknown, ignored; did you mean " + prefix + nearest + "?"));
        }
    }

    private static @Nullable Object value(
            String variable, ValueType type, String text, Findings findings) {
        return switch (type) {
            case ValueType.Listing _ -> list(variable, text, findings);
            case ValueType.Mapping _ -> mapping(variable, text, findings);
            case ValueType.Anything _ ->
                    text.contains("%(") ? text : list(variable, text, findings);
            case ValueType.Flag _ -> Values.bool(text).<Object>map(flag -> flag).orElse(text);
            case ValueType.Fraction _ ->
                    ValueType.Fraction.number(text).<Object>map(number -> number).orElse(text);
            case ValueType.Amount n when n.unit() == ValueType.Amount.Unit.NONE -> number(text);
            case ValueType.Text _,
                    ValueType.OptionalText _,
                    ValueType.FilePath _,
                    ValueType.Amount _,
                    ValueType.Choice _,
                    ValueType.Address _ ->
                    text;
        };
    }

    private static Object number(String text) {
        return Values.integer(text).isPresent() ? (Object) Values.integer(text).getAsLong() : text;
    }

    private static @Nullable Object list(String variable, String text, Findings findings) {
        String yaml =
                text.stripLeading().startsWith("-") || text.contains("[") ? text : "[" + text + "]";
        Object value = YamlReader.value("environment variable " + variable, yaml, findings);
        return value instanceof List<?> || value == null ? value : List.of(value);
    }

    private static @Nullable Object mapping(String variable, String text, Findings findings) {
        String yaml = text.stripLeading().startsWith("{") ? text : "{" + text + "}";
        Object value = YamlReader.value("environment variable " + variable, yaml, findings);
        if (value != null && !(value instanceof Map<?, ?>)) {
            findings.refuse(
                    Place.variable(variable),
                    "",
                    "expected a mapping, for example: key1: value1, key2: value2");
            return null;
        }
        return value;
    }

    /// A store's user and password alone don't choose that store.
    private void dropCredentialsAlone(Map<String, @Nullable Object> root) {
        for (String section : List.copyOf(new ArrayList<>(root.keySet()))) {
            if (catalogue.stores().contains(section)
                    && root.get(section) instanceof Map<?, ?> map
                    && Set.of("username", "password").containsAll(map.keySet())) {
                root.remove(section);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, @Nullable Object> root, List<String> path, Object value) {
        Map<String, @Nullable Object> here = root;
        for (String key : path.subList(0, path.size() - 1)) {
            // Only maps made right here are on the way.
            here =
                    (Map<String, @Nullable Object>)
                            here.computeIfAbsent(
                                    key, _ -> new LinkedHashMap<String, @Nullable Object>());
        }
        here.put(path.getLast(), value);
    }
}
