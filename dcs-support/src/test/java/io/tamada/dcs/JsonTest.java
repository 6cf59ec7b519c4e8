package io.tamada.dcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void values_are_plain_and_in_the_order_of_the_text() {
        Object tree = Json.parse("{\"b\":1,\"a\":[true,false,null,\"x\",1.5,{}],\"c\":-0}");
        Map<String, @Nullable Object> expected = new LinkedHashMap<>();
        expected.put("b", 1L);
        expected.put("a", Arrays.asList(true, false, null, "x", 1.5, Map.of()));
        expected.put("c", 0L);
        assertThat(tree).isEqualTo(expected);
        assertThat(Json.parseObject("{\"b\":1,\"a\":2,\"c\":3}").keySet())
                .containsExactly("b", "a", "c");
    }

    @Test
    void whole_numbers_stay_whole_whatever_their_size() {
        assertThat(
                        Json.parse(
                                "[1,1.0,9223372036854775807,-9223372036854775808,9223372036854775808]"))
                .isEqualTo(
                        List.of(
                                1L,
                                1.0,
                                Long.MAX_VALUE,
                                Long.MIN_VALUE,
                                new BigInteger("9223372036854775808")));
    }

    @Test
    void of_a_name_given_twice_the_last_value_counts() {
        assertThat(Json.parse("{\"a\":1,\"a\":2}")).isEqualTo(Map.of("a", 2L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1",
                "{\"a\":}",
                "{'a':1}",
                "{a:1}",
                "[1,]",
                "{\"a\":1,}",
                "1 2",
                "{} x",
                "NaN",
                "Infinity",
                "-Infinity",
                "01",
                "1e999",
                "TRUE",
                "\"\\x\"",
                "\"a\nb\"",
                "// no\n1",
                "\"open",
                "{\"a\" 1}",
                "]"
            })
    void what_is_not_json_is_refused(String text) {
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> Json.parse(text))
                .withMessageStartingWith("JSON: ");
    }

    @Test
    void an_error_tells_the_place_and_not_the_content() {
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> Json.parse("{\"password\":\"hunter2\",\"b\":[1,x]}"))
                .withMessageContaining("$.b[1]")
                .withMessageNotContaining("hunter2");
    }

    @Test
    void depth_length_and_digits_are_limited() {
        String deep = "[".repeat(Json.DEPTH_MAX + 1) + "]".repeat(Json.DEPTH_MAX + 1);
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> Json.parse(deep));
        String fits = "[".repeat(Json.DEPTH_MAX) + "]".repeat(Json.DEPTH_MAX);
        assertThat(Json.compact(Json.parse(fits))).isEqualTo(fits);
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> Json.parse(" ".repeat(Json.LENGTH_MAX) + "1"));
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> Json.parse("9".repeat(5000)));
    }

    @Test
    void an_object_is_told_from_everything_else() {
        assertThat(Json.parseObject("{\"a\":null}")).containsEntry("a", null);
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> Json.parseObject("[]"))
                .withMessage("JSON: an object was expected, not a list");
    }

    @Test
    void there_are_two_ways_to_print() {
        Object tree = Json.parse("{\"a\" : [1, 2.0, null], \"b\" : {}}");
        assertThat(Json.compact(tree)).isEqualTo("{\"a\":[1,2.0,null],\"b\":{}}");
        assertThat(Json.spaced(tree)).isEqualTo("{\"a\": [1, 2.0, null], \"b\": {}}");
    }

    @Test
    void everything_but_printable_ascii_is_escaped() {
        assertThat(Json.compact("ä€𝄞\"\\/\n\r\t\b\f\u0000\u007f<>&'"))
                .isEqualTo(
                        "\"\\u00e4\\u20ac\\ud834\\udd1e\\\"\\\\/\\n\\r\\t\\b\\f\\u0000\\u007f<>&'\"");
    }

    @ParameterizedTest
    @CsvSource({
        "1.0, 1.0",
        "0.1, 0.1",
        "-2.5, -2.5",
        "1e15, 1000000000000000.0",
        "1e16, 1e+16",
        "1.5e300, 1.5e+300",
        "0.0001, 0.0001",
        "0.00001, 1e-05",
        "-1.25e-7, -1.25e-07",
        "123456.789, 123456.789",
        "-0.0, -0.0"
    })
    void real_numbers_are_printed_as_python_does(double number, String text) {
        assertThat(Json.compact(number)).isEqualTo(text);
        assertThat(Json.parse(text)).isEqualTo(number);
    }

    @Test
    void what_no_tree_is_made_of_is_not_printed() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Json.compact(Double.NaN));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Json.compact(new Object()));
    }

    @Test
    void what_was_printed_reads_back() {
        Random random = new Random(42);
        for (int i = 0; i < 2_000; i++) {
            Object tree = tree(random, 4);
            assertThat(Json.parse(Json.compact(tree))).isEqualTo(tree);
            assertThat(Json.parse(Json.spaced(tree))).isEqualTo(tree);
        }
    }

    private static @Nullable Object tree(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 5 : 7)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextLong() >> random.nextInt(64);
            case 3 -> Double.longBitsToDouble(random.nextLong() & 0x7FEF_FFFF_FFFF_FFFFL);
            case 4 -> text(random);
            case 5 -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.put(text(random), tree(random, depth - 1));
                }
                yield map;
            }
            default -> Arrays.asList(tree(random, depth - 1), tree(random, depth - 1));
        };
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(6), 0, 0x11000)
                .filter(c -> c < 0xD800 || c > 0xDFFF)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
