package io.tamada.ctl;

import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Values;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Settings from variables named `PATRONI_<SECTION>_<KEY>`, as far as a tool needs them: the
/// cluster, the members' REST API, and the store. Any section is taken, so that a backend that is
/// added later can be configured the same way.
///
/// @param environment the process's variables; empty ones do not count
record EnvironmentSettings(Map<String, String> environment) {

    private static final String PREFIX = "PATRONI_";
    private static final Set<String> CREDENTIALS = Set.of("username", "password");
    private static final Set<String> LISTS =
            Set.of(
                    "hosts",
                    "ports",
                    "checks",
                    "service_tags",
                    "retriable_http_codes",
                    "partner_addrs");
    private static final Set<String> MAPPINGS =
            Set.of("labels", "set_acls", "auth_data", "bootstrap_labels");
    private static final Set<String> TRUTHS =
            Set.of(
                    "use_proxies",
                    "register_service",
                    "use_endpoints",
                    "bypass_api_service",
                    "verify",
                    "insecure");
    private static final Set<String> NUMBERS = Set.of("port", "group");

    /// Sections that are not about a store and that a tool has no use for.
    private static final Set<String> IGNORED =
            Set.of("log", "postgresql", "replication", "superuser", "rewind", "thread");

    ConfigDocument document() {
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        environment.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(e -> e.getKey().startsWith(PREFIX) && !e.getValue().isEmpty())
                .forEach(e -> take(root, e.getKey().substring(PREFIX.length()), e.getValue()));
        return ConfigDocument.of(root);
    }

    private static void take(Map<String, @Nullable Object> root, String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        int split = lower.indexOf('_');
        if (Set.of("scope", "namespace", "name").contains(lower)) {
            root.put(lower, value);
        } else if (split > 0 && !IGNORED.contains(lower.substring(0, split))) {
            String section = lower.substring(0, split);
            String key = lower.substring(split + 1);
            if (Set.of("ctl", "restapi").contains(section) && CREDENTIALS.contains(key)) {
                mapping(mapping(root, section), "authentication").put(key, value);
            } else {
                mapping(root, section).put(key, typed(name, key, value));
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> mapping(
            Map<String, @Nullable Object> parent, String key) {
        return (Map<String, @Nullable Object>)
                parent.computeIfAbsent(key, _ -> new LinkedHashMap<String, @Nullable Object>());
    }

    private static @Nullable Object typed(String variable, String key, String value) {
        if (LISTS.contains(key)) {
            return list(variable, value);
        }
        if (MAPPINGS.contains(key)) {
            String text = value.strip();
            return YamlText.parseMapping(
                    text.startsWith("{") ? text : "{" + text + "}", PREFIX + variable);
        }
        if (TRUTHS.contains(key)) {
            return Values.bool(value).<Object>map(b -> b).orElse(value);
        }
        return NUMBERS.contains(key) && Values.integer(value).isPresent()
                ? (Object) Values.integer(value).getAsLong()
                : value;
    }

    private static List<?> list(String variable, String value) {
        String text = value.strip();
        boolean yaml = text.startsWith("[") || text.startsWith("-");
        Object parsed =
                yaml
                        ? YamlText.parse(text, PREFIX + variable)
                        : Arrays.stream(text.split(",", -1))
                                .map(String::strip)
                                .map(t -> t.replaceAll("^(['\"])(.*)\\1$", "$2"))
                                .filter(t -> !t.isEmpty())
                                .toList();
        return parsed instanceof List<?> list ? list : List.of(text);
    }
}
