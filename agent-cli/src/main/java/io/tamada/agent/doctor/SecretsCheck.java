package io.tamada.agent.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;

/// Who may read passwords, and whether the agent can write them where PostgreSQL looks for them.
final class SecretsCheck implements Check {

    private static final String NAME = "secrets";

    @Override
    public List<Diagnosis> examine(Patient patient) {
        List<Diagnosis> found = new ArrayList<>();
        for (String role : List.of("superuser", "replication", "rewind")) {
            file(patient, role, found);
        }
        passwordFile(patient, found);
        return found;
    }

    private static void file(Patient patient, String role, List<Diagnosis> found) {
        String[] path = {"postgresql", "authentication", role, "password"};
        if (patient.text(path) == null) {
            return;
        }
        String source = patient.local().placeOf(path).source();
        try {
            boolean open =
                    Files.exists(Path.of(source))
                            && Files.getPosixFilePermissions(Path.of(source))
                                    .contains(PosixFilePermission.OTHERS_READ);
            boolean told = found.stream().anyMatch(each -> each.what().startsWith(source));
            if (open && !told) {
                found.add(
                        Diagnosis.warning(
                                NAME,
                                source
                                        + " holds passwords, and everybody on this machine may read it",
                                "whoever has the superuser's password owns the data",
                                "chmod 0600 " + source));
            }
        } catch (IOException | InvalidPathException e) {
            // Not a file, but a variable of the environment.
            return;
        }
    }

    private static void passwordFile(Patient patient, List<Diagnosis> found) {
        String given = patient.text("postgresql", "pgpass");
        if (given == null || given.isBlank()) {
            return;
        }
        Path file = Path.of(given).toAbsolutePath();
        Path directory = file.getParent();
        boolean writable =
                Files.exists(file)
                        ? Files.isRegularFile(file) && Files.isWritable(file)
                        : directory != null && Files.isWritable(directory);
        if (!writable) {
            found.add(
                    Diagnosis.problem(
                            NAME,
                            patient.named("postgresql", "pgpass")
                                    + ": "
                                    + file
                                    + " can't be written by this user",
                            "standbys read the replication password there, and can't follow without",
                            "name a file in a directory that this user may write into"));
        }
    }
}
