package io.tamada.pg;

import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A section of the configuration with its place in the file, for errors that say where and what is
/// expected.
final class SettingsTree {

    private final String place;
    private final ConfigDocument document;

    SettingsTree(String place, ConfigDocument document) {
        this.place = place;
        this.document = document;
    }

    IllegalArgumentException wrong(String key, @Nullable Object value, String expected) {
        return new IllegalArgumentException(
                place + "." + key + ": '" + value + "' is not " + expected);
    }

    boolean has(String key) {
        return document.at(key) != null;
    }

    /// The value as text; null when absent.
    @Nullable String text(String key) {
        Object value = document.at(key);
        if (value == null) {
            return null;
        }
        if (value instanceof Map || value instanceof List) {
            throw wrong(key, value, "a single value");
        }
        return value.toString();
    }

    String text(String key, String fallback) {
        String value = text(key);
        return value == null ? fallback : value;
    }

    /// A command line; null when absent.
    @Nullable String command(String key) {
        String value = text(key);
        if (value != null) {
            try {
                ShellWords.split(value);
            } catch (IllegalArgumentException e) {
                throw wrong(key, value, "a command line: a quote is never closed");
            }
        }
        return value;
    }

    boolean flag(String key, boolean fallback) {
        Object value = document.at(key);
        return value == null
                ? fallback
                : Values.bool(value).orElseThrow(() -> wrong(key, value, "true or false"));
    }

    long integer(String key, long fallback, long min, long max) {
        Object value = document.at(key);
        if (value == null) {
            return fallback;
        }
        OptionalLong number = Values.seconds(value);
        if (number.isEmpty() || number.getAsLong() < min || number.getAsLong() > max) {
            throw wrong(key, value, "a number from " + min + " to " + max);
        }
        return number.getAsLong();
    }

    SettingsTree section(String key) {
        Object value = document.at(key);
        if (value != null && !(value instanceof Map)) {
            throw wrong(key, value, "a mapping");
        }
        return new SettingsTree(place + "." + key, document.section(key));
    }

    Map<String, @Nullable Object> entries() {
        return document.root();
    }

    /// A mapping of names to values as PostgreSQL writes them; keys without value are left out.
    Map<String, String> texts(String key) {
        Map<String, String> result = new LinkedHashMap<>();
        section(key)
                .entries()
                .forEach((name, value) -> {
                    if (value instanceof Map || value instanceof List) {
                        throw wrong(key + "." + name, value, "a single value");
                    }
                    if (value != null) {
                        result.put(name, asPostgres(value));
                    }
                });
        return result;
    }

    static String asPostgres(Object value) {
        return value instanceof Boolean flag ? (flag ? "on" : "off") : value.toString();
    }

    /// A list of lines; null when absent. A block of text counts as its lines.
    @Nullable List<String> lines(String key) {
        Object value = document.at(key);
        return switch (value) {
            case null -> null;
            case List<?> list -> list.stream().map(String::valueOf).toList();
            case String block -> block.lines().toList();
            default -> throw wrong(key, value, "a list of lines");
        };
    }

    /// Program options: a list of words and one-pair mappings, or a mapping. A null value stands
    /// for a bare option.
    Map<String, @Nullable String> options(String key) {
        Map<String, @Nullable String> result = new LinkedHashMap<>();
        switch (document.at(key)) {
            case null -> {}
            case Map<?, ?> map -> addOptions(map, result);
            case List<?> list -> {
                for (Object item : list) {
                    if (item instanceof Map<?, ?> pair) {
                        addOptions(pair, result);
                    } else {
                        String word = String.valueOf(item);
                        int equals = word.indexOf('=');
                        result.put(
                                equals < 0 ? word : word.substring(0, equals),
                                equals < 0 ? null : word.substring(equals + 1));
                    }
                }
            }
            case Object other -> throw wrong(key, other, "a list of options or a mapping");
        }
        return result;
    }

    private static void addOptions(Map<?, ?> map, Map<String, @Nullable String> into) {
        map.forEach((name, value) -> {
            boolean bare = value == null || Boolean.TRUE.equals(value) || "".equals(value);
            if (!Boolean.FALSE.equals(value)) {
                into.put(String.valueOf(name), bare ? null : unquoted(String.valueOf(value)));
            }
        });
    }

    private static String unquoted(String text) {
        boolean quoted =
                text.length() > 1
                        && (text.charAt(0) == '\'' || text.charAt(0) == '"')
                        && text.charAt(text.length() - 1) == text.charAt(0);
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    /// Words of a list or a text with commas; the fallback when absent.
    List<String> words(String key, List<String> fallback) {
        Object value = document.at(key);
        return switch (value) {
            case null -> fallback;
            case List<?> list -> list.stream().map(String::valueOf).toList();
            case String text -> {
                List<String> result = new ArrayList<>();
                for (String word : text.split(",", -1)) {
                    if (!word.isBlank()) {
                        result.add(word.strip());
                    }
                }
                yield result;
            }
            default -> throw wrong(key, value, "a list of names");
        };
    }
}
