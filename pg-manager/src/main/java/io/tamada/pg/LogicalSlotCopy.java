package io.tamada.pg;

import io.tamada.ha.model.Upstream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Carries logical replication slots from the leader to this standby: their state files, while the
/// server is down.
final class LogicalSlotCopy {

    private static final Pattern NAME = Pattern.compile("[a-z0-9_]{1,63}");

    /// @param states slot name to the content of its state file
    record Fetched(Map<String, byte[]> states, @Nullable String problem) {}

    Fetched fetch(Site site, Upstream leader, Set<String> names) {
        ServerAddress address = RecoverySettings.address(leader, site.settings);
        Map<String, byte[]> states = new HashMap<>();
        String list =
                names.stream()
                        .filter(name -> NAME.matcher(name).matches())
                        .map(Sql::literal)
                        .collect(Collectors.joining(", "));
        if (address == null || list.isEmpty()) {
            return new Fetched(states, "there is no leader to copy slots from");
        }
        String sql =
                "SELECT slot_name, pg_read_binary_file('pg_replslot/' || slot_name || '/state') AS state"
                        + " FROM pg_replication_slots WHERE NOT pg_is_in_recovery() AND slot_type = 'logical'"
                        + " AND NOT temporary AND slot_name IN ("
                        + list
                        + ")";
        try (Connection connection = Sql.open(SourceCheck.target(site, address));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                states.put(rows.getString("slot_name"), rows.getBytes("state"));
            }
            return new Fetched(states, null);
        } catch (SQLException e) {
            return new Fetched(
                    states,
                    "slots can't be read from " + address.urlForm() + ": " + Sql.problem(e));
        }
    }

    /// Null when all are in place, else why not.
    @Nullable String install(Site site, Map<String, byte[]> states) {
        Path slots = site.data.file("pg_replslot");
        try {
            for (Map.Entry<String, byte[]> e : states.entrySet()) {
                install(slots, e.getKey(), e.getValue());
            }
            AtomicFile.sync(slots);
            return null;
        } catch (IOException e) {
            return "a slot's state can't be written: " + e;
        }
    }

    private static void install(Path slots, String name, byte[] state) throws IOException {
        var permissions =
                PosixFilePermissions.asFileAttribute(Files.getPosixFilePermissions(slots));
        Path temporary = slots.resolve(name + ".tmp");
        Files.deleteIfExists(temporary.resolve("state"));
        Files.deleteIfExists(temporary);
        Files.createDirectory(temporary, permissions);
        Path file = temporary.resolve("state");
        Files.write(file, state);
        Files.setPosixFilePermissions(file, AtomicFile.permissionsIn(slots));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        AtomicFile.sync(temporary);
        Path target = slots.resolve(name);
        Files.deleteIfExists(target.resolve("state"));
        Files.deleteIfExists(target);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }
}
