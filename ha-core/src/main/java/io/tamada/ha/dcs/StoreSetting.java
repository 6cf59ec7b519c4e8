package io.tamada.ha.dcs;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One setting of a store's section, as validation, the environment's names and the documentation
/// need to know it.
///
/// @param name its key within the section; keys of inner mappings joined by dots
/// @param words the words that a [Kind#CHOICE] allows, in lower case; empty for other kinds
/// @param standard what counts when it is not given, as text; null for nothing
/// @param required whether the section is of no use without it
/// @param secret never shown
/// @param reloadable whether [DistributedConfigStore#reload] takes a changed value over
/// @param variable the end of its environment variable, after `PATRONI_SECTION_`
/// @param doc one sentence
public record StoreSetting(
        String name,
        Kind kind,
        List<String> words,
        @Nullable String standard,
        boolean required,
        boolean secret,
        boolean reloadable,
        String variable,
        String doc) {

    /// What its value may be. Whatever the kind, a value may also be given as text.
    public enum Kind {
        /// Any plain value; the empty text counts as not given.
        TEXT,
        /// One of some words, whatever their case.
        CHOICE,
        FLAG,
        /// A whole number that is not negative.
        NUMBER,
        /// From 1 to 65535.
        PORT,
        /// A number of seconds, with or without a fraction.
        SECONDS,
        /// A list, or a text with commas.
        LIST,
        /// Keys of the user's own.
        MAPPING
    }

    public StoreSetting {
        words = List.copyOf(words);
    }

    /// An optional setting without a standard value, named plainly in the environment.
    public static StoreSetting of(String name, Kind kind, String doc) {
        return new StoreSetting(name, kind, List.of(), null, false, false, false, plain(name), doc);
    }

    /// An optional setting that takes one of these words.
    public static StoreSetting choice(String name, List<String> words, String doc) {
        return new StoreSetting(
                name, Kind.CHOICE, words, null, false, false, false, plain(name), doc);
    }

    public StoreSetting or(String value) {
        return new StoreSetting(
                name, kind, words, value, required, secret, reloadable, variable, doc);
    }

    public StoreSetting asRequired() {
        return new StoreSetting(
                name, kind, words, standard, true, secret, reloadable, variable, doc);
    }

    public StoreSetting asSecret() {
        return new StoreSetting(
                name, kind, words, standard, required, true, reloadable, variable, doc);
    }

    public StoreSetting asReloadable() {
        return new StoreSetting(name, kind, words, standard, required, secret, true, variable, doc);
    }

    private static String plain(String name) {
        return name.replace('.', '_').toUpperCase(Locale.ROOT);
    }
}
