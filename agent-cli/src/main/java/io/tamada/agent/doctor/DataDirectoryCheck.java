package io.tamada.agent.doctor;

import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.Initialization;
import io.tamada.ha.model.SystemId;
import io.tamada.ha.model.Values;
import io.tamada.pg.PostgresManager;
import io.tamada.pg.PostgresSettings;
import io.tamada.pg.process.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What lies in the data directory, and whether a server can be started from it or made in it.
final class DataDirectoryCheck implements Check {

    private static final String NAME = "data directory";

    @Override
    public List<Diagnosis> examine(Patient patient) throws InterruptedException {
        List<Diagnosis> found = new ArrayList<>();
        Path data = patient.dataDir();
        if (patient.hasData()) {
            access(patient, data, found);
            structure(patient, data, found);
            control(patient, data, found);
        } else if (Files.isDirectory(data)) {
            foreign(patient, found);
        }
        birth(patient, found);
        customConf(patient, found);
        return found;
    }

    private static void access(Patient patient, Path data, List<Diagnosis> found) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(data);
            if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                    || permissions.contains(PosixFilePermission.OTHERS_READ)
                    || permissions.contains(PosixFilePermission.OTHERS_WRITE)
                    || permissions.contains(PosixFilePermission.OTHERS_EXECUTE)) {
                found.add(
                        Diagnosis.problem(
                                NAME,
                                patient.named("postgresql", "data_dir")
                                        + ": others may enter "
                                        + data,
                                "PostgreSQL refuses to start from a directory that is open to others",
                                "chmod 0700 " + data + " (or 0750)"));
            }
            Object owner = Files.getAttribute(data, "unix:uid");
            Object self = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            if (!owner.equals(self)) {
                found.add(
                        Diagnosis.problem(
                                NAME,
                                data + " belongs to the user with the number " + owner,
                                "PostgreSQL refuses to start from a directory that isn't its user's own",
                                "start the agent as that user, or change the owner"));
            }
        } catch (IOException | UnsupportedOperationException e) {
            found.add(
                    Diagnosis.problem(
                            NAME,
                            data + " can't be looked at: " + e.getMessage(),
                            "nothing can be started from it",
                            "give it to this user"));
        }
    }

    private static void structure(Patient patient, Path data, List<Diagnosis> found)
            throws InterruptedException {
        if (!Files.isRegularFile(data.resolve("global/pg_control"))) {
            found.add(
                    Diagnosis.problem(
                            NAME,
                            data + " has PG_VERSION, and no global/pg_control",
                            "it is the rest of something: no server can be started from it",
                            "empty it, so that it is cloned anew, or restore it from a backup"));
        }
        Path wal = data.resolve("pg_wal");
        if (!Files.isDirectory(wal)) {
            boolean dangling = Files.exists(wal, LinkOption.NOFOLLOW_LINKS);
            found.add(
                    Diagnosis.problem(
                            NAME,
                            wal + (dangling ? " leads to nothing" : " is not there"),
                            "PostgreSQL can't start without its WAL",
                            "mount the file system that it leads to, or restore it; never make it anew"));
        }
        Programs programs = new Programs(patient);
        Path server = programs.find("postgres");
        OptionalInt version = server == null ? OptionalInt.empty() : programs.major(server);
        String own = firstLine(data.resolve("PG_VERSION"));
        if (version.isPresent() && !own.equals(Integer.toString(version.getAsInt()))) {
            found.add(
                    Diagnosis.problem(
                            NAME,
                            data
                                    + " was made by PostgreSQL "
                                    + own
                                    + ", and the programs are of version "
                                    + version.getAsInt(),
                            "a server starts from data of its own major version alone",
                            "set postgresql.bin_dir to the programs of version "
                                    + own
                                    + ", or upgrade the data with pg_upgrade"));
        }
    }

    private static String firstLine(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static void control(Patient patient, Path data, List<Diagnosis> found)
            throws InterruptedException {
        Path program = new Programs(patient).find("pg_controldata");
        if (program == null || !Files.isRegularFile(data.resolve("global/pg_control"))) {
            return;
        }
        CommandResult told = new Programs(patient).run(program, data.toString());
        if (!told.succeeded()) {
            found.add(
                    Diagnosis.problem(
                            NAME,
                            told.problem("pg_controldata " + data),
                            "the state of the data can't be told, and no server started from it",
                            "see what the program says; restore from a backup, or empty the directory"));
            return;
        }
        if (told.out().contains("WARNING: Calculated CRC checksum does not match")) {
            found.add(
                    Diagnosis.problem(
                            NAME,
                            data + ": the checksum of global/pg_control doesn't match",
                            "it is damaged, or of another version: PostgreSQL refuses to start from it",
                            "restore from a backup, or empty the directory so that it is cloned anew"));
        }
        Map<String, String> values = values(told.out());
        identity(patient, values.get("Database system identifier"), found);
        boolean hints = "on".equals(values.get("wal_log_hints setting"));
        boolean checksums = !"0".equals(values.getOrDefault("Data page checksum version", "0"));
        if (Values.bool(patient.postgresql().at("use_pg_rewind")).orElse(false)
                && !hints
                && !checksums) {
            found.add(
                    Diagnosis.warning(
                            "rewind",
                            data + " has neither data checksums nor wal_log_hints",
                            "pg_rewind refuses such data, so that a former primary has to be cloned anew",
                            "leave wal_log_hints on in the dynamic configuration and restart PostgreSQL, or run"
                                    + " pg_checksums --enable while it is stopped"));
        }
    }

    private static Map<String, String> values(String output) {
        Map<String, String> values = new HashMap<>();
        output.lines()
                .forEach(line -> {
                    int colon = line.indexOf(':');
                    if (colon > 0) {
                        values.put(line.substring(0, colon), line.substring(colon + 1).strip());
                    }
                });
        return values;
    }

    private static void identity(Patient patient, @Nullable String own, List<Diagnosis> found) {
        ClusterView view = patient.view();
        SystemId cluster = view == null ? null : view.systemId();
        if (cluster != null && own != null && !own.equals(cluster.value())) {
            found.add(
                    Diagnosis.problem(
                            NAME,
                            patient.dataDir()
                                    + " is of another cluster: its system identifier is "
                                    + own
                                    + ", that of "
                                    + patient.local().scope()
                                    + " is "
                                    + cluster.value(),
                            "a member whose data has another origin never joins: the agent doesn't start",
                            "correct scope or data_dir; to give the data up, empty the directory"));
        }
    }

    /// The manager knows what is PostgreSQL's own in a directory without data.
    private static void foreign(Patient patient, List<Diagnosis> found)
            throws InterruptedException {
        try {
            PostgresSettings settings =
                    PostgresSettings.of(
                            patient.local().scope(),
                            patient.local().name(),
                            patient.postgresql(),
                            patient.local().document().section("bootstrap"));
            try (PostgresManager manager = new PostgresManager(settings, patient.time())) {
                String problem = manager.problem();
                if (problem != null) {
                    int cut = problem.indexOf(": ");
                    found.add(
                            Diagnosis.problem(
                                    NAME,
                                    cut < 0 ? problem : problem.substring(0, cut),
                                    "the agent doesn't start: it never deletes what isn't PostgreSQL's",
                                    cut < 0
                                            ? "empty the directory, or choose another"
                                            : problem.substring(cut + 2)));
                }
            }
        } catch (IllegalArgumentException e) {
            found.add(
                    Diagnosis.problem(
                            ConfigurationCheck.NAME,
                            String.valueOf(e.getMessage()),
                            "the agent doesn't start with it",
                            "correct it there"));
        }
    }

    /// A cluster that nobody may make.
    private static void birth(Patient patient, List<Diagnosis> found) {
        ClusterView view = patient.view();
        boolean nobodyYet =
                view != null
                        && view.initialization() instanceof Initialization.Absent
                        && view.members().isEmpty();
        if (nobodyYet && !patient.hasData() && !patient.local().mayInitialize()) {
            found.add(
                    Diagnosis.warning(
                            NAME,
                            "the cluster "
                                    + patient.local().scope()
                                    + " doesn't exist, and this member has no bootstrap section",
                            "it waits for another member that makes the cluster, for ever if none may",
                            "add a bootstrap section, or correct scope and namespace"));
        }
    }

    private static void customConf(Patient patient, List<Diagnosis> found) {
        String file = Patient.text(patient.postgresql(), "custom_conf");
        if (file != null && !file.isBlank() && !Files.isReadable(Path.of(file))) {
            found.add(
                    Diagnosis.problem(
                            NAME,
                            "postgresql.custom_conf: '" + file + "' can't be read",
                            "PostgreSQL includes it, and doesn't start without",
                            "make it, or take the setting out"));
        }
    }
}
