package io.tamada.agent.doctor;

import io.tamada.configuration.Finding;
import io.tamada.ha.dcs.DcsProviders;
import io.tamada.ha.dcs.ReadResult;
import java.util.ArrayList;
import java.util.List;

/// Looks at a machine and a configuration before anything is started. Changes nothing.
public final class Doctor {

    private static final List<Check> CHECKS =
            List.of(
                    new ConfigurationCheck(),
                    new ProgramsCheck(),
                    new DataDirectoryCheck(),
                    new SecretsCheck(),
                    new TlsCheck(),
                    new AccessCheck(),
                    new ReplicationCheck(),
                    new ServerCheck(),
                    new MembersCheck(),
                    new FencingCheck(),
                    new RoomCheck());

    private Doctor() {}

    /// Asks the store, and then everything else.
    ///
    /// @param patient without a view
    /// @return what is wrong, each thing once; empty when nothing is
    public static List<Diagnosis> examine(Patient patient, DcsProviders providers)
            throws InterruptedException {
        return examine(patient, StoreVisit.to(patient, providers));
    }

    static List<Diagnosis> examine(Patient patient, StoreVisit visit) throws InterruptedException {
        Patient seen =
                visit.result() instanceof ReadResult.Seen(var view)
                        ? patient.seeing(view)
                        : patient;
        List<Diagnosis> found = new ArrayList<>(new StoreCheck(visit).examine(seen));
        for (Check check : CHECKS) {
            found.addAll(check.examine(seen));
        }
        // The worst first, otherwise in the order of the checks.
        return found.stream()
                .distinct()
                .sorted(java.util.Comparator.comparing(Diagnosis::severity))
                .toList();
    }

    /// What there is to say about a configuration with which nothing can be looked at.
    public static List<Diagnosis> refused(List<Finding> findings) {
        return ConfigurationCheck.explained(findings);
    }
}
