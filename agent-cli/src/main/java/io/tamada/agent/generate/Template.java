package io.tamada.agent.generate;

import io.tamada.ha.dcs.DcsProvider;
import io.tamada.ha.dcs.DcsProviders;
import io.tamada.ha.dcs.StoreUrl;
import io.tamada.ha.model.ConfigDocument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The parts that every generated configuration has.
final class Template {

    /// Stands where somebody has to fill in something; validation doesn't let it pass.
    static final String UNFILLED = "#FIXME";

    private Template() {}

    static Map<String, @Nullable Object> map(@Nullable Object... keysAndValues) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
        }
        return map;
    }

    static Map<String, @Nullable Object> head(OwnAddress own, @Nullable String scope) {
        String rest = own.ip() + ":8008";
        return map(
                "scope",
                scope == null || scope.isBlank() ? UNFILLED : scope,
                "name",
                own.host(),
                "restapi",
                map("listen", rest, "connect_address", rest),
                "log",
                map(
                        "type",
                        "plain",
                        "level",
                        "INFO",
                        "traceback_level",
                        "ERROR",
                        "format",
                        "%(asctime)s %(levelname)s: %(message)s",
                        "max_queue_size",
                        1000));
    }

    static Map<String, @Nullable Object> tags() {
        return map(
                "failover_priority",
                1,
                "sync_priority",
                1,
                "noloadbalance",
                false,
                "clonefrom",
                true,
                "nostream",
                false);
    }

    static Map<String, @Nullable Object> dynamic(
            Map<String, @Nullable Object> parameters, boolean rewind) {
        return map(
                "ttl",
                30,
                "loop_wait",
                10,
                "retry_timeout",
                10,
                "postgresql",
                map("use_pg_rewind", rewind, "use_slots", true, "parameters", parameters));
    }

    /// Adds an empty section of a store, where the environment chose none.
    static ConfigDocument withStore(ConfigDocument document, DcsProviders providers) {
        List<String> sections = providers.sections();
        if (sections.stream().anyMatch(each -> document.at(each) != null)) {
            return document;
        }
        Optional<DcsProvider> provider =
                sections.stream()
                        .map(providers::forSection)
                        .filter(each -> each.url().map(StoreUrl::assumed).orElse(false))
                        .findFirst()
                        .or(() ->
                                sections.stream()
                                        .map(providers::forSection)
                                        .filter(each -> each.url().isPresent())
                                        .findFirst());
        return provider.map(each -> document.patched(ConfigDocument.of(empty(each))))
                .orElse(document);
    }

    private static Map<String, @Nullable Object> empty(DcsProvider provider) {
        StoreUrl url = provider.url().orElseThrow();
        return map(provider.section(), map(url.key(), url.list() ? List.of(UNFILLED) : UNFILLED));
    }
}
