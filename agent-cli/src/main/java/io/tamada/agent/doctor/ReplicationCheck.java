package io.tamada.agent.doctor;

import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ReplicationMode;
import io.tamada.ha.model.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Whether the dynamic configuration leaves every member its sender and its slot, and says what
/// PostgreSQL needs.
final class ReplicationCheck implements Check {

    private static final String NAME = "replication";
    private static final long STANDARD = 10;

    /// A base backup takes two connections for a while.
    private static final long BACKUP = 2;

    @Override
    public List<Diagnosis> examine(Patient patient) {
        List<Diagnosis> found = new ArrayList<>();
        ClusterSettings cluster = patient.cluster();
        int others = patient.members() - 1;
        atLeast(
                patient,
                "max_wal_senders",
                others + BACKUP,
                others + " other members, and " + BACKUP + " for a base backup",
                found);
        if (cluster.useSlots()) {
            int permanent = cluster.permanentSlots().size();
            atLeast(
                    patient,
                    "max_replication_slots",
                    others + (long) permanent,
                    others + " other members and " + permanent + " permanent slots",
                    found);
        }
        rewind(patient, found);
        synchronous(patient, cluster.replication(), others, found);
        return found;
    }

    private static void atLeast(
            Patient patient, String name, long needed, String whom, List<Diagnosis> found) {
        OptionalLong value = Values.integer(patient.dynamic().at("postgresql", "parameters", name));
        if (value.orElse(STANDARD) < needed) {
            found.add(
                    Diagnosis.problem(
                            NAME,
                            name
                                    + " is "
                                    + value.orElse(STANDARD)
                                    + "; needed are "
                                    + needed
                                    + ": "
                                    + whom,
                            "some member can't follow the leader, and is missing when it is needed",
                            "raise it in the dynamic configuration (bootstrap.dcs before the cluster is made,"
                                    + " tamadactl edit-config later)"));
        }
    }

    /// A new cluster that could never be rewound.
    private static void rewind(Patient patient, List<Diagnosis> found) {
        boolean wanted = Values.bool(patient.postgresql().at("use_pg_rewind")).orElse(false);
        Object hints = patient.dynamic().at("postgresql", "parameters", "wal_log_hints");
        boolean off = hints != null && !Values.bool(hints).orElse(true);
        boolean checksums =
                String.valueOf(patient.local().document().at("bootstrap", "initdb"))
                        .contains("data-checksums");
        if (wanted && off && !checksums && !patient.hasData()) {
            found.add(
                    Diagnosis.warning(
                            "rewind",
                            "wal_log_hints is off, and the cluster will have no data checksums",
                            "pg_rewind refuses such data, so that a former primary has to be cloned anew",
                            "add data-checksums to bootstrap.initdb, or leave wal_log_hints on"));
        }
    }

    private static void synchronous(
            Patient patient, ReplicationMode mode, int others, List<Diagnosis> found) {
        int wanted = mode.isStrict() ? mode.wanted() : 0;
        boolean known = patient.view() != null && !patient.view().members().isEmpty();
        if (known && wanted > others) {
            found.add(
                    Diagnosis.problem(
                            NAME,
                            "synchronous_node_count is "
                                    + wanted
                                    + " and strict, and there are "
                                    + others
                                    + " other members",
                            "commits wait for standbys that there aren't",
                            "add members, or lower synchronous_node_count"));
        }
    }
}
