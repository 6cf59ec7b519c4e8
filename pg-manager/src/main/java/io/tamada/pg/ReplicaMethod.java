package io.tamada.pg;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One way to make a replica.
sealed interface ReplicaMethod {

    String BASEBACKUP = "basebackup";

    /// `pg_basebackup`.
    ///
    /// @param options of the program; a null value stands for a bare option
    record BaseBackupMethod(Map<String, @Nullable String> options) implements ReplicaMethod {}

    /// A command of the user's.
    ///
    /// @param command as a shell splits it
    /// @param options every key of its section, as arguments `--name=value`
    /// @param noLeader it needs no running source
    /// @param noParams it gets nothing but what the section says
    /// @param keepData the data directory is left as it is, before and after
    record CustomMethod(
            String name,
            String command,
            Map<String, String> options,
            boolean noLeader,
            boolean noParams,
            boolean keepData)
            implements ReplicaMethod {}

    /// Reads the section of that name below `postgresql`.
    static ReplicaMethod of(String name, SettingsTree postgresql) {
        if (name.equals(BASEBACKUP)) {
            return new BaseBackupMethod(postgresql.options(BASEBACKUP));
        }
        SettingsTree section = postgresql.section(name);
        Map<String, String> options = new LinkedHashMap<>();
        section.entries()
                .forEach((key, value) -> {
                    if (!key.equals("command") && value != null) {
                        options.put(key, value.toString());
                    }
                });
        return new CustomMethod(
                name,
                section.text("command", name),
                options,
                section.flag("no_leader", false),
                section.flag("no_params", false),
                section.flag("keep_data", false));
    }
}
