package io.tamada.ha.policy;

import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.Divergence;
import io.tamada.ha.port.PeerClient.Consent;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was asked for and done in this turn. Forgotten when the turn ends.
///
/// @param peers answers of peers that were asked
/// @param consents answers of peers that were asked for consent; null when nobody was asked
/// @param compared the source that the local data was compared with; null when it wasn't
/// @param divergence what came of that
/// @param outcomes rule to the outcome of its decision; a rule that has one here has fired in this
///   turn
public record Evidence(
        Map<MemberName, PeerAnswer> peers,
        @Nullable Map<MemberName, Consent> consents,
        @Nullable Upstream compared,
        @Nullable Divergence divergence,
        Map<Rule, Outcome> outcomes) {

    public static final Evidence NONE = new Evidence(Map.of(), null, null, null, Map.of());

    public Evidence {
        peers = Map.copyOf(peers);
        consents = consents == null ? null : Map.copyOf(consents);
        outcomes = Map.copyOf(outcomes);
    }

    /// True when the rule has had its turn.
    public boolean has(Rule rule) {
        return outcomes.containsKey(rule);
    }

    public Evidence with(Rule rule, Outcome outcome) {
        Map<Rule, Outcome> all = new HashMap<>(outcomes);
        all.put(rule, outcome);
        return new Evidence(peers, consents, compared, divergence, all);
    }

    public Evidence withPeers(Map<MemberName, PeerAnswer> answers) {
        Map<MemberName, PeerAnswer> all = new HashMap<>(peers);
        all.putAll(answers);
        return new Evidence(all, consents, compared, divergence, outcomes);
    }

    public Evidence withConsents(Map<MemberName, Consent> answers) {
        return new Evidence(peers, answers, compared, divergence, outcomes);
    }

    public Evidence withDivergence(Upstream source, Divergence found) {
        return new Evidence(peers, consents, source, found, outcomes);
    }
}
