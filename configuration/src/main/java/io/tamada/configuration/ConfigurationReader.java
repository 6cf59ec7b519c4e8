package io.tamada.configuration;

import io.tamada.ha.dcs.DcsProviders;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the local configuration, at start and again at each reload.
///
/// The environment is taken as it was when this was made.
public final class ConfigurationReader {

    private final DcsProviders providers;
    private final Catalogue catalogue;
    private final LocalSources sources;

    /// @param file a file or a directory; null for the environment alone
    public ConfigurationReader(
            @Nullable Path file, Map<String, String> environment, DcsProviders providers) {
        this.providers = providers;
        this.catalogue = LocalConfiguration.catalogueFor(providers);
        this.sources = new LocalSources(file, new Environment(environment, catalogue));
    }

    /// Reads everything anew. Whatever is wrong is among the findings; nothing is thrown for it.
    public LocalConfiguration read() {
        Findings findings = new Findings();
        PlacedDocument local = sources.read(findings);
        return new LocalConfiguration(local, catalogue, providers, findings);
    }

    /// What is given, not held against the catalogue: for tools, which look at some of it only.
    public GivenSettings given() {
        Findings findings = new Findings();
        PlacedDocument given = sources.given(findings);
        return new GivenSettings(given.document(), findings.of(Finding.Severity.REFUSED));
    }

    /// The settings in the environment alone, with what is wrong with them.
    public GivenSettings environment() {
        Findings findings = new Findings();
        PlacedDocument given = sources.environment(findings);
        return new GivenSettings(given.document(), findings.of(Finding.Severity.REFUSED));
    }

    public Catalogue catalogue() {
        return catalogue;
    }
}
