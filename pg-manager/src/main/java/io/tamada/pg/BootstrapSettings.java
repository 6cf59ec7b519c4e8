package io.tamada.pg;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The `bootstrap` section, as far as it concerns PostgreSQL.
///
/// @param initdb options of `initdb`; a null value stands for a bare option
/// @param custom the method that replaces `initdb`; null for none
/// @param hba lines to append to `pg_hba.conf` after `initdb`
/// @param postCommand run once the new cluster accepts connections; null for nothing
record BootstrapSettings(
        Map<String, @Nullable String> initdb,
        @Nullable Custom custom,
        List<String> hba,
        @Nullable String postCommand) {

    /// @param command what to run, as a shell splits it
    /// @param arguments further options `--name=value`
    /// @param recoveryConf recovery settings for the first start
    record Custom(
            String name,
            String command,
            boolean noParams,
            boolean keepExistingRecoveryConf,
            Map<String, String> recoveryConf,
            Map<String, String> arguments) {}

    private static final List<String> RESERVED =
            List.of(
                    "command",
                    "no_params",
                    "keep_existing_recovery_conf",
                    "recovery_conf",
                    "scope",
                    "datadir");

    static BootstrapSettings of(SettingsTree tree) {
        List<String> hba = tree.lines("pg_hba");
        String post = tree.command("post_bootstrap");
        return new BootstrapSettings(
                tree.options("initdb"),
                custom(tree),
                hba == null ? List.of() : hba,
                post != null ? post : tree.command("post_init"));
    }

    private static @Nullable Custom custom(SettingsTree tree) {
        String method = tree.text("method", "initdb");
        if (method.equals("initdb") || !tree.has(method)) {
            return null;
        }
        SettingsTree section = tree.section(method);
        String command = section.command("command");
        if (command == null) {
            return null;
        }
        Map<String, String> arguments = new LinkedHashMap<>();
        section.entries()
                .forEach((key, value) -> {
                    if (!RESERVED.contains(key) && value != null) {
                        arguments.put(key, value.toString());
                    }
                });
        return new Custom(
                method,
                command,
                section.flag("no_params", false),
                section.flag("keep_existing_recovery_conf", false),
                section.texts("recovery_conf"),
                arguments);
    }
}
