package io.tamada.ha.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The `standby_cluster` section: this cluster follows another one.
///
/// @param host one host or several with commas; null when it lives on the archive alone
/// @param port null for the default
/// @param primarySlotName the slot to use on the source; null for none
/// @param createReplicaMethods how the first member is cloned
/// @param restoreCommand for all members of this cluster
/// @param archiveCleanupCommand for all members of this cluster
/// @param recoveryMinApplyDelay for the standby leader only
public record StandbyCluster(
        @Nullable String host,
        @Nullable Integer port,
        @Nullable String primarySlotName,
        List<String> createReplicaMethods,
        @Nullable String restoreCommand,
        @Nullable String archiveCleanupCommand,
        @Nullable String recoveryMinApplyDelay) {

    public StandbyCluster {
        createReplicaMethods = List.copyOf(createReplicaMethods);
    }

    /// Reads the section; null when it names neither host nor port nor restore command.
    static @Nullable StandbyCluster of(ConfigDocument section) {
        String host = text(section, "host");
        Object port = section.at("port");
        String restore = text(section, "restore_command");
        if (host == null && port == null && restore == null) {
            return null;
        }
        return new StandbyCluster(
                host,
                port == null || port.toString().isBlank()
                        ? null
                        : (int) Values.integer(port).orElse(5432),
                text(section, "primary_slot_name"),
                section.at("create_replica_methods") instanceof List<?> list
                        ? list.stream().map(String::valueOf).toList()
                        : List.of(),
                restore,
                text(section, "archive_cleanup_command"),
                text(section, "recovery_min_apply_delay"));
    }

    private static @Nullable String text(ConfigDocument section, String key) {
        Object value = section.at(key);
        return value == null || value.toString().isBlank() ? null : value.toString();
    }
}
