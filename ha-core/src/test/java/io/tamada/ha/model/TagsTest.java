package io.tamada.ha.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagsTest {

    private static Tags tags(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i].toString(), pairs[i + 1]);
        }
        return new Tags(map);
    }

    @Test
    void without_tags_a_member_may_do_everything() {
        Tags none = Tags.NONE;
        assertThat(none.noFailover()).isFalse();
        assertThat(none.failoverPriority()).isEqualTo(1);
        assertThat(none.noSync()).isFalse();
        assertThat(none.syncPriority()).isEqualTo(1);
        assertThat(none.noLoadBalance()).isFalse();
        assertThat(none.cloneFrom()).isFalse();
        assertThat(none.noStream()).isFalse();
        assertThat(none.replicateFrom()).isNull();
    }

    /// The tag as written (empty: absent), the priority, and what they mean together.
    @ParameterizedTest
    @CsvSource({
        "     ,   , false, 1",
        "true ,   , true , 0",
        "yes  ,   , true , 0",
        "false,   , false, 1",
        "     , 0 , true , 0",
        "     , -1, true , 0",
        "     , 5 , false, 5",
        "     , x , false, 1",
        "true , 5 , true , 0",
        "false, 0 , false, 0",
        "false, 5 , false, 5"
    })
    void the_boolean_beats_the_priority(String written, String priority, boolean never, int value) {
        for (String[] pair :
                new String[][] {{"nofailover", "failover_priority"}, {"nosync", "sync_priority"}}) {
            Map<String, Object> map = new LinkedHashMap<>();
            if (written != null) {
                map.put(pair[0], written);
            }
            if (priority != null) {
                map.put(pair[1], priority);
            }
            Tags tags = new Tags(map);
            boolean failover = pair[0].equals("nofailover");
            assertThat(failover ? tags.noFailover() : tags.noSync()).isEqualTo(never);
            assertThat(failover ? tags.failoverPriority() : tags.syncPriority()).isEqualTo(value);
        }
    }

    @Test
    void tags_that_say_nothing_are_not_published() {
        Tags written =
                tags(
                        "nofailover",
                        false,
                        "nosync",
                        false,
                        "clonefrom",
                        false,
                        "noloadbalance",
                        false,
                        "nostream",
                        false,
                        "zone",
                        "east");
        assertThat(written.published()).isEqualTo(tags("zone", "east"));
        assertThat(tags("nofailover", false, "failover_priority", 2).published())
                .isEqualTo(tags("nofailover", false, "failover_priority", 2));
        assertThat(tags("nosync", "on", "clonefrom", "true").published())
                .isEqualTo(tags("nosync", "on", "clonefrom", "true"));
    }

    @Test
    void synchronous_duty_is_given_back_in_both_ways() {
        Tags relieved = tags("sync_priority", 3, "zone", "east").withoutSyncDuty();
        assertThat(relieved.noSync()).isTrue();
        assertThat(relieved.all())
                .isEqualTo(Map.of("sync_priority", 0, "nosync", true, "zone", "east"));
    }

    @Test
    void replicatefrom_names_a_member() {
        assertThat(tags("replicatefrom", "b").replicateFrom()).isEqualTo(MemberName.of("b"));
        assertThat(tags("replicatefrom", " ").replicateFrom()).isNull();
    }
}
