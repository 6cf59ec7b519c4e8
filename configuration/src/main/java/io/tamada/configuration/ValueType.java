package io.tamada.configuration;

import io.tamada.ha.model.Values;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/// What a setting's value may be, and how text from the environment becomes one.
///
/// Values are as loosely typed as Patroni's: a number may be given as text, a flag as `on`.
public sealed interface ValueType {

    /// Whether a value that is there (not null) may be used.
    boolean accepts(Object value);

    /// In words, to follow "expected".
    String allowed();

    /// Any plain value that is not blank; numbers and flags count as the text that they are.
    record Text() implements ValueType {
        @Override
        public boolean accepts(Object value) {
            return isPlain(value) && !value.toString().isBlank();
        }

        @Override
        public String allowed() {
            return "a text that is not empty";
        }
    }

    /// Any plain value, the empty text included.
    record OptionalText() implements ValueType {
        @Override
        public boolean accepts(Object value) {
            return isPlain(value);
        }

        @Override
        public String allowed() {
            return "a text";
        }
    }

    /// A path that this system can have.
    ///
    /// @param mayBeEmpty where the empty text counts as not given
    record FilePath(boolean mayBeEmpty) implements ValueType {
        @Override
        public boolean accepts(Object value) {
            if (!isPlain(value) || (value.toString().isBlank() && !mayBeEmpty)) {
                return false;
            }
            try {
                return Path.of(value.toString()) != null;
            } catch (InvalidPathException e) {
                return false;
            }
        }

        @Override
        public String allowed() {
            return "a path";
        }
    }

    record Flag() implements ValueType {
        @Override
        public boolean accepts(Object value) {
            return Values.bool(value).isPresent();
        }

        @Override
        public String allowed() {
            return "true or false";
        }
    }

    /// A number with or without a unit.
    record Amount(Unit unit, long min, long max) implements ValueType {

        enum Unit {
            NONE("a whole number"),
            BYTES("a size in bytes, or with one of the units B, kB, MB, GB, TB,"),
            SECONDS("a time in seconds, or with one of the units ms, s, min, h, d,");

            private final String words;

            Unit(String words) {
                this.words = words;
            }
        }

        @Override
        public boolean accepts(Object value) {
            OptionalLong read =
                    switch (unit) {
                        case NONE -> Values.integer(value);
                        case BYTES -> Values.bytes(value);
                        case SECONDS -> Values.seconds(value);
                    };
            return read.isPresent() && read.getAsLong() >= min && read.getAsLong() <= max;
        }

        @Override
        public String allowed() {
            if (min == Integer.MIN_VALUE) {
                return unit.words;
            }
            return unit.words
                    + (max >= Integer.MAX_VALUE
                            ? " of at least " + min
                            : " from " + min + " to " + max);
        }
    }

    /// A number of seconds that is not negative, with or without a fraction.
    record Fraction() implements ValueType {
        @Override
        public boolean accepts(Object value) {
            return number(value).isPresent();
        }

        static Optional<Double> number(Object value) {
            try {
                double number = isPlain(value) ? Double.parseDouble(value.toString()) : -1;
                return number >= 0 && Double.isFinite(number)
                        ? Optional.of(number)
                        : Optional.empty();
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        @Override
        public String allowed() {
            return "a number of seconds, for example 2.5";
        }
    }

    /// One of some words, whatever their case.
    record Choice(Set<String> words) implements ValueType {
        public Choice {
            words = Set.copyOf(words);
        }

        @Override
        public boolean accepts(Object value) {
            return isPlain(value) && words.contains(value.toString().toLowerCase(Locale.ROOT));
        }

        @Override
        public String allowed() {
            return "one of " + String.join(", ", new TreeSet<>(words));
        }
    }

    /// `host:port`; the host may be empty, `*` or an IPv6 address in brackets, and there may be
    /// several, comma-separated.
    record Address(boolean portRequired) implements ValueType {
        @Override
        public boolean accepts(Object value) {
            return isPlain(value)
                    && HostPort.parse(value.toString(), portRequired ? null : 1).isPresent();
        }

        @Override
        public String allowed() {
            return portRequired
                    ? "host:port with a port from 1 to 65535, for example 10.0.0.1:8008"
                    : "host or host:port with a port from 1 to 65535, for example 10.0.0.1:5432";
        }
    }

    /// A list of plain values; one of them alone counts as a list of one, a text with commas as
    /// several.
    record Listing() implements ValueType {
        @Override
        public boolean accepts(Object value) {
            return value instanceof List<?> list
                    ? list.stream().allMatch(Listing::isItem)
                    : isPlain(value);
        }

        private static boolean isItem(Object item) {
            return item != null && (isPlain(item) || item instanceof Map<?, ?>);
        }

        @Override
        public String allowed() {
            return "a list";
        }
    }

    /// A mapping with keys of the user's own.
    record Mapping() implements ValueType {
        @Override
        public boolean accepts(Object value) {
            return value instanceof Map<?, ?>;
        }

        @Override
        public String allowed() {
            return "a mapping (lines of the form 'key: value', indented)";
        }
    }

    /// Anything; whoever uses the value looks at it closer.
    record Anything() implements ValueType {
        @Override
        public boolean accepts(Object value) {
            return true;
        }

        @Override
        public String allowed() {
            return "any value";
        }
    }

    private static boolean isPlain(Object value) {
        return !(value instanceof Map<?, ?>) && !(value instanceof List<?>);
    }
}
