package io.tamada.ha.policy;

import java.util.List;

/// The answer of the policy.
///
/// @param decision what to do
/// @param memory what to remember
/// @param says the decision as a sentence
/// @param because what else was considered, and why it was set aside
public record Step(Decision decision, Memory memory, String says, List<String> because) {
    public Step {
        because = List.copyOf(because);
    }
}
