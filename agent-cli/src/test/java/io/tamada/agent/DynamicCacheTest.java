package io.tamada.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DynamicCacheTest {

    @TempDir private Path directory;

    @Test
    void whatWasKeptIsRead() throws IOException {
        Files.writeString(
                directory.resolve(DynamicCache.NAME), "{\"ttl\": 20, \"custom\": {\"a\": [1]}}");

        try (DynamicCache cache = new DynamicCache(directory)) {
            assertThat(cache.read())
                    .hasValueSatisfying(kept -> assertThat(kept.at("ttl")).isEqualTo(20L));
        }
    }

    @Test
    void nothingUsableIsNothing() throws IOException {
        for (String text : new String[] {"", "{", "[]", "{}", "\u0000"}) {
            Files.writeString(directory.resolve(DynamicCache.NAME), text);
            try (DynamicCache cache = new DynamicCache(directory)) {
                assertThat(cache.read()).as(text).isEmpty();
            }
        }
        try (DynamicCache cache = new DynamicCache(directory.resolve("none"))) {
            assertThat(cache.read()).isEmpty();
        }
    }
}
