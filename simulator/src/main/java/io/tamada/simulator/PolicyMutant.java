package io.tamada.simulator;

import io.tamada.ha.policy.Decision;
import io.tamada.ha.policy.HaPolicy;
import io.tamada.ha.policy.Observation;
import io.tamada.ha.policy.Step;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// The production policy, lied to about what is seen, or with some of its decisions replaced.
record PolicyMutant(
        String name,
        String sentence,
        UnaryOperator<Observation> lie,
        BiFunction<Observation, Decision, Decision> replacement)
        implements Variant {

    static Variant seeing(String name, String sentence, UnaryOperator<Observation> lie) {
        return new PolicyMutant(name, sentence, lie, (_, decision) -> decision);
    }

    static Variant deciding(
            String name, String sentence, BiFunction<Observation, Decision, Decision> replacement) {
        return new PolicyMutant(name, sentence, UnaryOperator.identity(), replacement);
    }

    @Override
    public Function<Observation, Step> policy() {
        HaPolicy production = new HaPolicy();
        return seen -> {
            Step step = production.decide(lie.apply(seen));
            Decision decision = replacement.apply(seen, step.decision());
            return decision.equals(step.decision())
                    ? step
                    : new Step(
                            decision,
                            step.memory(),
                            "mutant " + name + ": " + step.says(),
                            step.because());
        };
    }
}
