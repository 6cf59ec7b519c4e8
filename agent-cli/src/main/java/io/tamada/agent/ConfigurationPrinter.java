package io.tamada.agent;

import io.tamada.ha.model.ConfigDocument;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/// Writes a configuration as YAML in block style.
final class ConfigurationPrinter {

    private ConfigurationPrinter() {}

    static String yaml(ConfigDocument document) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(200);
        return new Yaml(options).dump(document.root());
    }
}
