package io.tamada.rest;

import io.tamada.rest.Authorization.Guard;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The description of the interface as an OpenAPI document, made from the routes themselves. Pure.
final class OpenApi {

    private OpenApi() {}

    static Map<String, Object> of(List<Routes.Described> routes) {
        Map<String, Map<String, Object>> paths = new LinkedHashMap<>();
        for (Routes.Described route : routes) {
            paths.computeIfAbsent(route.path(), _ -> new LinkedHashMap<>())
                    .put(route.method().toLowerCase(Locale.ROOT), operation(route));
        }
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("title", "Tamada member");
        info.put("version", ProductVersion.OWN);
        info.put(
                "description",
                "Every GET also answers HEAD and OPTIONS, with the same status and no body.");
        Map<String, Object> doc = new LinkedHashMap<>();
        doc.put("openapi", "3.1.0");
        doc.put("info", info);
        doc.put("paths", paths);
        doc.put(
                "components",
                Map.of(
                        "securitySchemes",
                        Map.of("basic", Map.of("type", "http", "scheme", "basic"))));
        return doc;
    }

    private static Map<String, Object> operation(Routes.Described route) {
        Operation operation = route.operation();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("summary", operation.summary());
        List<Map<String, Object>> parameters = new ArrayList<>();
        if (route.path().contains("{name}")) {
            parameters.add(parameter("path", "name", "A member's name.", true));
        }
        operation
                .parameters()
                .forEach(p -> parameters.add(parameter("query", p.name(), p.meaning(), false)));
        if (!parameters.isEmpty()) {
            result.put("parameters", parameters);
        }
        String body = operation.body();
        if (body != null) {
            result.put(
                    "requestBody",
                    Map.of(
                            "description",
                            body,
                            "content",
                            Map.of(
                                    "application/json",
                                    Map.of("schema", Map.of("type", "object")))));
        }
        Map<String, Object> responses = new LinkedHashMap<>();
        operation
                .answers()
                .forEach((status, text) ->
                        responses.put(status.toString(), Map.of("description", text)));
        if (route.guard() != Guard.OPEN) {
            responses.putIfAbsent("401", Map.of("description", "User and password are asked for."));
            responses.putIfAbsent("403", Map.of("description", "Not from here."));
            result.put("security", List.of(Map.of("basic", List.of())));
        }
        result.put("responses", responses);
        return result;
    }

    private static Map<String, @Nullable Object> parameter(
            String in, String name, String meaning, boolean required) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("name", name);
        result.put("in", in);
        result.put("required", required);
        result.put("description", meaning);
        result.put("schema", Map.of("type", "string"));
        return result;
    }
}
