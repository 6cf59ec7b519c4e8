package io.tamada.agent.doctor;

import io.tamada.ha.dcs.DcsProvider;
import io.tamada.ha.dcs.DcsProviders;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.ReadResult;
import io.tamada.ha.model.HaTimings;
import io.tamada.ha.time.Deadline;
import java.time.Duration;

/// What came of asking the store.
///
/// @param result the last answer
/// @param latency the longer of two reads after the first, which also connects; zero without an
///   answer
record StoreVisit(ReadResult result, Duration latency) {

    private static final int READS = 2;

    /// Asks the store that is configured, as a tool: takes no lease, votes for nobody.
    static StoreVisit to(Patient patient, DcsProviders providers) throws InterruptedException {
        HaTimings timings = patient.cluster().timings();
        DcsProvider provider = providers.forSection(patient.local().storeSection());
        try (DistributedConfigStore store =
                provider.open(
                        new DcsProvider.Context(
                                patient.local().document().section(provider.section()),
                                patient.local().namespace(),
                                patient.local().scope(),
                                null,
                                patient.local().citusGroup(),
                                timings,
                                patient.time()))) {
            return asked(store, patient, timings.retryTimeout());
        } catch (IllegalArgumentException e) {
            return new StoreVisit(
                    new ReadResult.Unknown(String.valueOf(e.getMessage())), Duration.ZERO);
        }
    }

    private static StoreVisit asked(
            DistributedConfigStore store, Patient patient, Duration patience)
            throws InterruptedException {
        ReadResult result = store.read(Deadline.after(patient.time(), patience));
        long longest = 0;
        for (int i = 0; i < READS && result instanceof ReadResult.Seen; i++) {
            long before = patient.time().nanos();
            result = store.read(Deadline.after(patient.time(), patience));
            longest = Math.max(longest, patient.time().nanos() - before);
        }
        return new StoreVisit(result, Duration.ofNanos(longest));
    }
}
