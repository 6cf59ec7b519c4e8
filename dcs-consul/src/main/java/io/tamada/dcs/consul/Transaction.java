package io.tamada.dcs.consul;

import io.tamada.dcs.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Operations on keys, of which all are done or none. Keys are whole paths.
final class Transaction {

    private final List<Object> operations = new ArrayList<>();

    /// Writes if the key is at this index; 0 for a key that is absent.
    Transaction compareAndSet(String key, String value, long index) {
        return add("cas", key, Map.of("Value", base64(value), "Index", index));
    }

    Transaction set(String key, String value) {
        return add("set", key, Map.of("Value", base64(value)));
    }

    /// Writes, and makes the key the session's own, if it isn't another's.
    Transaction lock(String key, String value, String session) {
        return add("lock", key, Map.of("Value", base64(value), "Session", session));
    }

    Transaction delete(String key) {
        return add("delete", key, Map.of());
    }

    Transaction deleteTree(String prefix) {
        return add("delete-tree", prefix, Map.of());
    }

    /// Goes on if the key exists at this index.
    Transaction requireIndex(String key, long index) {
        return add("check-index", key, Map.of("Index", index));
    }

    /// Goes on if the key belongs to this session.
    Transaction requireSession(String key, String session) {
        return add("check-session", key, Map.of("Session", session));
    }

    private Transaction add(String verb, String key, Map<String, Object> more) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("Verb", verb);
        operation.put("Key", key);
        operation.putAll(more);
        operations.add(Map.of("KV", operation));
        return this;
    }

    String json() {
        return Json.compact(operations);
    }

    private static String base64(String value) {
        return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    }

    /// The index of what the transaction wrote last; null when the answer doesn't tell.
    static @Nullable Long written(Answer.Answered answer) {
        if (answer.json() instanceof Map<?, ?> tree
                && tree.get("Results") instanceof List<?> results
                && !results.isEmpty()
                && results.getLast() instanceof Map<?, ?> last
                && last.get("KV") instanceof Map<?, ?> entry
                && entry.get("ModifyIndex") instanceof Long index) {
            return index;
        }
        return null;
    }

    /// Why it was rolled back, as Consul says it.
    static String objection(Answer.Answered answer) {
        if (answer.json() instanceof Map<?, ?> tree
                && tree.get("Errors") instanceof List<?> errors
                && !errors.isEmpty()
                && errors.getFirst() instanceof Map<?, ?> error) {
            return String.valueOf(error.get("What"));
        }
        return answer.problem();
    }
}
