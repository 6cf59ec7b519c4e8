package io.tamada.ha.policy;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// Which rules the tests of the policy made fire. Every decision that a test looks at is noted
/// here, and nowhere else.
final class RuleHits {

    private static final Set<Rule> HITS = Collections.synchronizedSet(EnumSet.noneOf(Rule.class));

    private RuleHits() {}

    static void note(Rule rule) {
        HITS.add(rule);
    }

    static Set<Rule> sofar() {
        return EnumSet.copyOf(HITS);
    }
}
