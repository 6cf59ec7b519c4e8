package io.tamada.ha;

import io.tamada.ha.policy.Observation;

/// A journal entry with all that it was decided from, so that it can be decided again.
///
/// @param entry of a decision that was repeated, the first
/// @param seen what the policy was given
public record RecordedDecision(JournalEntry entry, Observation seen) {}
