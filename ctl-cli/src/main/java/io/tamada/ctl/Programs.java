package io.tamada.ctl;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Programs of the machine that the tool hands over to.
final class Programs {

    private Programs() {}

    /// The first of these names that is in `PATH`.
    static Optional<String> firstOf(List<String> names, Map<String, String> environment) {
        List<Path> folders =
                Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                        .filter(f -> !f.isEmpty())
                        .map(Path::of)
                        .toList();
        return names.stream()
                .filter(n -> folders.stream().anyMatch(f -> Files.isExecutable(f.resolve(n))))
                .findFirst();
    }
}
