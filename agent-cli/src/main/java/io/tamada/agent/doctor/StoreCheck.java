package io.tamada.agent.doctor;

import io.tamada.ha.dcs.ReadResult;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.HaTimings;
import java.util.ArrayList;
import java.util.List;

/// Whether the store answers, how fast, and with what.
final class StoreCheck implements Check {

    private static final String NAME = "store";

    /// A lease is renewed by several requests in turn, each of which may be tried again: one that
    /// takes this part of the ttl leaves no room for that.
    private static final int PART_OF_TTL = 20;

    private final StoreVisit visit;

    StoreCheck(StoreVisit visit) {
        this.visit = visit;
    }

    @Override
    public List<Diagnosis> examine(Patient patient) {
        List<Diagnosis> found = new ArrayList<>();
        switch (visit.result()) {
            case ReadResult.Unknown(String problem) -> silent(patient, problem, found);
            case ReadResult.Seen(ClusterView view) -> {
                latency(patient, found);
                view.problems()
                        .forEach(problem ->
                                found.add(
                                        Diagnosis.warning(
                                                NAME,
                                                problem,
                                                "what can't be understood is not heeded",
                                                "correct it with tamadactl edit-config, or remove the key")));
                patient.cluster()
                        .problems()
                        .forEach(problem ->
                                found.add(
                                        Diagnosis.warning(
                                                NAME,
                                                "dynamic configuration: " + problem,
                                                "all members go by the value that is used instead",
                                                "correct it with tamadactl edit-config")));
            }
        }
        return found;
    }

    private static void silent(Patient patient, String problem, List<Diagnosis> found) {
        if (patient.storeIsEmbedded()) {
            // Its servers are the members: before they run, nobody is there to answer.
            return;
        }
        found.add(
                Diagnosis.problem(
                        NAME,
                        patient.named(patient.local().storeSection())
                                + ": no answer within retry_timeout ("
                                + patient.cluster().timings().retryTimeout().toSeconds()
                                + " s): "
                                + problem,
                        "without the store no member may lead, and a leader gives up when its lease ends",
                        "see that the store runs and that this machine reaches it (firewall, names, TLS, user and"
                                + " password)"));
    }

    private void latency(Patient patient, List<Diagnosis> found) {
        HaTimings timings = patient.cluster().timings();
        if (visit.latency().compareTo(timings.ttl().dividedBy(PART_OF_TTL)) > 0) {
            found.add(
                    Diagnosis.warning(
                            NAME,
                            "a read took "
                                    + visit.latency().toMillis()
                                    + " ms, with a ttl of "
                                    + timings.ttl().toSeconds()
                                    + " s",
                            "a little more load, and leaders lose their lease for no other reason",
                            "give the store a faster disk and network, or choose a ttl of at least "
                                    + (visit.latency().toSeconds() + 1) * PART_OF_TTL
                                    + " s"));
        }
    }
}
