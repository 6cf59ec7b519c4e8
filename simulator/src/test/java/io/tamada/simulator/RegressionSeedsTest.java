package io.tamada.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.simulator.world.Story;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Seeds beyond those of `dev/simulate --check` that once broke a promise, each with its story.
///
/// A later change of the world or of the policy gives a seed another story. What was found has its
/// own test besides, at the rule or the part of the world that was wrong; this is the whole of it.
class RegressionSeedsTest {

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "1795659584836, a branch of a moment went on after another had been taken for the history",
        "1795659585062, a diverged member could neither be rewound nor was it cloned",
        "1795659585084, a quorum of consents let a primary go on beside a new one",
        "1795659585571, a primary with consent went on beside a new one of two members",
        "1795659585593, a timeline number was written twice",
        "1795659585631, a commit was acknowledged with consent while another held the lease",
        "1795660647723, a lease that was about to end was used for a promotion",
        "1795661332724, everybody waited for a member that the failsafe list kept from standing"
    })
    void keepsItsPromises(long seed, String story) {
        Verdict verdict = new Simulation(seed, 0, 1, Variant.PRODUCTION, Story.untold()).run();
        assertThat(verdict.violations()).as(story).isEmpty();
    }
}
