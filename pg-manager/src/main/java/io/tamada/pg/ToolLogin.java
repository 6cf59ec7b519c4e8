package io.tamada.pg;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a PostgreSQL program needs to log in, without a secret in its arguments: a password file of
/// its own, deleted afterwards.
final class ToolLogin implements AutoCloseable {

    /// Not the member's name: a base backup that has it would count as the synchronous standby, and
    /// acknowledge commits into data that can't be promoted yet.
    private static final String PROGRAM = "tamada";

    private final Path directory;
    private final String conninfo;
    private final Map<String, String> environment = new LinkedHashMap<>();

    private ToolLogin(Path directory, String conninfo) {
        this.directory = directory;
        this.conninfo = conninfo;
    }

    static ToolLogin to(Site site, ServerAddress address, Credentials role, String database)
            throws IOException, InterruptedException {
        Path directory =
                Files.createTempDirectory(
                        "tamada-",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
        ConnInfo info =
                ConnInfo.to(address, role, database)
                        .put("application_name", PROGRAM)
                        .without("sslpassword");
        String text = info.text(site.version());
        if (role.sslPassword() != null) {
            // Its only way around the arguments is a service file.
            AtomicFile.write(
                    directory.resolve("service"),
                    "[tamada]\nsslpassword=" + role.sslPassword().reveal() + "\n",
                    AtomicFile.OWNER_ONLY);
            text = text + " service=tamada";
        }
        ToolLogin login = new ToolLogin(directory, text);
        login.environment.put("PGSERVICEFILE", directory.resolve("service").toString());
        AtomicFile.write(login.passfile(), Pgpass.lines(address, role), AtomicFile.OWNER_ONLY);
        login.environment.put("PGPASSFILE", login.passfile().toString());
        if (site.settings.krbsrvname != null) {
            login.environment.put("PGKRBSRVNAME", site.settings.krbsrvname);
        }
        return login;
    }

    private Path passfile() {
        return directory.resolve("pgpass");
    }

    /// The connection string; without secrets.
    String conninfo() {
        return conninfo;
    }

    Map<String, String> environment() {
        return environment;
    }

    @Override
    public void close() throws IOException {
        for (String name : new String[] {"pgpass", "service"}) {
            Files.deleteIfExists(directory.resolve(name));
        }
        Files.deleteIfExists(directory);
    }
}
