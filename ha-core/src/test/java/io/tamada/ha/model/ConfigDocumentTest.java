package io.tamada.ha.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConfigDocumentTest {

    private static ConfigDocument document(Object... pairs) {
        Map<String, @Nullable Object> map = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            Object value = pairs[i + 1];
            map.put(pairs[i].toString(), value == NULL ? null : value);
        }
        return ConfigDocument.of(map);
    }

    private static final Object NULL = new Object();

    @Test
    void a_null_deletes_a_key() {
        assertThat(document("a", 1, "b", 2).patched(document("a", NULL)))
                .isEqualTo(document("b", 2));
    }

    @Test
    void mappings_merge_and_lists_are_replaced() {
        ConfigDocument before = document("m", Map.of("x", 1, "y", 2), "l", List.of(1, 2));
        ConfigDocument patch = document("m", Map.of("y", 3, "z", 4), "l", List.of(3));
        assertThat(before.patched(patch))
                .isEqualTo(document("m", Map.of("x", 1, "y", 3, "z", 4), "l", List.of(3)));
    }

    @Test
    void a_mapping_replaces_what_is_none_and_is_replaced_by_it() {
        assertThat(document("a", 1).patched(document("a", Map.of("x", 1))))
                .isEqualTo(document("a", Map.of("x", 1)));
        assertThat(document("a", Map.of("x", 1)).patched(document("a", 1)))
                .isEqualTo(document("a", 1));
    }

    @Test
    void what_reads_the_same_is_not_replaced() {
        ConfigDocument before = document("a", 2, "b", true);
        assertThat(before.patched(document("a", "2", "b", "true"))).isSameAs(before);
        assertThat(before.patched(document("gone", NULL))).isSameAs(before);
        assertThat(before.patched(ConfigDocument.EMPTY)).isSameAs(before);
    }

    @Test
    void a_patch_inside_a_mapping_that_changes_nothing_changes_nothing() {
        ConfigDocument before = document("m", Map.of("x", 1));
        assertThat(before.patched(document("m", Map.of("x", "1")))).isSameAs(before);
    }

    @Test
    void documents_that_read_the_same_are_told_from_others() {
        assertThat(
                        document("a", 2, "b", Map.of("c", 1))
                                .sameText(document("b", Map.of("c", "1"), "a", "2")))
                .isTrue();
        assertThat(document("a", 2).sameText(document("a", 3))).isFalse();
        assertThat(document("a", 2).sameText(document("a", 2, "b", 1))).isFalse();
        assertThat(document("a", List.of(1, 2)).sameText(document("a", List.of(2, 1)))).isFalse();
    }

    @Test
    void values_are_found_by_their_path() {
        ConfigDocument d = document("a", Map.of("b", Map.of("c", "x")));
        assertThat(d.at("a", "b", "c")).isEqualTo("x");
        assertThat(d.at("a", "x", "c")).isNull();
        assertThat(d.at("a", "b", "c", "d")).isNull();
        assertThat(d.section("a", "b")).isEqualTo(document("c", "x"));
        assertThat(d.section("a", "b", "c")).isEqualTo(ConfigDocument.EMPTY);
    }

    @Test
    void a_document_is_its_own() {
        List<Object> list = new ArrayList<>(List.of("x"));
        ConfigDocument d = document("l", list);
        list.add("y");
        assertThat(d.at("l")).isEqualTo(List.of("x"));
        assertThatThrownBy(() -> d.root().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void a_document_does_not_show_its_values() {
        assertThat(document("password", "secret").toString()).doesNotContain("secret");
    }
}
