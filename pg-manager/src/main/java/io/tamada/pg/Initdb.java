package io.tamada.pg;

import io.tamada.pg.process.Command;
import io.tamada.pg.process.CommandResult;
import io.tamada.pg.process.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes an empty cluster.
final class Initdb {

    private static final Set<String> FORBIDDEN =
            Set.of("pgdata", "nosync", "no-sync", "pwfile", "sync-only", "version");

    private Initdb() {}

    /// Null when it worked, else why not.
    static @Nullable String run(Site site) throws IOException, InterruptedException {
        List<String> forbidden =
                ProgramOptions.forbidden(site.settings.bootstrap.initdb(), FORBIDDEN);
        if (!forbidden.isEmpty()) {
            return "bootstrap.initdb: "
                    + String.join(", ", forbidden)
                    + " can't be given: the agent sets them itself";
        }
        String missing = site.binaries.missing("initdb");
        if (missing != null) {
            return missing;
        }
        Credentials superuser = site.settings.superuser;
        List<String> argv =
                new ArrayList<>(
                        List.of(site.binaries.path("initdb"), "-D", site.data.root().toString()));
        if (superuser.username() != null) {
            argv.add("--username=" + superuser.username());
        }
        argv.addAll(ProgramOptions.arguments(site.settings.bootstrap.initdb(), Set.of()));
        Path password = passwordFile(superuser);
        try {
            if (password != null) {
                argv.addAll(authentication(site));
                argv.add("--pwfile=" + password);
            }
            CommandResult result = site.runner.run(Command.of(argv), CommandRunner.UNLIMITED);
            return result.succeeded() ? null : result.problem("initdb");
        } finally {
            if (password != null) {
                Files.deleteIfExists(password);
            }
        }
    }

    /// Before 14 the superuser's password would be stored as MD5, and our own `pg_hba` refuse it.
    private static List<String> authentication(Site site) throws InterruptedException {
        PgVersion version = site.binaries.version(site.runner);
        boolean given =
                site.settings.bootstrap.initdb().keySet().stream()
                        .anyMatch(option -> option.startsWith("auth") || option.equals("A"));
        boolean storesMd5 = version.atLeast(100_000) && !version.atLeast(140_000);
        return storesMd5
                        && !given
                        && site.settings.hba.base() != null
                        && site.settings.requiresScram()
                ? List.of("--auth=scram-sha-256")
                : List.of();
    }

    private static @Nullable Path passwordFile(Credentials superuser) throws IOException {
        if (superuser.password() == null) {
            return null;
        }
        Path file =
                Files.createTempFile(
                        "tamada-",
                        ".pw",
                        PosixFilePermissions.asFileAttribute(AtomicFile.OWNER_ONLY));
        Files.writeString(file, superuser.password().reveal() + "\n");
        return file;
    }
}
