package io.tamada.ctl;

import io.tamada.configuration.ConfigurationReader;
import io.tamada.configuration.GivenSettings;
import io.tamada.ha.dcs.DcsProviders;
import io.tamada.ha.model.ConfigDocument;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where the configuration comes from: a named file or folder, else the operator's own file, else
/// the environment; variables overlay a file.
///
/// @param environment the process's variables
/// @param home the operator's home folder
/// @param providers the stores, whose sections may be given by variables
record ConfigSource(Map<String, String> environment, Path home, DcsProviders providers) {

    /// @param option the value of `--config-file`; null when it was not given
    /// @throws CtlError for a file that can't be read or understood
    ConfigDocument read(@Nullable String option) {
        String named = option != null ? option : environment.get("PATRONICTL_CONFIG_FILE");
        Path file = named != null ? Path.of(named) : ownFile();
        if (named != null && !Files.isReadable(Path.of(named))) {
            throw new CtlError(
                    "Provided config file %s not existing or no read rights. Check the -c/--config-file parameter"
                            .formatted(named));
        }
        GivenSettings given = new ConfigurationReader(file, environment, providers).given();
        if (!given.findings().isEmpty()) {
            throw new CtlError(given.findings().getFirst().toString());
        }
        return given.document();
    }

    /// The operator's own file: ours, else the one that Patroni's tool reads; null when there is
    /// neither.
    private @Nullable Path ownFile() {
        String xdg = environment.getOrDefault("XDG_CONFIG_HOME", "");
        Path config = xdg.isEmpty() ? home.resolve(".config") : Path.of(xdg);
        Path library = home.resolve("Library").resolve("Application Support");
        String roaming = environment.getOrDefault("APPDATA", "");
        return Stream.of(
                        config.resolve("tamada/tamadactl.yaml"),
                        library.resolve("tamada/tamadactl.yaml"),
                        config.resolve("patroni/patronictl.yaml"),
                        library.resolve("patroni/patronictl.yaml"),
                        Path.of(roaming.isEmpty() ? home.toString() : roaming)
                                .resolve("patroni/patronictl.yaml"))
                .filter(Files::isReadable)
                .findFirst()
                .orElse(null);
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (MalformedInputException e) {
            throw new CtlError("%s: not a text in UTF-8".formatted(file));
        } catch (IOException e) {
            throw new CtlError(
                    "%s: can't be read; does it exist, and may you read it?".formatted(file));
        }
    }
}
