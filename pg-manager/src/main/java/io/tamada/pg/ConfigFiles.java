package io.tamada.pg;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The configuration files that we write: whole, at once, and not when nothing changed.
final class ConfigFiles {

    static final String HEADER =
            "# Written by Tamada. Changes made here are lost: edit the configuration of the cluster.";

    /// A standby that has lost its primary looks again after this time: with PostgreSQL's own 5 s a
    /// primary that restarts within a second goes without a second copy of its writes for five. It
    /// stands before what is included, where an administrator may say otherwise.
    private static final String RETRY_INTERVAL = "wal_retrieve_retry_interval";

    private final PostgresSettings settings;
    private final DataDirectory data;

    ConfigFiles(PostgresSettings settings, DataDirectory data) {
        this.settings = settings;
        this.data = data;
    }

    Path conf() {
        return settings.configDir.resolve(settings.configBaseName + ".conf");
    }

    private Path baseConf() {
        return settings.configDir.resolve(settings.configBaseName + ".base.conf");
    }

    Path hba() {
        return settings.configDir.resolve("pg_hba.conf");
    }

    Path ident() {
        return settings.configDir.resolve("pg_ident.conf");
    }

    /// Writes `postgresql.conf`.
    ///
    /// @param recovery what is appended for a server in recovery since PostgreSQL 12; null for none
    /// @return true when the file changed
    boolean writeConf(Parameters parameters, @Nullable RecoverySettings recovery, PgVersion version)
            throws IOException {
        keepBase();
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        String include =
                settings.customConf != null
                        ? settings.customConf
                        : baseConf().getFileName().toString();
        if (!parameters.values().containsKey(RETRY_INTERVAL)) {
            line(text, RETRY_INTERVAL, "1s");
        }
        text.append("include ").append(quoted(include)).append("\n\n");
        parameters.values().forEach((name, value) -> line(text, name, value));
        if (!parameters.values().containsKey("hba_file")) {
            line(text, "hba_file", hba().toString());
        }
        if (!parameters.values().containsKey("ident_file")) {
            line(text, "ident_file", ident().toString());
        }
        if (recovery != null && version.atLeast(120_000)) {
            text.append("\n# recovery\n");
            recovery.parameters().forEach((name, value) -> line(text, name, value));
        }
        return AtomicFile.write(conf(), text.toString(), permissions(conf()));
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append(" = ").append(quoted(value)).append('\n');
    }

    static String quoted(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    /// A value as we last wrote it; null when it isn't there.
    @Nullable String written(String name) {
        try {
            List<String> lines = Files.readAllLines(conf());
            return lines.isEmpty() || !lines.getFirst().equals(HEADER) ? null : value(lines, name);
        } catch (IOException e) {
            return null;
        }
    }

    /// The same from a file that perhaps another agent wrote.
    @Nullable String writtenByAnybody(String name) {
        try {
            return value(Files.readAllLines(conf()), name);
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable String value(List<String> lines, String name) {
        String start = name + " = '";
        return lines.stream()
                .filter(line -> line.startsWith(start) && line.endsWith("'"))
                .map(line ->
                        line.substring(start.length(), line.length() - 1)
                                .replace("''", "'")
                                .replace("\\\\", "\\"))
                .findFirst()
                .orElse(null);
    }

    /// The file that was there before us is included by ours from now on.
    private void keepBase() throws IOException {
        Files.createDirectories(settings.configDir);
        if (settings.customConf != null || Files.exists(baseConf())) {
            return;
        }
        if (Files.exists(conf())) {
            Files.move(conf(), baseConf(), StandardCopyOption.ATOMIC_MOVE);
        } else if (Files.exists(data.file("postgresql.conf"))) {
            Files.copy(data.file("postgresql.conf"), baseConf());
        } else {
            AtomicFile.write(baseConf(), "", permissions(baseConf()));
        }
    }

    /// Writes `pg_hba.conf` if it is ours to write.
    ///
    /// @return true when the file changed
    boolean writeHba(@Nullable List<String> lines, Parameters parameters) throws IOException {
        return writeList(hba(), "hba_file", lines, parameters);
    }

    /// Writes `pg_ident.conf` if it is ours to write.
    boolean writeIdent(@Nullable List<String> lines, Parameters parameters) throws IOException {
        boolean changed = writeList(ident(), "ident_file", lines, parameters);
        if (!Files.exists(ident())) {
            AtomicFile.write(ident(), "", permissions(ident()));
        }
        return changed;
    }

    private boolean writeList(
            Path file, String parameter, @Nullable List<String> lines, Parameters parameters)
            throws IOException {
        String elsewhere = parameters.values().get(parameter);
        boolean ours = elsewhere == null || settings.configDir.resolve(elsewhere).equals(file);
        if (lines == null || lines.isEmpty() || !ours) {
            return false;
        }
        return AtomicFile.write(
                file, HEADER + "\n" + String.join("\n", lines) + "\n", permissions(file));
    }

    /// Appends lines to the file that `initdb` made.
    void appendHba(List<String> lines) throws IOException {
        if (lines.isEmpty()) {
            return;
        }
        String before =
                Files.exists(data.file("pg_hba.conf"))
                        ? Files.readString(data.file("pg_hba.conf"))
                        : "";
        AtomicFile.write(
                hba(), before + "\n" + String.join("\n", lines) + "\n", permissions(hba()));
    }

    /// Marks the data to start as a standby, or not, and puts recovery settings where the version
    /// wants them.
    void writeRecoveryMarks(@Nullable RecoverySettings recovery, boolean standby, PgVersion version)
            throws IOException {
        if (version.atLeast(120_000)) {
            mark("standby.signal", recovery != null && standby);
            mark("recovery.signal", recovery != null && !standby);
            if (recovery != null) {
                removeFromAutoConf();
            }
            return;
        }
        Path file = data.file("recovery.conf");
        if (recovery == null) {
            Files.deleteIfExists(file);
        } else {
            StringBuilder text = new StringBuilder();
            recovery.parameters().forEach((name, value) -> line(text, name, value));
            AtomicFile.write(file, text.toString(), permissions(file));
        }
    }

    private void mark(String name, boolean present) throws IOException {
        if (!present) {
            if (Files.deleteIfExists(data.file(name))) {
                AtomicFile.sync(data.root());
            }
        } else if (!Files.exists(data.file(name))) {
            AtomicFile.write(data.file(name), "", AtomicFile.permissionsIn(data.root()));
        }
    }

    /// `ALTER SYSTEM`, and tools that write there, would win over our recovery settings.
    private void removeFromAutoConf() throws IOException {
        Path auto = data.file("postgresql.auto.conf");
        if (!Files.exists(auto)) {
            return;
        }
        String before = Files.readString(auto, StandardCharsets.ISO_8859_1);
        List<String> kept = new ArrayList<>();
        for (String line : before.lines().toList()) {
            int equals = line.indexOf('=');
            if (equals < 0 || !RecoverySettings.NAMES.contains(line.substring(0, equals).strip())) {
                kept.add(line);
            }
        }
        if (kept.size() < before.lines().count()) {
            AtomicFile.write(auto, String.join("\n", kept) + "\n", permissions(auto));
        }
    }

    /// Keeps copies of the files in the data directory, so that a clone of it finds them.
    void saveBackups() throws IOException {
        for (Map.Entry<Path, Path> e : backups().entrySet()) {
            if (Files.isRegularFile(e.getKey())) {
                String content = Files.readString(e.getKey(), StandardCharsets.UTF_8);
                AtomicFile.write(e.getValue(), content, AtomicFile.permissionsIn(data.root()));
            }
        }
    }

    /// Brings back what a clone has left out.
    void restoreBackups() throws IOException {
        for (Map.Entry<Path, Path> e : backups().entrySet()) {
            if (!Files.exists(e.getKey()) && Files.isRegularFile(e.getValue())) {
                Files.createDirectories(settings.configDir);
                AtomicFile.write(
                        e.getKey(), Files.readString(e.getValue()), permissions(e.getKey()));
            }
        }
    }

    private Map<Path, Path> backups() {
        Map<Path, Path> result = new TreeMap<>();
        List<Path> files = new ArrayList<>(List.of(conf(), hba(), ident()));
        if (settings.customConf == null) {
            files.add(baseConf());
        }
        files.forEach(file -> result.put(file, data.file(file.getFileName() + ".backup")));
        return result;
    }

    private Set<PosixFilePermission> permissions(Path file) {
        return file.startsWith(data.root())
                ? AtomicFile.permissionsIn(data.root())
                : AtomicFile.OWNER_ONLY;
    }
}
