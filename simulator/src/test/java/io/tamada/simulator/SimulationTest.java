package io.tamada.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.simulator.world.Story;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulationTest {

    /// Of one seed, in hours: long enough for a birth and two or three episodes of faults.
    private static final double SHORT = 0.2;

    private static final int SEEDS = Integer.getInteger("simulator.seeds", 40);

    private static Verdict run(long seed, double hours) {
        return new Simulation(seed, 0, hours, Variant.PRODUCTION, Story.untold()).run();
    }

    @Test
    void noSeedBreaksAPromise() {
        List<Verdict> failed = new ArrayList<>();
        double hours = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            Verdict verdict = run(seed, SHORT);
            hours += verdict.hours();
            if (verdict.failed()) {
                failed.add(verdict);
            }
        }
        assertThat(failed)
                .as(
                        "%.0f simulated hours; replay with dev/simulate --trace --each %s --seed S",
                        hours, SHORT)
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 11, 42})
    void aSeedReplaysExactly(long seed) {
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        Verdict one = new Simulation(seed, 3, SHORT, Variant.PRODUCTION, Story.kept(first)).run();
        Verdict two = new Simulation(seed, 3, SHORT, Variant.PRODUCTION, Story.kept(second)).run();
        assertThat(second).isEqualTo(first).isNotEmpty();
        assertThat(two.fingerprint()).isEqualTo(one.fingerprint());
        assertThat(run(seed, SHORT).seed()).isEqualTo(seed);
    }

    @Test
    void tellingTheStoryChangesNothing() {
        Verdict told = new Simulation(7, 3, SHORT, Variant.PRODUCTION, Story.to(_ -> {})).run();
        Verdict untold = new Simulation(7, 3, SHORT, Variant.PRODUCTION, Story.untold()).run();
        assertThat(told.fingerprint()).isEqualTo(untold.fingerprint());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "guard-never-armed",
                "never-follows",
                "promotes-at-leisure",
                "divergence-unseen"
            })
    void grossMutantsAreCaughtAtOnce(String name) {
        boolean caught = false;
        for (long seed = 1; seed <= 20 && !caught; seed++) {
            caught = new Simulation(seed, 0, 1, Mutants.named(name), Story.untold()).run().failed();
        }
        assertThat(caught).as("mutant %s", name).isTrue();
    }

    @Test
    void mutantsHaveNamesOfTheirOwn() {
        assertThat(Mutants.all().stream().map(Variant::name))
                .doesNotHaveDuplicates()
                .hasSizeGreaterThanOrEqualTo(30);
    }
}
