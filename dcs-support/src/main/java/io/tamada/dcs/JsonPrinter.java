package io.tamada.dcs;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Prints a tree with given separators, in ASCII only.
final class JsonPrinter {

    private final String comma;
    private final String colon;
    private final StringBuilder out = new StringBuilder(256);

    JsonPrinter(String comma, String colon) {
        this.comma = comma;
        this.colon = colon;
    }

    String print(@Nullable Object tree) {
        value(tree, 0);
        return out.toString();
    }

    private void value(@Nullable Object value, int depth) {
        if (depth > Json.DEPTH_MAX) {
            throw new IllegalArgumentException("JSON: nested deeper than " + Json.DEPTH_MAX);
        }
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> object(map, depth);
            case Iterable<?> list -> list(list, depth);
            case CharSequence text -> string(text);
            case Boolean flag -> out.append(flag.booleanValue());
            case Long _, Integer _, Short _, Byte _, BigInteger _ -> out.append(value);
            case BigDecimal number -> out.append(number);
            case Double number -> real(number);
            case Float number -> real(number.doubleValue());
            default ->
                    throw new IllegalArgumentException(
                            "JSON: a " + value.getClass().getName() + " can't be printed");
        }
    }

    private void object(Map<?, ?> map, int depth) {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            string(String.valueOf(entry.getKey()));
            out.append(colon);
            value(entry.getValue(), depth + 1);
            separator = comma;
        }
        out.append('}');
    }

    private void list(Iterable<?> list, int depth) {
        out.append('[');
        String separator = "";
        for (Object item : list) {
            out.append(separator);
            value(item, depth + 1);
            separator = comma;
        }
        out.append(']');
    }

    /// The shortest text that reads back as the same number, in Python's form: `1.0`, `0.25`,
    /// `1e+16`.
    private void real(double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("JSON: " + number + " can't be printed");
        }
        double size = Math.abs(number);
        if (size == 0 || (size >= 1e-4 && size < 1e16)) {
            String plain =
                    new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
            out.append(size == 0 && 1 / number < 0 ? "-" : "").append(plain);
            if (plain.indexOf('.') < 0) {
                out.append(".0");
            }
            return;
        }
        BigDecimal exact = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        String digits = exact.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - exact.scale();
        out.append(number < 0 ? "-" : "").append(digits.charAt(0));
        if (digits.length() > 1) {
            out.append('.').append(digits, 1, digits.length());
        }
        out.append('e').append(exponent < 0 ? '-' : '+');
        out.append(Math.abs(exponent) < 10 ? "0" : "").append(Math.abs(exponent));
    }

    private void string(CharSequence text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c >= ' ' && c <= '~') {
                        out.append(c);
                    } else {
                        escape(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private void escape(char c) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(Character.forDigit(c >> shift & 0xF, 16));
        }
    }
}
