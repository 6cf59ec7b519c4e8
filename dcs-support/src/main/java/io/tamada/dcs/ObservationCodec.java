package io.tamada.dcs;

import io.tamada.ha.JournalEntry;
import io.tamada.ha.RecordedDecision;
import io.tamada.ha.dcs.HeldLease;
import io.tamada.ha.dcs.LeaseGrant;
import io.tamada.ha.policy.Observation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Decisions with all that they were made from, as JSON trees: what a journal's dump is made of.
///
/// Values of the dynamic configuration whose name sounds like a secret are left out. The form is
/// that of this version of the software, and no other reads it.
public final class ObservationCodec {

    private final RecordTree tree;

    private ObservationCodec(Leases leases) {
        this.tree = new RecordTree().with(HeldLease.class, this::lease, map -> lease(map, leases));
    }

    /// How a lease is made again from what was written of it.
    @FunctionalInterface
    public interface Leases {
        /// @throws IllegalArgumentException when leases can't be made here
        HeldLease of(LeaseGrant grant, long edgeNanos);
    }

    /// Writes only.
    public static ObservationCodec writing() {
        return new ObservationCodec((_, _) -> {
            throw new IllegalArgumentException("a lease can't be read here");
        });
    }

    public static ObservationCodec reading(Leases leases) {
        return new ObservationCodec(leases);
    }

    public Map<String, @Nullable Object> write(RecordedDecision decision) {
        Map<String, @Nullable Object> result = entry(decision.entry());
        result.put("observation", observation(decision.seen()));
        return result;
    }

    /// An entry without what it was decided from.
    public Map<String, @Nullable Object> entry(JournalEntry entry) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("sequence", entry.sequence());
        result.put("at", entry.at().toString());
        result.put("seen", entry.seen());
        result.put("rule", entry.rule());
        result.put("decision", entry.decision());
        result.put("because", entry.because());
        result.put("outcome", entry.outcome());
        result.put("times", entry.times());
        return result;
    }

    public Object observation(Observation seen) {
        return Objects.requireNonNull(tree.write(seen, Observation.class));
    }

    /// @throws JsonException when it is none
    public Observation read(Object observation) {
        if (tree.read(observation, Observation.class) instanceof Observation seen) {
            return seen;
        }
        throw new JsonException("JSON: an observation was expected");
    }

    private Map<String, @Nullable Object> lease(HeldLease lease) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("grant", tree.write(lease.grant(), LeaseGrant.class));
        result.put("edgeNanos", lease.edgeNanos());
        return result;
    }

    private HeldLease lease(Map<?, ?> map, Leases leases) {
        if (tree.read(map.get("grant"), LeaseGrant.class) instanceof LeaseGrant grant
                && map.get("edgeNanos") instanceof Number edge) {
            return leases.of(grant, edge.longValue());
        }
        throw new JsonException("JSON: a lease was expected");
    }
}
