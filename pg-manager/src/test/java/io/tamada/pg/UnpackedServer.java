package io.tamada.pg;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/// PostgreSQL of a major version other than the machine's, unpacked for the tests.
final class UnpackedServer {

    private UnpackedServer() {}

    /// The settings that make a member use it; without it the test is skipped, saying so.
    static Map<String, ?> settings(int major) {
        String unpacked = System.getenv("TAMADA_SERVERS");
        Path programs =
                Path.of(
                        unpacked == null ? "/nowhere" : unpacked,
                        "postgresql-" + major,
                        "usr/lib/postgresql/" + major + "/bin");
        Assumptions.assumeTrue(
                Files.isExecutable(programs.resolve("postgres")),
                "PostgreSQL "
                        + major
                        + " is not on this machine: dev/servers/install postgresql-"
                        + major);
        return Map.of("bin_dir", programs.toString());
    }
}
