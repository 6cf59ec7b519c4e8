package io.tamada.agent;

import io.tamada.configuration.Finding;
import io.tamada.configuration.HostPort;
import io.tamada.configuration.LocalConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Looks whether this machine can do what the configuration asks for, before anything is created or
/// changed.
///
/// Only what would certainly fail later is found here; each finding says what to do.
final class Preflight {

    private static final List<String> PROGRAMS =
            List.of("postgres", "pg_ctl", "initdb", "pg_controldata", "pg_basebackup");

    private final LocalConfiguration configuration;
    private final String searchPath;
    private final List<Finding> findings = new ArrayList<>();

    /// @param environment the process environment
    Preflight(LocalConfiguration configuration, Map<String, String> environment) {
        this.configuration = configuration;
        this.searchPath = environment.getOrDefault("PATH", "");
    }

    /// Everything but the ports and who runs it.
    List<Finding> files() {
        dataDirectory();
        programs();
        logDirectory();
        return List.copyOf(findings);
    }

    /// Whether the ports to listen on are free; a postmaster of our own data directory may have its
    /// port.
    List<Finding> ports() {
        List<Finding> before = List.copyOf(findings);
        port("restapi", "listen");
        if (!RunningPostmaster.of(dataDir()).isPresent()) {
            port("postgresql", "listen");
        }
        // What a store listens on itself, it calls by one of these names.
        String section = configuration.storeSection();
        if (configuration.document().at(section, "bind_addr") != null) {
            port(section, "bind_addr");
        } else if (configuration.document().at(section, "self_addr") != null) {
            port(section, "self_addr");
        }
        return findings.subList(before.size(), findings.size());
    }

    /// Whether this user may run PostgreSQL at all.
    static Optional<String> wrongUser() {
        try {
            boolean root =
                    Integer.valueOf(0)
                            .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
            return root
                    ? Optional.of(
                            "PostgreSQL doesn't run as root; start the agent as the user who owns the data"
                                    + " directory, for example: setpriv --reuid=postgres --regid=postgres --init-groups tamada"
                                    + " CONFIG.yml")
                    : Optional.empty();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void dataDirectory() {
        Path directory = dataDir();
        if (Files.exists(directory)) {
            if (!Files.isDirectory(directory)) {
                refuse("'" + directory + "' is a file; give a directory", "postgresql", "data_dir");
            } else if (!mayUse(directory)) {
                refuse(
                        "'"
                                + directory
                                + "' can't be read and written by "
                                + user()
                                + "; change its owner, or start the"
                                + " agent as that one",
                        "postgresql",
                        "data_dir");
            }
            return;
        }
        Path parent = directory.getParent();
        while (parent != null && !Files.exists(parent)) {
            parent = parent.getParent();
        }
        if (parent != null && !(Files.isDirectory(parent) && mayUse(parent))) {
            refuse(
                    "'"
                            + directory
                            + "' can't be made by "
                            + user()
                            + " inside '"
                            + parent
                            + "'; make it and give it to that user, or choose another",
                    "postgresql",
                    "data_dir");
        }
    }

    private static boolean mayUse(Path directory) {
        return Files.isReadable(directory)
                && Files.isWritable(directory)
                && Files.isExecutable(directory);
    }

    private void programs() {
        List<String> needed = new ArrayList<>(PROGRAMS);
        if (configuration.flag(false, "postgresql", "use_pg_rewind")) {
            needed.add("pg_rewind");
        }
        String directory = text("postgresql", "bin_dir");
        List<String> absent =
                needed.stream()
                        .map(program -> {
                            String renamed = text("postgresql", "bin_name", program);
                            return renamed == null ? program : renamed;
                        })
                        .filter(program -> !found(program, directory))
                        .toList();
        if (absent.isEmpty()) {
            return;
        }
        String where = directory == null || directory.isBlank() ? "PATH" : "'" + directory + "'";
        refuse(
                "PostgreSQL's programs "
                        + String.join(", ", absent)
                        + " are not in "
                        + where
                        + "; install PostgreSQL, or set bin_dir to the directory that holds them (Debian:"
                        + " /usr/lib/postgresql/VERSION/bin)",
                "postgresql",
                "bin_dir");
    }

    private boolean found(String program, @Nullable String directory) {
        if (directory != null && !directory.isBlank()) {
            return Files.isExecutable(Path.of(directory).resolve(program));
        }
        return Arrays.stream(searchPath.split(":"))
                .filter(each -> !each.isBlank())
                .anyMatch(each -> Files.isExecutable(Path.of(each).resolve(program)));
    }

    private void logDirectory() {
        String directory = text("log", "dir");
        if (directory != null && !directory.isBlank()) {
            Path path = Path.of(directory);
            if (!Files.isDirectory(path) || !Files.isWritable(path)) {
                refuse(
                        "'"
                                + directory
                                + "' is not a directory that "
                                + user()
                                + " can write into; make it",
                        "log",
                        "dir");
            }
        }
    }

    private void port(String... path) {
        String address = text(path);
        Optional<HostPort> parsed =
                address == null ? Optional.empty() : HostPort.parse(address, 5432);
        parsed.flatMap(PortProbe::problem).ifPresent(problem -> refuse(problem, path));
    }

    private Path dataDir() {
        String directory = text("postgresql", "data_dir");
        return Path.of(directory == null ? "" : directory).toAbsolutePath().normalize();
    }

    private @Nullable String text(String... path) {
        Object value = configuration.document().at(path);
        return value == null ? null : value.toString();
    }

    private static String user() {
        return "user '" + System.getProperty("user.name", "?") + "'";
    }

    private void refuse(String text, String... path) {
        findings.add(
                new Finding(
                        Finding.Severity.REFUSED,
                        configuration.placeOf(path),
                        String.join(".", path),
                        text));
    }
}
