package io.tamada.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Where the programs are that tests start.
public final class Programs {

    private Programs() {}

    /// The agent of the unpacked distribution.
    public static Path agent() {
        return Path.of("target", "tamada", "bin", "tamada").toAbsolutePath();
    }

    /// The folder of PostgreSQL's programs.
    ///
    /// @throws AssertionError when they can't be found
    public static Path postgres() throws IOException {
        List<Path> places = new ArrayList<>(searchPath());
        Path debian = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(debian)) {
            try (Stream<Path> versions = Files.list(debian)) {
                versions.map(version -> version.resolve("bin")).forEach(places::add);
            }
        }
        Path initdb =
                find("initdb", places)
                        .orElseThrow(
                                () -> new AssertionError("PostgreSQL's initdb is not on the PATH"));
        // On the PATH there may be links to only some of them.
        return initdb.toRealPath().resolveSibling("").normalize();
    }

    /// A program on the PATH, or where Debian keeps what only root is thought to need.
    public static Optional<Path> find(String name) {
        List<Path> places = new ArrayList<>(searchPath());
        places.add(Path.of("/usr/sbin"));
        return find(name, places);
    }

    private static Optional<Path> find(String name, List<Path> places) {
        return places.stream()
                .map(place -> place.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static List<Path> searchPath() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .map(Path::of)
                .toList();
    }
}
