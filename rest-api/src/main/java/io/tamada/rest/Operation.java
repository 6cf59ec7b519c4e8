package io.tamada.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What one method of one path does, in words: the description that `/openapi.json` and the
/// reference page are made of.
///
/// @param summary one sentence
/// @param parameters of the query
/// @param body what to send; null for nothing
/// @param answers by status
record Operation(
        String summary,
        List<Parameter> parameters,
        @Nullable String body,
        Map<Integer, String> answers) {

    /// @param name without values
    record Parameter(String name, String meaning) {}

    Operation {
        parameters = List.copyOf(parameters);
        answers = java.util.Collections.unmodifiableMap(new TreeMap<>(answers));
    }

    static Operation of(String summary) {
        return new Operation(summary, List.of(), null, Map.of());
    }

    Operation query(String name, String meaning) {
        List<Parameter> more = new ArrayList<>(parameters);
        more.add(new Parameter(name, meaning));
        return new Operation(summary, more, body, answers);
    }

    Operation body(String meaning) {
        return new Operation(summary, parameters, meaning, answers);
    }

    Operation answers(int status, String meaning) {
        Map<Integer, String> more = new TreeMap<>(answers);
        more.put(status, meaning);
        return new Operation(summary, parameters, body, more);
    }
}
