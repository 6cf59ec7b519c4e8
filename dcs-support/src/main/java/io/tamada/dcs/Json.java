package io.tamada.dcs;

import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON text to plain trees and back.
///
/// A tree is made of [Map] (in the order of the text), [List], [String], [Long], [BigInteger],
/// [Double], [Boolean] and null. Whole numbers stay whole: `1` never becomes `1.0`.
public final class Json {

    /// The longest text that is read, in characters.
    public static final int LENGTH_MAX = 16 << 20;

    /// How deep a text may be nested.
    public static final int DEPTH_MAX = 128;

    /// A whole number with more digits is not read: its conversion would take too long.
    private static final int DIGITS_MAX = 1000;

    private Json() {}

    /// Reads a text that holds one JSON value and nothing else. Of a name given twice the last
    /// value counts.
    ///
    /// @throws JsonException for anything that the standard doesn't allow, with the place
    public static @Nullable Object parse(String text) {
        if (text.length() > LENGTH_MAX) {
            throw new JsonException(
                    "JSON: "
                            + text.length()
                            + " characters are more than the "
                            + LENGTH_MAX
                            + " allowed");
        }
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        reader.setNestingLimit(DEPTH_MAX);
        try {
            Object value = value(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new JsonException("JSON: more than one value");
            }
            return value;
        } catch (EOFException e) {
            throw new JsonException("JSON: the text ends too early, at " + reader.getPath(), e);
        } catch (MalformedJsonException e) {
            throw new JsonException("JSON: " + firstLine(e), e);
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw new JsonException("JSON: not valid at " + reader.getPath(), e);
        }
    }

    /// Reads a text that holds one JSON object.
    ///
    /// @throws JsonException as [#parse], and for any other kind of value
    public static Map<String, @Nullable Object> parseObject(String text) {
        Object value = parse(text);
        if (value instanceof Map<?, ?> map) {
            @SuppressWarnings("unchecked") // names are strings: see object()
            Map<String, @Nullable Object> typed = (Map<String, @Nullable Object>) map;
            return typed;
        }
        throw new JsonException("JSON: an object was expected, not " + kind(value));
    }

    /// What a value is called: for messages.
    public static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Map<?, ?> _ -> "an object";
            case List<?> _ -> "a list";
            case CharSequence _ -> "a string";
            case Number _ -> "a number";
            case Boolean _ -> "a boolean";
            default -> value.getClass().getSimpleName();
        };
    }

    /// Prints without any space and with non-ASCII characters escaped, as Patroni writes to stores.
    ///
    /// @throws IllegalArgumentException for a value that no tree is made of
    public static String compact(@Nullable Object tree) {
        return new JsonPrinter(",", ":").print(tree);
    }

    /// Prints with a space after `,` and `:` and with non-ASCII characters escaped, as Patroni's
    /// REST API answers.
    ///
    /// @throws IllegalArgumentException for a value that no tree is made of
    public static String spaced(@Nullable Object tree) {
        return new JsonPrinter(", ", ": ").print(tree);
    }

    private static @Nullable Object value(JsonReader in) throws IOException {
        return switch (in.peek()) {
            case BEGIN_OBJECT -> object(in);
            case BEGIN_ARRAY -> list(in);
            case STRING -> in.nextString();
            case NUMBER -> number(in);
            case BOOLEAN -> in.nextBoolean();
            case NULL -> {
                in.nextNull();
                yield null;
            }
            case NAME, END_OBJECT, END_ARRAY, END_DOCUMENT ->
                    throw new JsonException("JSON: a value was expected at " + in.getPath());
        };
    }

    private static Map<String, @Nullable Object> object(JsonReader in) throws IOException {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        in.beginObject();
        while (in.hasNext()) {
            String name = in.nextName();
            map.put(name, value(in));
        }
        in.endObject();
        return map;
    }

    private static List<@Nullable Object> list(JsonReader in) throws IOException {
        List<@Nullable Object> list = new ArrayList<>();
        in.beginArray();
        while (in.hasNext()) {
            list.add(value(in));
        }
        in.endArray();
        return list;
    }

    private static Number number(JsonReader in) throws IOException {
        String text = in.nextString();
        if (isReal(text)) {
            double value = Double.parseDouble(text);
            if (Double.isInfinite(value)) {
                throw new JsonException(
                        "JSON: the number at " + in.getPreviousPath() + " is too large");
            }
            return value;
        }
        if (text.length() <= 18) {
            return Long.valueOf(text);
        }
        if (text.length() > DIGITS_MAX) {
            throw new JsonException(
                    "JSON: the number at "
                            + in.getPreviousPath()
                            + " has more than "
                            + DIGITS_MAX
                            + " digits");
        }
        BigInteger value = new BigInteger(text);
        return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
    }

    private static boolean isReal(String text) {
        return text.indexOf('.') >= 0 || text.indexOf('e') >= 0 || text.indexOf('E') >= 0;
    }

    private static String firstLine(Exception e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
