package io.tamada.agent.doctor;

import io.tamada.configuration.HostPort;
import io.tamada.ha.model.MemberStatus;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Servers that run: whether the configured users get in and may do what they have to.
final class ServerCheck implements Check {

    private static final String NAME = "server";

    @Override
    public List<Diagnosis> examine(Patient patient) {
        List<Diagnosis> found = new ArrayList<>();
        Server own = patient.serverRuns() ? own(patient) : null;
        if (own != null) {
            superuser(patient, own, found);
        }
        var view = patient.view();
        MemberStatus leader = view == null ? null : view.leaderMember();
        if (leader != null && !leader.name().equals(patient.local().name())) {
            Server server = Server.of(leader.connUrl());
            if (server != null) {
                stream(patient, server, "the leader " + leader.name(), found);
            }
        }
        return found;
    }

    /// Where the agent itself would call its server.
    private static @Nullable Server own(Patient patient) {
        String listen = patient.text("postgresql", "listen");
        Optional<HostPort> parsed =
                listen == null ? Optional.empty() : HostPort.parse(listen, 5432);
        return parsed.map(address ->
                        new Server(
                                address.isWildcard() ? "localhost" : address.hosts().getFirst(),
                                address.port()))
                .orElse(null);
    }

    private static void superuser(Patient patient, Server own, List<Diagnosis> found) {
        try (Connection connection = own.connect(patient, "superuser");
                Statement statement = connection.createStatement()) {
            if (!"on".equals(one(statement, "SHOW is_superuser"))) {
                found.add(
                        Diagnosis.problem(
                                NAME,
                                "user " + patient.user("superuser") + " is no superuser",
                                "the agent can't promote, read files for pg_rewind or change settings",
                                "ALTER ROLE " + patient.user("superuser") + " SUPERUSER"));
                return;
            }
            replicationRole(patient, statement, own, found);
            hbaFile(statement, found);
            rewindable(patient, statement, found);
        } catch (SQLException e) {
            found.add(
                    refused(
                            "PostgreSQL at " + own,
                            patient.user("superuser"),
                            e,
                            "the agent can't see or steer its own server"));
        }
    }

    private static Diagnosis refused(String whom, String user, SQLException e, String why) {
        String state = String.valueOf(e.getSQLState());
        String told = String.valueOf(e.getMessage()).replaceAll("\\s+", " ").strip();
        return Diagnosis.problem(
                NAME,
                whom + " doesn't let user " + user + " in: " + told,
                why,
                switch (state) {
                    case "28P01" ->
                            "correct the password in the configuration, or in PostgreSQL (ALTER ROLE "
                                    + user
                                    + " PASSWORD ...)";
                    case "28000" ->
                            "add a line to pg_hba (postgresql.pg_hba in the configuration), or give the role"
                                    + " LOGIN";
                    case "53300" -> "raise max_connections or max_wal_senders there";
                    default -> "see that it runs and can be reached from here";
                });
    }

    private static void replicationRole(
            Patient patient, Statement statement, Server own, List<Diagnosis> found)
            throws SQLException {
        String user = patient.user("replication");
        String may =
                one(
                        statement,
                        "SELECT CASE WHEN rolreplication OR rolsuper THEN 'yes' ELSE 'no' END FROM pg_roles"
                                + " WHERE rolname = '"
                                + user.replace("'", "''")
                                + "'");
        if (may == null) {
            found.add(
                    Diagnosis.problem(
                            NAME,
                            "there is no role " + user,
                            "standbys log in with it, and can't follow without",
                            "CREATE ROLE " + user + " LOGIN REPLICATION PASSWORD '...'"));
        } else if (may.equals("no")) {
            found.add(
                    Diagnosis.problem(
                            NAME,
                            "role " + user + " may not replicate",
                            "standbys log in with it, and can't follow without",
                            "ALTER ROLE " + user + " REPLICATION"));
        } else {
            stream(patient, own, "PostgreSQL at " + own, found);
        }
    }

    private static void stream(Patient patient, Server server, String name, List<Diagnosis> found) {
        try (Connection connection = server.replicate(patient);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
            row.next();
        } catch (SQLException e) {
            found.add(
                    refused(
                            name,
                            patient.user("replication") + " (to stream)",
                            e,
                            "a standby can't follow it"));
        }
    }

    private static void hbaFile(Statement statement, List<Diagnosis> found) throws SQLException {
        String wrong =
                one(
                        statement,
                        "SELECT 'line ' || line_number || ': ' || error FROM pg_hba_file_rules"
                                + " WHERE error IS NOT NULL ORDER BY line_number LIMIT 1");
        if (wrong != null) {
            found.add(
                    Diagnosis.problem(
                            "pg_hba",
                            "the server's pg_hba.conf, " + wrong,
                            "PostgreSQL keeps the old lines, and doesn't start with these",
                            "correct the line there, or in postgresql.pg_hba"));
        }
    }

    private static void rewindable(Patient patient, Statement statement, List<Diagnosis> found)
            throws SQLException {
        boolean wanted =
                io.tamada.ha.model.Values.bool(patient.postgresql().at("use_pg_rewind"))
                        .orElse(false);
        if (wanted && "off".equals(one(statement, "SHOW full_page_writes"))) {
            found.add(
                    Diagnosis.warning(
                            "rewind",
                            "full_page_writes is off",
                            "pg_rewind refuses a source like that, and a crash may damage the data",
                            "switch it on"));
        }
    }

    private static @Nullable String one(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : null;
        }
    }
}
