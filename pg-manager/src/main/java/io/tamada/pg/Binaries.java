package io.tamada.pg;

import io.tamada.pg.process.Command;
import io.tamada.pg.process.CommandResult;
import io.tamada.pg.process.CommandRunner;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// PostgreSQL's programs on this machine.
final class Binaries {

    static final Duration QUICK = Duration.ofSeconds(10);

    private final @Nullable Path binDir;
    private final Map<String, String> names;
    private volatile @Nullable PgVersion version;

    Binaries(PostgresSettings settings) {
        binDir = settings.binDir;
        names = settings.binNames;
    }

    /// Where a program is; its bare name when it is to be found by the system.
    String path(String program) {
        String name = names.getOrDefault(program, program);
        return binDir == null ? name : binDir.resolve(name).toString();
    }

    String name(String program) {
        return names.getOrDefault(program, program);
    }

    /// Null when the program can be run, else a sentence that says what to do.
    @Nullable String missing(String program) {
        String name = names.getOrDefault(program, program);
        if (binDir != null) {
            return Files.isExecutable(binDir.resolve(name))
                    ? null
                    : "there is no program "
                            + name
                            + " in "
                            + binDir
                            + ": set postgresql.bin_dir to the directory that holds PostgreSQL's programs";
        }
        String path = System.getenv("PATH");
        for (String directory : (path == null ? "" : path).split(File.pathSeparator, -1)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, name))) {
                return null;
            }
        }
        return "there is no program "
                + name
                + " on the PATH: install PostgreSQL's server package or set postgresql.bin_dir to its programs";
    }

    /// The version of `postgres`; unknown when it can't be run.
    PgVersion version(CommandRunner runner) throws InterruptedException {
        PgVersion known = version;
        if (known != null) {
            return known;
        }
        CommandResult told = runner.run(Command.of(path("postgres"), "--version"), QUICK);
        PgVersion found = told.succeeded() ? PgVersion.parse(told.out()) : PgVersion.UNKNOWN;
        if (found.isKnown()) {
            version = found;
        }
        return found;
    }
}
