package io.tamada.dcs;

import io.tamada.ha.model.Lsn;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the fields of one JSON object. What isn't as it should be becomes a sentence and counts as
/// absent.
final class Fields {

    private static final Pattern WHOLE = Pattern.compile("[-+]?\\d{1,18}");

    private final String key;
    private final Map<?, ?> fields;
    private final List<String> problems;

    /// @param key what problems are reported under
    Fields(String key, Map<?, ?> fields, List<String> problems) {
        this.key = key;
        this.problems = problems;
        this.fields = fields;
    }

    void problem(String what) {
        problems.add(key + ": " + what);
    }

    private void unexpected(String name, String expected, Object value) {
        problem(name + " is " + Json.kind(value) + " instead of " + expected);
    }

    @Nullable Object raw(String name) {
        return fields.get(name);
    }

    /// A text; numbers and booleans are taken by their text.
    @Nullable String text(String name) {
        return switch (fields.get(name)) {
            case null -> null;
            case String text -> text;
            case Number number -> number.toString();
            case Object other -> {
                unexpected(name, "a string", other);
                yield null;
            }
        };
    }

    /// A text that says something.
    @Nullable String word(String name) {
        String text = text(name);
        return text == null || text.isBlank() ? null : text.strip();
    }

    /// A whole number, also as text.
    @Nullable Long number(String name) {
        Object value = fields.get(name);
        Long number = whole(value);
        if (number == null && value != null && !"".equals(value)) {
            problem(name + " is not a whole number");
        }
        return number;
    }

    @Nullable Lsn position(String name) {
        Long number = number(name);
        if (number != null && number < 0) {
            problem(name + " is negative");
            return null;
        }
        return number == null ? null : Lsn.of(number);
    }

    /// True for a value that Python takes for true.
    boolean flag(String name) {
        return switch (fields.get(name)) {
            case null -> false;
            case Boolean flag -> flag;
            case String text -> !text.isEmpty() && !text.equalsIgnoreCase("false");
            case Number number -> number.doubleValue() != 0;
            case Map<?, ?> map -> !map.isEmpty();
            case List<?> list -> !list.isEmpty();
            default -> true;
        };
    }

    /// An object, also as text.
    @Nullable Map<?, ?> object(String name) {
        Object value = unwrapped(name);
        if (value == null || value instanceof Map<?, ?>) {
            return (Map<?, ?>) value;
        }
        unexpected(name, "an object", value);
        return null;
    }

    /// A list, also as text.
    @Nullable List<?> list(String name) {
        Object value = unwrapped(name);
        if (value == null || value instanceof List<?>) {
            return (List<?>) value;
        }
        unexpected(name, "a list", value);
        return null;
    }

    /// A value that some stores can hold only as text.
    private @Nullable Object unwrapped(String name) {
        Object value = fields.get(name);
        if (!(value instanceof String text)) {
            return value;
        }
        try {
            return text.isBlank() ? null : Json.parse(text);
        } catch (JsonException e) {
            return text;
        }
    }

    /// What has a name that isn't known.
    Map<String, @Nullable Object> except(Set<String> known) {
        Map<String, @Nullable Object> rest = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            if (!known.contains(String.valueOf(name))) {
                rest.put(String.valueOf(name), value);
            }
        });
        return rest;
    }

    static @Nullable Long whole(@Nullable Object value) {
        return switch (value) {
            case Long number -> number;
            case Integer number -> number.longValue();
            case Double number when number == Math.rint(number) && Math.abs(number) < 1e15 ->
                    number.longValue();
            case BigInteger _ -> null;
            case String text when WHOLE.matcher(text.strip()).matches() ->
                    Long.valueOf(text.strip());
            case null, default -> null;
        };
    }
}
