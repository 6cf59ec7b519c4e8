package io.tamada.dist.cluster;

import io.tamada.dcs.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A place in a JSON document. What isn't there is as good as null, however deep.
record JsonTree(@Nullable Object value) {

    static JsonTree of(String text) {
        return new JsonTree(Json.parse(text));
    }

    JsonTree at(String... path) {
        Object here = value;
        for (String key : path) {
            here = here instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return new JsonTree(here);
    }

    List<JsonTree> items() {
        return value instanceof List<?> list
                ? list.stream().map(JsonTree::new).toList()
                : List.of();
    }

    String text() {
        return String.valueOf(value);
    }
}
