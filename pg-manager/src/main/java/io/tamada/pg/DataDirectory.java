package io.tamada.pg;

import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.Timeline;
import io.tamada.ha.model.TimelineHistory;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is on disk: PostgreSQL's data directory.
final class DataDirectory {

    private static final System.Logger LOG = System.getLogger(DataDirectory.class.getName());

    /// What PostgreSQL and its tools leave in a data directory: a directory with nothing else is a
    /// copy that was never finished, anything else belongs to somebody.
    private static final Set<String> OWN_NAMES =
            Set.of(
                    "base",
                    "global",
                    "log",
                    "lost+found",
                    "backup_label",
                    "backup_label.old",
                    "backup_manifest",
                    "backup_manifest.tmp",
                    "tablespace_map",
                    "tablespace_map.old",
                    "current_logfiles",
                    "standby.signal",
                    "recovery.signal",
                    "recovery.conf",
                    "recovery.done",
                    "postmaster.opts",
                    "postmaster.pid",
                    "patroni.dynamic.json");

    /// The most that a server puts up with.
    private static final Set<PosixFilePermission> ALLOWED =
            PosixFilePermissions.fromString("rwxr-x---");

    private final Path root;

    DataDirectory(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    Path file(String name) {
        return root.resolve(name);
    }

    /// Missing, or nothing in it.
    boolean isEmpty() throws IOException {
        if (!Files.exists(root)) {
            return true;
        }
        try (Stream<Path> entries = Files.list(root)) {
            return entries.allMatch(entry -> entry.getFileName().toString().equals("lost+found"));
        }
    }

    boolean hasData() {
        return Files.isRegularFile(file("PG_VERSION"))
                && Files.isRegularFile(file("global/pg_control"));
    }

    /// Null when the directory may be filled, else why not.
    @Nullable String foreignContent() {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        if (!Files.isDirectory(root)) {
            return root + " is not a directory: set postgresql.data_dir to another path";
        }
        try (Stream<Path> entries = Files.list(root)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !isOwn(name))
                    .findFirst()
                    .map(name ->
                            root
                                    + " holds files that are not PostgreSQL's, for instance "
                                    + name
                                    + ": empty it or set postgresql.data_dir to another path")
                    .orElse(null);
        } catch (IOException e) {
            return "data directory "
                    + root
                    + " can't be read ("
                    + e.getMessage()
                    + "): give it to the agent's user";
        }
    }

    private static boolean isOwn(String name) {
        return OWN_NAMES.contains(name)
                || name.startsWith("pg_")
                || name.startsWith("PG_")
                || name.startsWith("postgresql.")
                || name.endsWith(".conf")
                || name.endsWith(".backup")
                || name.endsWith(".log")
                || name.endsWith(".history");
    }

    PgVersion version() {
        try {
            return PgVersion.parse(Files.readString(file("PG_VERSION")).strip());
        } catch (IOException e) {
            return PgVersion.UNKNOWN;
        }
    }

    Path walDirectory() {
        Path old = file("pg_xlog");
        return Files.isDirectory(old) ? old : file("pg_wal");
    }

    boolean hasStandbySignal() {
        return Files.exists(file("standby.signal")) || Files.exists(file("recovery.conf"));
    }

    boolean hasRecoverySignal() {
        return hasStandbySignal() || Files.exists(file("recovery.signal"));
    }

    boolean hasBackupLabel() {
        return Files.exists(file("backup_label"));
    }

    /// The history file of a timeline; empty for the first, null when it isn't there or can't be
    /// understood.
    @Nullable TimelineHistory history(Timeline timeline) {
        if (timeline.value() == 1) {
            return TimelineHistory.EMPTY;
        }
        try {
            Path file =
                    walDirectory()
                            .resolve(String.format(Locale.ROOT, "%08X.history", timeline.value()));
            return parseHistory(Files.readString(file));
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    /// Each line: parent timeline, switch position and reason, with tabs between; `#` begins a
    /// comment.
    static TimelineHistory parseHistory(String text) {
        List<TimelineHistory.Switch> switches = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] parts = line.strip().split("\\s+", 3);
            if (parts.length >= 2 && !parts[0].startsWith("#")) {
                String reason = parts.length == 3 ? parts[2] : "";
                switches.add(
                        new TimelineHistory.Switch(
                                Timeline.of(Integer.parseInt(parts[0])),
                                Lsn.parse(parts[1]),
                                reason,
                                null,
                                null));
            }
        }
        return new TimelineHistory(switches);
    }

    /// Deletes all content, and what its links for WAL and tablespaces point at. The directory
    /// itself stays, because it may be a mount point.
    void clear(String why) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        if (!isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Deleting the content of the data directory {0}: {1}",
                    root,
                    why);
        }
        for (Path target : linkedDirectories()) {
            deleteContent(target);
        }
        deleteContent(root);
    }

    /// Takes rights from others that keep the server from starting; a method of the user's may have
    /// made the directory with them. That the group may read is allowed.
    void closeToOthers() throws IOException {
        Set<PosixFilePermission> now = Files.getPosixFilePermissions(root);
        if (!ALLOWED.containsAll(now)) {
            Set<PosixFilePermission> narrowed = EnumSet.copyOf(now);
            narrowed.retainAll(PosixFilePermissions.fromString("rwx------"));
            Files.setPosixFilePermissions(root, narrowed);
        }
    }

    /// What `pg_wal` and the tablespace links point at, outside of the data directory.
    private List<Path> linkedDirectories() throws IOException {
        List<Path> targets = new ArrayList<>();
        for (String wal : List.of("pg_wal", "pg_xlog")) {
            if (Files.isSymbolicLink(file(wal)) && Files.isDirectory(file(wal))) {
                targets.add(file(wal).toRealPath());
            }
        }
        if (Files.isDirectory(file("pg_tblspc"))) {
            try (Stream<Path> links = Files.list(file("pg_tblspc"))) {
                for (Path link : links.toList()) {
                    if (Files.isSymbolicLink(link) && Files.isDirectory(link)) {
                        targets.add(link.toRealPath());
                    }
                }
            }
        }
        return targets;
    }

    private static void deleteContent(Path directory) throws IOException {
        Path real = directory.toRealPath();
        Files.walkFileTree(
                real,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path visited, @Nullable IOException problem) throws IOException {
                        if (problem != null) {
                            throw problem;
                        }
                        if (!visited.equals(real)
                                && !visited.getFileName().toString().equals("lost+found")) {
                            Files.delete(visited);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path visited, BasicFileAttributes attributes) {
                        return visited.getFileName().toString().equals("lost+found")
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }
                });
    }

    /// Moves the directory aside as `….failed`; an older one of that name goes.
    void moveAside() throws IOException {
        if (isEmpty()) {
            return;
        }
        Path failed = root.resolveSibling(root.getFileName() + ".failed");
        if (Files.exists(failed)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Deleting {0}, left by an earlier failed bootstrap",
                    failed);
            deleteContent(failed);
            Files.delete(failed);
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "Moving the data of the failed bootstrap to {0}",
                failed);
        Files.move(root, failed);
    }
}
