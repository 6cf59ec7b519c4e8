package io.tamada.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.agent.ShelfProvider;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CatalogueTest {

    private final Catalogue catalogue =
            new Catalogue(Map.of("shelf", new ShelfProvider().settings()));

    @Test
    void pathsAndVariablesAreUnique() {
        assertThat(catalogue.settings()).extracting(Setting::name).doesNotHaveDuplicates();
        assertThat(catalogue.settings().stream().map(Setting::variable).filter(Objects::nonNull))
                .doesNotHaveDuplicates();
    }

    @Test
    void everySettingAcceptsItsOwnStandardAndIsDocumented() {
        assertThat(catalogue.settings())
                .allSatisfy(setting -> {
                    assertThat(setting.doc()).endsWith(".");
                    if (setting.standard() != null) {
                        assertThat(setting.type().accepts(setting.standard()))
                                .as(setting.name())
                                .isTrue();
                    }
                });
    }

    @Test
    void secretsAreKnownByCatalogueProviderAndName() {
        assertThat(
                        catalogue.isSecret(
                                List.of("postgresql", "authentication", "rewind", "password")))
                .isTrue();
        assertThat(catalogue.isSecret(List.of("shelf", "password"))).isTrue();
        assertThat(catalogue.isSecret(List.of("unknown", "api_token"))).isTrue();
        assertThat(catalogue.isSecret(List.of("scope"))).isFalse();
    }
}
