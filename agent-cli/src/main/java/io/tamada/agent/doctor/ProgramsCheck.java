package io.tamada.agent.doctor;

import io.tamada.ha.model.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Programs that will be run: PostgreSQL's, and those that the configuration names.
final class ProgramsCheck implements Check {

    private static final String NAME = "programs";
    private static final int OLDEST = 12;

    @Override
    public List<Diagnosis> examine(Patient patient) throws InterruptedException {
        List<Diagnosis> found = new ArrayList<>();
        versions(patient, found);
        commands(patient, found);
        return found;
    }

    private static void versions(Patient patient, List<Diagnosis> found)
            throws InterruptedException {
        Programs programs = new Programs(patient);
        Path server = programs.find("postgres");
        if (server == null) {
            return;
        }
        OptionalInt version = programs.major(server);
        if (version.isEmpty()) {
            found.add(
                    Diagnosis.problem(
                            NAME,
                            server + " --version tells no version of PostgreSQL",
                            "it can't be run, or is another program, so that no server can be started",
                            "run it by hand to see why; correct postgresql.bin_dir"));
            return;
        }
        if (version.getAsInt() < OLDEST) {
            found.add(
                    Diagnosis.problem(
                            NAME,
                            server + " is PostgreSQL " + version.getAsInt(),
                            "its recovery is configured in another way than that of PostgreSQL 12 and later",
                            "upgrade to a version that is maintained"));
        }
        for (String name : List.of("pg_ctl", "initdb", "pg_controldata", "pg_basebackup")) {
            same(programs, name, server, version.getAsInt(), found);
        }
        if (Values.bool(patient.postgresql().at("use_pg_rewind")).orElse(false)) {
            if (programs.find("pg_rewind") == null) {
                found.add(
                        Diagnosis.problem(
                                NAME,
                                "pg_rewind is not beside " + server + ", and use_pg_rewind is on",
                                "a former primary with WAL of its own can't rejoin without being cloned anew",
                                "install it (it belongs to the server's package), or set use_pg_rewind to false"));
            } else {
                same(programs, "pg_rewind", server, version.getAsInt(), found);
            }
        }
    }

    private static void same(
            Programs programs, String name, Path server, int version, List<Diagnosis> found)
            throws InterruptedException {
        Path program = programs.find(name);
        OptionalInt own = program == null ? OptionalInt.empty() : programs.major(program);
        if (own.isPresent() && own.getAsInt() != version) {
            found.add(
                    Diagnosis.problem(
                            NAME,
                            program
                                    + " is of version "
                                    + own.getAsInt()
                                    + ", "
                                    + server
                                    + " of "
                                    + version,
                            "programs of another version refuse the data directory, when they are needed most",
                            "set postgresql.bin_dir to the directory of one version"));
        }
    }

    private static void commands(Patient patient, List<Diagnosis> found) {
        if (patient.postgresql().at("callbacks") instanceof Map<?, ?> callbacks) {
            callbacks.forEach((event, command) ->
                    command(
                            patient,
                            "postgresql.callbacks." + event,
                            command,
                            "it is run on the event, and nothing would happen then",
                            found));
        }
        for (String key : List.of("pre_promote", "before_stop")) {
            command(
                    patient,
                    "postgresql." + key,
                    patient.postgresql().at(key),
                    key.equals("pre_promote")
                            ? "a promotion is given up when it fails"
                            : "it would not run before PostgreSQL stops",
                    found);
        }
        if (patient.postgresql().at("create_replica_methods") instanceof List<?> methods) {
            methods.stream()
                    .map(String::valueOf)
                    .filter(method -> !method.equals("basebackup"))
                    .forEach(method ->
                            command(
                                    patient,
                                    "postgresql." + method + ".command",
                                    patient.postgresql().at(method, "command") == null
                                            ? method
                                            : patient.postgresql().at(method, "command"),
                                    "a replica can't be made by this method",
                                    found));
        }
        for (String key : List.of("post_bootstrap", "post_init")) {
            command(
                    patient,
                    "bootstrap." + key,
                    patient.local().document().at("bootstrap", key),
                    "a new cluster is thrown away again when it fails",
                    found);
        }
        String method = patient.text("bootstrap", "method");
        if (method != null) {
            command(
                    patient,
                    "bootstrap." + method + ".command",
                    patient.local().document().at("bootstrap", method, "command"),
                    "no cluster can be made without it",
                    found);
        }
    }

    private static void command(
            Patient patient,
            String setting,
            @Nullable Object value,
            String why,
            List<Diagnosis> found) {
        if (value == null || value.toString().isBlank()) {
            return;
        }
        String program = value.toString().strip().split("\\s+", 2)[0].replaceAll("[\"']", "");
        if (isThere(program, patient.environment().getOrDefault("PATH", ""))) {
            return;
        }
        found.add(
                Diagnosis.problem(
                        NAME,
                        setting + ": '" + program + "' is no program that this user can run",
                        why,
                        "correct the path, or make it executable (chmod +x)"));
    }

    private static boolean isThere(String program, String searchPath) {
        if (program.contains("/")) {
            return isProgram(Path.of(program));
        }
        for (String each : searchPath.split(":", -1)) {
            if (!each.isBlank() && isProgram(Path.of(each, program))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
