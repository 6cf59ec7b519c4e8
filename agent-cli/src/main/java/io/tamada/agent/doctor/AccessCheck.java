package io.tamada.agent.doctor;

import io.tamada.configuration.HostPort;
import io.tamada.ha.model.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether `pg_hba.conf`, as it is or will be, lets the other members in to stream and to rewind.
final class AccessCheck implements Check {

    private static final String NAME = "pg_hba";

    @Override
    public List<Diagnosis> examine(Patient patient) {
        List<Diagnosis> found = new ArrayList<>();
        password(patient, "replication", found);
        password(patient, "superuser", found);
        Source source = source(patient);
        if (source == null) {
            return found;
        }
        HbaRules rules = HbaRules.of(source.lines());
        rules.wrong()
                .forEach(line ->
                        found.add(
                                Diagnosis.problem(
                                        NAME,
                                        source.name() + ": '" + line + "' makes no sense",
                                        "PostgreSQL doesn't start with such a line, and a running one keeps the old ones",
                                        "write it as: host replication USER ADDRESS/LENGTH METHOD")));
        rules.openToAll()
                .forEach(line ->
                        found.add(
                                Diagnosis.warning(
                                        NAME,
                                        source.name() + ": '" + line + "'",
                                        "whoever reaches the port is let in without a password",
                                        "name the network of the members, and the method scram-sha-256")));
        for (String host : hosts(patient)) {
            connection(patient, source, rules, host, "replication", found);
            if (Values.bool(patient.postgresql().at("use_pg_rewind")).orElse(false)) {
                String role =
                        patient.text("postgresql", "authentication", "rewind", "username") == null
                                ? "superuser"
                                : "rewind";
                connection(patient, source, rules, host, role, found);
            }
        }
        return found;
    }

    private record Source(String name, List<String> lines) {}

    /// The configured lines, else those that are there, else those that a new cluster gets; null
    /// when nobody can tell.
    private static @Nullable Source source(Patient patient) {
        if (Patient.text(patient.postgresql(), "parameters", "hba_file") != null) {
            return null;
        }
        if (patient.postgresql().at("pg_hba") instanceof List<?> list) {
            return new Source("postgresql.pg_hba", list.stream().map(String::valueOf).toList());
        }
        Path file = patient.dataDir().resolve("pg_hba.conf");
        if (Files.isReadable(file)) {
            try {
                return new Source(file.toString(), Files.readAllLines(file));
            } catch (IOException e) {
                return null;
            }
        }
        if (!patient.local().mayInitialize() || patient.text("bootstrap", "method") != null) {
            return null;
        }
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                "host all all 127.0.0.1/32 trust",
                                "host all all ::1/128 trust",
                                "host replication all 127.0.0.1/32 trust",
                                "host replication all ::1/128 trust"));
        if (patient.local().document().at("bootstrap", "pg_hba") instanceof List<?> list) {
            list.forEach(line -> lines.add(String.valueOf(line)));
        }
        return new Source("bootstrap.pg_hba", lines);
    }

    /// The other members, else this one's own address, since all usually have the same lines.
    private static Set<String> hosts(Patient patient) {
        Set<String> hosts = new LinkedHashSet<>(patient.otherHosts());
        String own = patient.text("postgresql", "connect_address");
        if (hosts.isEmpty() && own != null) {
            HostPort.parse(own, 5432).ifPresent(parsed -> hosts.addAll(parsed.hosts()));
        }
        return hosts;
    }

    private static void password(Patient patient, String role, List<Diagnosis> found) {
        String empty = "";
        if (empty.equals(patient.text("postgresql", "authentication", role, "password"))) {
            found.add(
                    Diagnosis.warning(
                            NAME,
                            patient.named("postgresql", "authentication", role, "password")
                                    + ": is empty",
                            "PostgreSQL never accepts an empty password",
                            "give one, or take the setting out and use certificates"));
        }
    }

    private static void connection(
            Patient patient,
            Source source,
            HbaRules rules,
            String host,
            String role,
            List<Diagnosis> found) {
        boolean streams = role.equals("replication");
        String user = patient.user(role);
        String database = streams ? "replication" : "postgres";
        boolean noTls =
                "disable".equals(patient.text("postgresql", "authentication", role, "sslmode"));
        String problem =
                switch (rules.asks(database, user, host, noTls)) {
                    case ADMITTED -> null;
                    case PASSWORD ->
                            patient.text("postgresql", "authentication", role, "password") == null
                                    ? "asks user "
                                            + user
                                            + " for a password, and none is configured"
                                    : null;
                    case REJECTED -> "rejects user " + user + " from " + host;
                    case NO_LINE -> "has no line for user " + user + " from " + host;
                };
        if (problem != null) {
            found.add(
                    Diagnosis.problem(
                            NAME,
                            source.name()
                                    + " "
                                    + problem
                                    + (streams ? " to stream" : " to rewind")
                                    + (host.contains(":") || problem.endsWith(host)
                                            ? ""
                                            : " (" + host + ")"),
                            streams
                                    ? "that member can't follow when this one is the primary"
                                    : "that member can't be rewound when this one is the primary",
                            "add a line like: host "
                                    + database
                                    + " "
                                    + user
                                    + " "
                                    + host
                                    + (host.contains(":") ? "/128" : "/32")
                                    + " scram-sha-256"));
        }
    }
}
