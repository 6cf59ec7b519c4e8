package io.tamada.ha.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reading of loosely typed settings, as YAML, JSON and the environment give them.
public final class Values {

    private static final Pattern NUMBER =
            Pattern.compile(
                    "\\s*([-+]?(?:0[xX][0-9a-fA-F]+|\\d+(?:\\.\\d*)?(?:[eE][-+]?\\d+)?|\\.\\d+))\\s*([a-zA-Z]*)\\s*");

    /// Memory units in bytes; case matters, as in PostgreSQL.
    public static final Map<String, Long> BYTES =
            Map.of("B", 1L, "kB", 1024L, "MB", 1L << 20, "GB", 1L << 30, "TB", 1L << 40);

    /// Time units in microseconds; case matters, as in PostgreSQL.
    public static final Map<String, Long> MICROS =
            Map.of(
                    "us",
                    1L,
                    "ms",
                    1000L,
                    "s",
                    1_000_000L,
                    "min",
                    60_000_000L,
                    "h",
                    3_600_000_000L,
                    "d",
                    86_400_000_000L);

    private Values() {}

    /// `on`, `true`, `yes`, `1` and their opposites, in any case; empty for everything else.
    public static Optional<Boolean> bool(@Nullable Object value) {
        if (value instanceof Boolean b) {
            return Optional.of(b);
        }
        return switch (String.valueOf(value).toLowerCase(Locale.ROOT)) {
            case "on", "true", "yes", "1" -> Optional.of(true);
            case "off", "false", "no", "0" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /// A whole number, decimal, hexadecimal (`0x`) or octal (leading zero); a fraction is rounded
    /// half to even.
    public static OptionalLong integer(@Nullable Object value) {
        return scaled(value, Map.of(), 1);
    }

    /// A size in bytes: a bare number is bytes.
    public static OptionalLong bytes(@Nullable Object value) {
        return scaled(value, BYTES, 1);
    }

    /// A time in seconds: a bare number is seconds.
    public static OptionalLong seconds(@Nullable Object value) {
        return scaled(value, MICROS, 1_000_000);
    }

    /// A number with an optional unit, expressed in multiples of `base`.
    ///
    /// @param units unit name to its worth; `base` is given in the same measure and is what a bare
    ///   number counts
    public static OptionalLong scaled(@Nullable Object value, Map<String, Long> units, long base) {
        if (value == null || value instanceof Boolean) {
            return OptionalLong.empty();
        }
        Matcher m = NUMBER.matcher(value.toString());
        if (!m.matches()) {
            return OptionalLong.empty();
        }
        String unit = m.group(2);
        Long worth = unit.isEmpty() ? Long.valueOf(base) : units.get(unit);
        if (worth == null) {
            return OptionalLong.empty();
        }
        try {
            BigDecimal number = number(m.group(1)).multiply(BigDecimal.valueOf(worth));
            return OptionalLong.of(
                    number.divide(BigDecimal.valueOf(base), 0, RoundingMode.HALF_EVEN)
                            .longValueExact());
        } catch (ArithmeticException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static BigDecimal number(String text) {
        String digits = text.startsWith("+") || text.startsWith("-") ? text.substring(1) : text;
        BigDecimal magnitude;
        if (digits.startsWith("0x") || digits.startsWith("0X")) {
            magnitude = new BigDecimal(Long.parseLong(digits.substring(2), 16));
        } else if (digits.length() > 1
                && digits.startsWith("0")
                && digits.chars().allMatch(c -> c >= '0' && c <= '7')) {
            magnitude = new BigDecimal(Long.parseLong(digits, 8));
        } else {
            magnitude = new BigDecimal(digits);
        }
        return text.startsWith("-") ? magnitude.negate() : magnitude;
    }
}
