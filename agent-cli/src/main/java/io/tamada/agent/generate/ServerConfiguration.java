package io.tamada.agent.generate;

import static io.tamada.agent.generate.Template.UNFILLED;
import static io.tamada.agent.generate.Template.map;

import io.tamada.ha.model.ConfigDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Distributes what a server is set to over the places of a configuration.
///
/// @param dsn how it was asked
record ServerConfiguration(RunningServer server, Dsn dsn, OwnAddress own) {

    /// Belong to one machine, not to the cluster.
    private static final Set<String> LOCAL =
            Set.of(
                    "archive_command",
                    "restore_command",
                    "archive_cleanup_command",
                    "recovery_end_command",
                    "ssl_passphrase_command");

    /// Have settings of their own.
    private static final Set<String> PLACES =
            Set.of(
                    "data_checksums",
                    "listen_addresses",
                    "port",
                    "cluster_name",
                    "data_directory",
                    "config_file",
                    "hba_file",
                    "ident_file");

    private static final List<String> CONNECTION_OPTIONS =
            List.of("username", "password", "sslmode", "sslcert", "sslkey", "sslrootcert");

    ConfigDocument document() {
        Map<String, @Nullable Object> root = Template.head(own, value("cluster_name"));
        Map<String, @Nullable Object> shared = new TreeMap<>();
        Map<String, @Nullable Object> local = new TreeMap<>();
        server.parameters()
                .forEach((name, value) -> {
                    // No WAL kept for members is the server's standard and not the cluster's.
                    boolean nothingKept = name.startsWith("wal_keep_") && value.equals("0");
                    if (!PLACES.contains(name) && !nothingKept) {
                        (LOCAL.contains(name) ? local : shared).put(name, value);
                    }
                });
        root.put("bootstrap", map("dcs", Template.dynamic(shared, isRewindable())));
        root.put("postgresql", postgresql(local));
        root.put("tags", Template.tags());
        return ConfigDocument.of(root);
    }

    private Map<String, @Nullable Object> postgresql(Map<String, @Nullable Object> parameters) {
        Map<String, @Nullable Object> section = new LinkedHashMap<>();
        Path data = Path.of(value("data_directory"));
        Path file = Path.of(value("config_file"));
        Path directory = file.toAbsolutePath().getParent();
        section.put("data_dir", data.toString());
        if (directory != null && !directory.equals(data)) {
            section.put("config_dir", directory.toString());
        }
        String base = String.valueOf(file.getFileName()).replaceAll("\\.conf$", "");
        if (!base.equals("postgresql")) {
            section.put("config_base_name", base);
        }
        section.put("bin_dir", server.programs() == null ? "" : server.programs().toString());
        String listen = value("listen_addresses");
        section.put("listen", (listen.isBlank() ? "localhost" : listen) + ":" + value("port"));
        section.put("connect_address", own.ip() + ":" + value("port"));
        section.put("authentication", authentication());
        for (String kind : List.of("hba", "ident")) {
            Path rules = Path.of(value(kind + "_file"));
            if (directory != null && rules.equals(directory.resolve("pg_" + kind + ".conf"))) {
                List<String> lines = lines(rules);
                if (!lines.isEmpty()) {
                    section.put("pg_" + kind, lines);
                }
            } else {
                parameters.put(kind + "_file", rules.toString());
            }
        }
        if (!parameters.isEmpty()) {
            section.put("parameters", parameters);
        }
        return section;
    }

    private Map<String, @Nullable Object> authentication() {
        Map<String, @Nullable Object> superuser = new LinkedHashMap<>();
        for (String option : CONNECTION_OPTIONS) {
            String value = dsn.get(option.equals("username") ? "user" : option);
            if (value != null) {
                superuser.put(option, value);
            }
        }
        List<String> users = server.replicationUsers();
        return map(
                "superuser",
                superuser,
                "replication",
                map(
                        "username",
                        users.size() == 1 ? users.getFirst() : UNFILLED,
                        "password",
                        UNFILLED));
    }

    /// Without comments; none when this user may not read them.
    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(line -> line.replaceAll("\\s+", " "))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private boolean isRewindable() {
        return value("wal_log_hints").equals("on") || value("data_checksums").equals("on");
    }

    private String value(String parameter) {
        return server.parameters().getOrDefault(parameter, "");
    }
}
