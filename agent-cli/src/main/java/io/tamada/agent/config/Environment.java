package io.tamada.agent.config;

import io.tamada.agent.config.PlacedDocument.Spot;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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

    /// What any section may be given: the rest of the variable's name after the section's.
    private static final Set<String> GENERIC =
            Set.of(
                    "HOST",
                    "HOSTS",
                    "PORT",
                    "USE_PROXIES",
                    "PROTOCOL",
                    "SRV",
                    "SRV_SUFFIX",
                    "URL",
                    "PROXY",
                    "CACERT",
                    "CERT",
                    "KEY",
                    "VERIFY",
                    "TOKEN",
                    "CHECKS",
                    "DC",
                    "CONSISTENCY",
                    "SCHEME",
                    "REGISTER_SERVICE",
                    "SERVICE_CHECK_INTERVAL",
                    "SERVICE_CHECK_TLS_SERVER_NAME",
                    "SERVICE_TAGS",
                    "NAMESPACE",
                    "CONTEXT",
                    "USE_ENDPOINTS",
                    "SCOPE_LABEL",
                    "ROLE_LABEL",
                    "POD_IP",
                    "PORTS",
                    "LABELS",
                    "BYPASS_API_SERVICE",
                    "RETRIABLE_HTTP_CODES",
                    "KEY_PASSWORD",
                    "USE_SSL",
                    "SET_ACLS",
                    "GROUP",
                    "DATABASE",
                    "LEADER_LABEL_VALUE",
                    "FOLLOWER_LABEL_VALUE",
                    "STANDBY_LEADER_LABEL_VALUE",
                    "TMP_ROLE_LABEL",
                    "AUTH_DATA",
                    "BOOTSTRAP_LABELS");

    private static final Set<String> LISTS =
            Set.of(
                    "HOSTS",
                    "PORTS",
                    "CHECKS",
                    "SERVICE_TAGS",
                    "RETRIABLE_HTTP_CODES",
                    "PARTNER_ADDRS");
    private static final Set<String> MAPPINGS =
            Set.of("LABELS", "SET_ACLS", "AUTH_DATA", "BOOTSTRAP_LABELS");
    private static final Set<String> FLAGS =
            Set.of(
                    "USE_PROXIES",
                    "REGISTER_SERVICE",
                    "USE_ENDPOINTS",
                    "BYPASS_API_SERVICE",
                    "VERIFY",
                    "USE_SSL");

    /// Sections that the generic names never mean: what they know is in the catalogue.
    private static final Set<String> NOT_GENERIC =
            Set.of("log", "restapi", "ctl", "postgresql", "replication", "superuser", "rewind");

    private final Map<String, String> variables;
    private final Catalogue catalogue;
    private final Set<String> stores;

    /// @param variables the process environment; read once, so that a reload sees the same
    public Environment(Map<String, String> variables, Catalogue catalogue, Set<String> stores) {
        this.variables = new TreeMap<>(variables);
        this.catalogue = catalogue;
        this.stores = Set.copyOf(stores);
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
        Map<String, Setting> known = new HashMap<>();
        for (Setting setting : catalogue.settings()) {
            if (setting.variable() != null) {
                known.put(setting.variable(), setting);
            }
        }
        for (String prefix : PREFIXES) {
            variables.forEach((variable, text) -> {
                if (variable.startsWith(prefix)
                        && !text.isEmpty()
                        && !NO_SETTINGS.contains(variable)) {
                    String name = variable.substring(prefix.length());
                    name = ALIASES.getOrDefault(name, name);
                    Setting setting = known.get(name);
                    List<String> path = setting != null ? setting.path() : genericPath(name);
                    Object value =
                            path.isEmpty() ? null : value(variable, name, setting, text, findings);
                    if (value != null) {
                        put(root, path, value);
                        Place place = Place.variable(variable);
                        spots.put(path, new Spot(place, place));
                    }
                }
            });
        }
        dropCredentialsAlone(root);
        return new PlacedDocument(Place.of("the environment"), ConfigDocument.of(root), spots);
    }

    /// `ETCD3_HOSTS` means `etcd3.hosts`; a store that there is gets whatever follows its name.
    private List<String> genericPath(String name) {
        int end = name.indexOf('_');
        if (end <= 0 || end == name.length() - 1) {
            return List.of();
        }
        String section = name.substring(0, end).toLowerCase(Locale.ROOT);
        String rest = name.substring(end + 1);
        boolean meant =
                stores.contains(section)
                        || (GENERIC.contains(rest) && !NOT_GENERIC.contains(section));
        return meant ? List.of(section, rest.toLowerCase(Locale.ROOT)) : List.of();
    }

    private static @Nullable Object value(
            String variable,
            String name,
            @Nullable Setting setting,
            String text,
            Findings findings) {
        String rest = name.substring(name.indexOf('_') + 1);
        if (setting != null) {
            return switch (setting.type()) {
                case ValueType.Listing _ -> list(variable, text, findings);
                case ValueType.Mapping _ -> mapping(variable, text, findings);
                case ValueType.Anything _ ->
                        text.contains("%(") ? text : list(variable, text, findings);
                case ValueType.Amount n when n.unit() == ValueType.Amount.Unit.NONE -> number(text);
                case ValueType.Text _,
                        ValueType.OptionalText _,
                        ValueType.Flag _,
                        ValueType.Amount _,
                        ValueType.Choice _,
                        ValueType.Address _ ->
                        text;
            };
        }
        if (LISTS.contains(rest)) {
            return list(variable, text, findings);
        }
        if (MAPPINGS.contains(rest)) {
            return mapping(variable, text, findings);
        }
        if (FLAGS.contains(rest)) {
            return Values.bool(text)
                    .<Object>map(flag -> flag)
                    .orElseGet(() -> {
                        findings.refuse(
                                Place.variable(variable),
                                "",
                                "expected " + new ValueType.Flag().allowed());
                        return text;
                    });
        }
        if (rest.equals("PORT")) {
            if (Values.integer(text).isEmpty()) {
                findings.refuse(Place.variable(variable), "", "expected a port from 1 to 65535");
                return null;
            }
            return number(text);
        }
        return text;
    }

    private static Object number(String text) {
        return Values.integer(text).isPresent() ? (Object) Values.integer(text).getAsLong() : text;
    }

    private static @Nullable Object list(String variable, String text, Findings findings) {
        String yaml =
                text.stripLeading().startsWith("-") || text.contains("[") ? text : "[" + text + "]";
        Object value = YamlText.value("environment variable " + variable, yaml, findings);
        return value instanceof List<?> || value == null ? value : List.of(value);
    }

    private static @Nullable Object mapping(String variable, String text, Findings findings) {
        String yaml = text.stripLeading().startsWith("{") ? text : "{" + text + "}";
        Object value = YamlText.value("environment variable " + variable, yaml, findings);
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
            if (stores.contains(section)
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
