package io.tamada.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {

    @Test
    void slipsAreRecognised() {
        assertThat(NearestName.of("lsiten", List.of("listen", "certfile"))).contains("listen");
        assertThat(NearestName.of("postgreql", List.of("postgresql"))).contains("postgresql");
        assertThat(NearestName.of("slotss", List.of("slots"))).contains("slots");
    }

    @Test
    void otherWordsAreNot() {
        assertThat(NearestName.of("notes", List.of("name", "tags", "log"))).isEmpty();
        assertThat(NearestName.of("lag", List.of("log"))).isEmpty();
    }
}
