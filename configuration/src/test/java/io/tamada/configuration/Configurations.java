package io.tamada.configuration;

import io.tamada.ha.dcs.DcsProviders;
import io.tamada.testkit.ShelfConfiguration;
import java.nio.file.Path;
import java.util.Map;

/// Readings of configurations.
final class Configurations {

    private Configurations() {}

    static LocalConfiguration read(Path directory, String yaml) {
        return read(directory, yaml, Map.of());
    }

    static LocalConfiguration read(Path directory, String yaml, Map<String, String> environment) {
        return reader(ShelfConfiguration.write(directory, yaml), environment).read();
    }

    static ConfigurationReader reader(Path file, Map<String, String> environment) {
        return new ConfigurationReader(
                file, environment, DcsProviders.visibleTo(Configurations.class.getClassLoader()));
    }
}
