package io.tamada.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.Tags;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TagConflictsTest {

    @Test
    void contradictionsAreNamedInTheSentencesThatToolsLookFor() {
        assertThat(TagConflicts.of(new Tags(Map.of("nofailover", true, "failover_priority", 1))))
                .containsExactly(
                        "Conflicting configuration between nofailover: True and failover_priority: 1."
                                + " Defaulting to nofailover: True");
        assertThat(TagConflicts.of(new Tags(Map.of("nosync", false, "sync_priority", 0))))
                .containsExactly(
                        "Conflicting configuration between nosync: False and sync_priority: 0."
                                + " Defaulting to nosync: False");
    }

    @Test
    void tagsThatAgreeAreFine() {
        assertThat(TagConflicts.of(new Tags(Map.of("nofailover", true, "failover_priority", 0))))
                .isEmpty();
        assertThat(TagConflicts.of(new Tags(Map.of("nosync", false)))).isEmpty();
    }
}
