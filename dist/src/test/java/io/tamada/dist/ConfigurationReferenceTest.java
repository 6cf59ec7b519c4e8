package io.tamada.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.configuration.ConfigurationReference;
import io.tamada.ha.dcs.DcsProviders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// `docs/configuration.md` is printed from the catalogue of settings, with all stores that there
/// are. Run with `-Dscenarios.rewrite` to write it anew, and read the difference.
class ConfigurationReferenceTest {

    @Test
    void theDocumentListsEverySetting() throws IOException {
        Path document = SourceTree.TOP.resolve("docs/configuration.md");
        String wanted =
                ConfigurationReference.markdown(
                        DcsProviders.visibleTo(ConfigurationReference.class.getClassLoader()));
        if (System.getProperty("scenarios.rewrite") != null) {
            Files.writeString(document, wanted);
        }
        assertThat(document).content().isEqualTo(wanted);
    }
}
