package io.tamada.ctl;

import io.tamada.ha.dcs.DcsProviders;
import io.tamada.ha.dcs.StoreSetting;
import io.tamada.ha.dcs.StoreSetting.Kind;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Values;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Settings from variables named `PATRONI_<SECTION>_<KEY>`, as far as a tool needs them: the
/// cluster, the members' REST API, and the stores, whose variables their providers tell.
///
/// @param environment the process's variables; empty ones do not count
record EnvironmentSettings(Map<String, String> environment, DcsProviders providers) {

    private static final String PREFIX = "PATRONI_";
    private static final Set<String> CREDENTIALS = Set.of("username", "password");

    ConfigDocument document() {
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        for (String name : List.of("scope", "namespace", "name")) {
            given(name.toUpperCase(Locale.ROOT), value -> root.put(name, value));
        }
        for (String section : List.of("ctl", "restapi")) {
            general(root, section);
        }
        given("CITUS_GROUP", value -> mapping(root, "citus").put("group", number(value)));
        given("CITUS_DATABASE", value -> mapping(root, "citus").put("database", value));
        for (String section : providers.sections()) {
            for (StoreSetting setting : providers.forSection(section).settings()) {
                String variable = section.toUpperCase(Locale.ROOT) + "_" + setting.variable();
                given(
                        variable,
                        value ->
                                mapping(root, section)
                                        .put(
                                                setting.name(),
                                                typed(variable, setting.kind(), value)));
            }
        }
        return ConfigDocument.of(root);
    }

    private void given(String variable, Consumer<String> taker) {
        String value = environment.getOrDefault(PREFIX + variable, "");
        if (!value.isEmpty()) {
            taker.accept(value);
        }
    }

    private void general(Map<String, @Nullable Object> root, String section) {
        String prefix = PREFIX + section.toUpperCase(Locale.ROOT) + "_";
        environment.forEach((name, value) -> {
            if (name.startsWith(prefix) && !value.isEmpty()) {
                String key = name.substring(prefix.length()).toLowerCase(Locale.ROOT);
                Map<String, @Nullable Object> own = mapping(root, section);
                (CREDENTIALS.contains(key) ? mapping(own, "authentication") : own).put(key, value);
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> mapping(
            Map<String, @Nullable Object> parent, String key) {
        return (Map<String, @Nullable Object>)
                parent.computeIfAbsent(key, _ -> new LinkedHashMap<String, @Nullable Object>());
    }

    private static @Nullable Object typed(String variable, Kind kind, String value) {
        return switch (kind) {
            case LIST -> list(variable, value);
            case MAPPING -> {
                String text = value.strip();
                yield YamlText.parseMapping(
                        text.startsWith("{") ? text : "{" + text + "}", PREFIX + variable);
            }
            case FLAG -> Values.bool(value).<Object>map(b -> b).orElse(value);
            case NUMBER, PORT -> number(value);
            case TEXT, CHOICE, SECONDS -> value;
        };
    }

    private static Object number(String value) {
        return Values.integer(value).isPresent()
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
