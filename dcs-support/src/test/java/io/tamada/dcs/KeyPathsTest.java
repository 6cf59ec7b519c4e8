package io.tamada.dcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tamada.ha.dcs.DcsKey;
import io.tamada.ha.dcs.WakeUps.Hint;
import io.tamada.ha.model.MemberName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPathsTest {

    @ParameterizedTest
    @CsvSource({
        "/service, demo, /service/demo",
        "service, demo, /service/demo",
        "//a///b//, /demo/, /a/b/demo",
        "/, demo, /demo"
    })
    void slashes_collapse(String namespace, String scope, String base) {
        KeyPaths paths = KeyPaths.of(namespace, scope, null);
        assertThat(paths.base()).isEqualTo(base);
        assertThat(paths.absolute("members/a")).isEqualTo(base + "/members/a");
        assertThat(paths.relative(base + "/members/a")).isEqualTo("members/a");
    }

    @Test
    void a_group_is_one_more_folder() {
        assertThat(KeyPaths.of("/service", "demo", 0).base()).isEqualTo("/service/demo/0");
    }

    @Test
    void a_scope_is_needed() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> KeyPaths.of("/service", " ", null));
    }

    @Test
    void what_lies_elsewhere_has_no_relative_key() {
        KeyPaths paths = KeyPaths.of("/service", "demo", null);
        assertThat(paths.relative("/service/demo2/leader")).isNull();
        assertThat(paths.relative("/service/demo/")).isNull();
        assertThat(paths.relative("/service/demo")).isNull();
    }

    @Test
    void every_key_reads_back() {
        for (DcsKey.Single key : DcsKey.Single.values()) {
            assertThat(KeyPaths.parse(KeyPaths.key(key))).isEqualTo(key);
        }
        DcsKey member = DcsKey.member(MemberName.of("Pg 0.ä"));
        assertThat(KeyPaths.key(member)).isEqualTo("members/Pg 0.ä");
        assertThat(KeyPaths.parse("members/Pg 0.ä")).isEqualTo(member);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "members/",
                "members/a/b",
                "members",
                "optime/leader",
                "Leader",
                "leader/",
                "",
                "other"
            })
    void what_is_not_a_key_is_passed_over(String key) {
        assertThat(KeyPaths.parse(key)).isNull();
    }

    @Test
    void a_member_with_a_slash_in_its_name_has_no_key() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> KeyPaths.key(DcsKey.member(MemberName.of("a/b"))));
    }

    @ParameterizedTest
    @CsvSource({
        "leader, LEADER",
        "config, CONFIG",
        "failover, FAILOVER",
        "sync, SYNC",
        "members/a, MEMBERS",
        "status, STATUS",
        "optime/leader, STATUS",
        "history, OTHER",
        "members/a/b, OTHER"
    })
    void every_key_gives_a_hint(String key, Hint hint) {
        assertThat(KeyPaths.hint(key)).isEqualTo(hint);
    }
}
