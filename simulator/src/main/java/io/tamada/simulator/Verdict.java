package io.tamada.simulator;

import io.tamada.simulator.invariant.Violation;
import java.util.List;
import java.util.Locale;

/// How one simulation ended.
///
/// @param fingerprint equal for equal runs
public record Verdict(
        long seed,
        ClusterSetup setup,
        double hours,
        long steps,
        long faults,
        long failovers,
        long acknowledged,
        long fingerprint,
        List<Violation> violations) {

    public Verdict {
        violations = List.copyOf(violations);
    }

    public boolean failed() {
        return !violations.isEmpty();
    }

    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder(
                        String.format(
                                Locale.ROOT,
                                "seed %d: %s; %.2f h, %d faults, %d failovers, %d commits acknowledged, fingerprint %016x%n  %s",
                                seed,
                                failed() ? "FAILED" : "ok",
                                hours,
                                faults,
                                failovers,
                                acknowledged,
                                fingerprint,
                                setup));
        violations.forEach(v ->
                text.append(
                        String.format(
                                Locale.ROOT,
                                "%n  %s at %.3f s: %s",
                                v.invariant(),
                                v.atNanos() / 1e9,
                                v.what())));
        return text.toString();
    }
}
