package io.tamada.ha;

import java.time.Instant;
import java.util.List;

/// One decision: what was seen, which rule fired, why the alternatives did not, what came of it.
///
/// @param sequence counts up; goes on after a restart of the agent where the journal is kept in a
///   file
/// @param at wall time
/// @param seen a digest of the observation
/// @param rule the deciding rule
/// @param decision in words
/// @param because sentences about what was considered and set aside; for a race one per candidate
/// @param outcome what came of it
/// @param times how many turns in a row ended alike
public record JournalEntry(
        long sequence,
        Instant at,
        String seen,
        String rule,
        String decision,
        List<String> because,
        String outcome,
        int times) {

    public JournalEntry {
        because = List.copyOf(because);
    }
}
