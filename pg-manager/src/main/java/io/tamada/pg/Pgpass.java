package io.tamada.pg;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The file that keeps a password for libpq: nobody else can read it, not even for a moment.
final class Pgpass {

    private Pgpass() {}

    /// The lines for one role on one address; empty without a password.
    static String lines(ServerAddress address, Credentials role) {
        if (role.password() == null) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        List<String> hosts = address.hosts();
        String[] ports = address.port().split(",", -1);
        for (int i = 0; i < hosts.size(); i++) {
            String port = ports[Math.min(i, ports.length - 1)];
            line(text, hosts.get(i), port, role, role.password());
            if (hosts.get(i).startsWith("/")) {
                line(text, "localhost", port, role, role.password());
            }
        }
        return text.toString();
    }

    private static void line(
            StringBuilder text, String host, String port, Credentials role, Secret password) {
        text.append(escaped(host))
                .append(':')
                .append(escaped(port))
                .append(":*:")
                .append(escaped(role.username()))
                .append(':')
                .append(escaped(password.reveal()))
                .append('\n');
    }

    private static String escaped(@Nullable String text) {
        return text == null || text.isEmpty()
                ? "*"
                : text.replace("\\", "\\\\").replace(":", "\\:");
    }

    static void write(Path file, String lines) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        AtomicFile.write(file, lines, AtomicFile.OWNER_ONLY);
    }
}
