package demo;

import java.util.List;
import java.util.Optional;

/// What the script hands over: words, and words with a value, as `word=value`.
record Flags(List<String> given) {

    boolean has(String word) {
        return given.contains(word);
    }

    Optional<String> value(String word) {
        return given.stream()
                .filter(each -> each.startsWith(word + "="))
                .map(each -> each.substring(word.length() + 1))
                .findFirst();
    }

    /// A value of several words.
    List<String> words(String word) {
        return value(word).map(value -> List.of(value.split(" "))).orElse(List.of());
    }

    /// A value of several parts between commas.
    List<String> list(String word) {
        return value(word).map(value -> List.of(value.split(","))).orElse(List.of());
    }
}
