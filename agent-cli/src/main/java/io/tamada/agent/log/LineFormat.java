package io.tamada.agent.log;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A line's pattern with fields in Python's notation, such as `%(levelname)-8s`.
///
/// @param parts literal text and fields in turn
record LineFormat(List<Part> parts) {

    private static final Pattern FIELD =
            Pattern.compile("%\\((\\w+)\\)([-0+ #]*)(\\d*)(?:\\.(\\d+))?[a-zA-Z]");

    LineFormat {
        parts = List.copyOf(parts);
    }

    /// A piece of the pattern.
    sealed interface Part {
        record Literal(String text) implements Part {}

        /// A value, padded.
        ///
        /// @param left pad on the right
        /// @param width the least number of characters
        record Field(String name, boolean left, boolean zeros, int width) implements Part {}
    }

    /// Reads a pattern; what looks like no field stays as it is, `%%` is one `%`.
    static LineFormat of(String pattern) {
        List<Part> parts = new ArrayList<>();
        Matcher field = FIELD.matcher(pattern);
        int done = 0;
        while (field.find()) {
            literal(parts, pattern.substring(done, field.start()));
            String flags = field.group(2);
            String width = field.group(3);
            parts.add(
                    new Part.Field(
                            field.group(1),
                            flags.contains("-"),
                            flags.contains("0"),
                            width.isEmpty() || width.length() > 3 ? 0 : Integer.parseInt(width)));
            done = field.end();
        }
        literal(parts, pattern.substring(done));
        return new LineFormat(parts);
    }

    private static void literal(List<Part> parts, String text) {
        if (!text.isEmpty()) {
            parts.add(new Part.Literal(text.replace("%%", "%")));
        }
    }

    List<String> fields() {
        return parts.stream()
                .filter(Part.Field.class::isInstance)
                .map(part -> ((Part.Field) part).name())
                .distinct()
                .toList();
    }

    /// The line for the values that a function gives for the fields' names.
    String line(UnaryOperator<String> values) {
        StringBuilder line = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Part.Literal(String text) -> line.append(text);
                case Part.Field field -> {
                    String value = values.apply(field.name());
                    String padding =
                            (field.zeros() && !field.left() ? "0" : " ")
                                    .repeat(Math.max(0, field.width() - value.length()));
                    line.append(field.left() ? value + padding : padding + value);
                }
            }
        }
        return line.toString();
    }
}
