package io.tamada.configuration;

import io.tamada.ha.model.ConfigDocument;
import java.util.List;

/// Settings as somebody gave them, not held against the catalogue.
///
/// @param findings what can't be read
public record GivenSettings(ConfigDocument document, List<Finding> findings) {

    public GivenSettings {
        findings = List.copyOf(findings);
    }
}
