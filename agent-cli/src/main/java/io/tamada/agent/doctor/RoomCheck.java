package io.tamada.agent.doctor;

import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.Values;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Whether there is room: on the disk, for a clone of the leader, and in the limits of the process,
/// which PostgreSQL inherits.
final class RoomCheck implements Check {

    private static final long MEGABYTE = 1 << 20;
    private static final long WAL_ROOM = 256 * MEGABYTE;
    private static final long FILES_MIN = 4096;
    private static final long OTHER_PROCESSES = 100;

    @Override
    public List<Diagnosis> examine(Patient patient) {
        List<Diagnosis> found = new ArrayList<>();
        disk(patient, found);
        Map<String, Long> limits = patient.machine().hardLimits();
        Long files = limits.get("Max open files");
        if (files != null && files < FILES_MIN) {
            found.add(
                    Diagnosis.warning(
                            "limits",
                            "this process may open no more than " + files + " files",
                            "PostgreSQL inherits the limit, and ends with an error when a session needs more",
                            "raise it to at least 65536: LimitNOFILE of the service, or ulimit -n"));
        }
        Long processes = limits.get("Max processes");
        long connections =
                Values.integer(patient.dynamic().at("postgresql", "parameters", "max_connections"))
                        .orElse(100);
        if (processes != null && processes < connections + OTHER_PROCESSES) {
            found.add(
                    Diagnosis.warning(
                            "limits",
                            "this user may have no more than "
                                    + processes
                                    + " processes, with max_connections = "
                                    + connections,
                            "each session of PostgreSQL is a process: clients are refused, and the agent can't"
                                    + " start programs either",
                            "raise it: LimitNPROC of the service, or ulimit -u"));
        }
        return found;
    }

    private static void disk(Patient patient, List<Diagnosis> found) {
        OptionalLong usable = patient.machine().usableBytes(patient.dataDir());
        if (usable.isEmpty()) {
            return;
        }
        long free = usable.getAsLong();
        Long clone = patient.hasData() ? null : leaderBytes(patient);
        long needed = clone == null ? WAL_ROOM : clone + clone / 10 + WAL_ROOM;
        if (free < needed) {
            found.add(
                    Diagnosis.problem(
                            "disk",
                            patient.named("postgresql", "data_dir")
                                    + ": "
                                    + free / MEGABYTE
                                    + " MB are free where "
                                    + patient.dataDir()
                                    + " is, "
                                    + needed / MEGABYTE
                                    + " MB are needed"
                                    + (clone == null ? "" : " for a copy of the leader"),
                            "PostgreSQL stops when it can't write WAL, and a copy that doesn't fit is made in vain",
                            "free or add space there, or put the data directory elsewhere"));
        }
    }

    /// How much a copy of the leader takes; null when that can't be learnt.
    private static @Nullable Long leaderBytes(Patient patient) {
        var view = patient.view();
        MemberStatus leader = view == null ? null : view.leaderMember();
        Server server = leader == null ? null : Server.of(leader.connUrl());
        if (server == null) {
            return null;
        }
        try (Connection connection = server.connect(patient, "superuser");
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT sum(pg_tablespace_size(oid)) FROM pg_tablespace")) {
            return row.next() ? Long.valueOf(row.getLong(1)) : null;
        } catch (SQLException e) {
            // Told by who checks whether the leader can be reached.
            return null;
        }
    }
}
