package io.tamada.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.SystemId;
import io.tamada.ha.model.Tags;
import io.tamada.ha.model.Upstream;
import io.tamada.simulator.baton.BatonScheduler;
import io.tamada.simulator.invariant.Judgement;
import io.tamada.simulator.invariant.LeaseHonoured;
import io.tamada.simulator.invariant.NoConfirmedCommitLost;
import io.tamada.simulator.invariant.NofailoverHonoured;
import io.tamada.simulator.invariant.NothingDeletedWithoutReason;
import io.tamada.simulator.invariant.OneBootstrap;
import io.tamada.simulator.invariant.OneWritablePrimary;
import io.tamada.simulator.invariant.TimelineGrows;
import io.tamada.simulator.invariant.Violation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The oracle itself is tested: whatever an invariant forbids is done here without any engine, and
/// must be seen; and what looks like it and is allowed must not be.
class PlantedViolationsTest {

    private static final long SECOND = 1_000_000_000L;

    private final BatonScheduler scheduler = new BatonScheduler(3);
    private final World world = new World(scheduler, true, Story.untold());
    private final Judgement judgement = new Judgement(world);
    private final PostgresServer a = world.addMachine("a").postgres();
    private final PostgresServer b = world.addMachine("b").postgres();
    private final PostgresServer c = world.addMachine("c").postgres();

    @BeforeEach
    void aLeadsAndTheOthersStream() {
        store("initialize", "7000000000001");
        store("leader", "a");
        a.install(new DataDirectory(new SystemId("7000000000001"), 1000));
        a.start(false);
        pass(5);
        for (PostgresServer standby : List.of(b, c)) {
            standby.install(new DataDirectory(a.data()));
            follow(standby, "a");
            standby.start(true);
        }
        pass(15);
        assertThat(List.of(b, c)).allMatch(PostgresServer::isStreaming);
    }

    private void store(String key, String value) {
        world.store().force(key, value);
    }

    private void pass(long seconds) {
        scheduler.runUntil(scheduler.nowNanos() + seconds * SECOND);
    }

    private static void follow(PostgresServer standby, String name) {
        standby.followFrom(new Upstream.Member(MemberName.of(name), "postgres://" + name));
    }

    private void commit(PostgresServer server, long bytes) {
        server.commit(bytes, _ -> {});
        pass(2);
    }

    private void promote(PostgresServer server) {
        server.promote();
        pass(3);
        assertThat(server.isWritable()).isTrue();
    }

    private List<String> broken() {
        return judgement.violations().stream().map(Violation::invariant).distinct().toList();
    }

    @Nested
    class OnePrimary {

        @BeforeEach
        void watched() {
            world.observe(new OneWritablePrimary(judgement));
        }

        @Test
        void aSecondPrimaryIsSeenWhenItBegins() {
            promote(b);
            assertThat(broken()).containsExactly("OneWritablePrimary");
        }

        @Test
        void aFormerPrimaryIsSeenWhenItGoesOnToAcknowledge() {
            commit(a, 100);
            a.machine().freeze();
            promote(b);
            commit(b, 100);
            assertThat(broken()).isEmpty();
            a.machine().thaw();
            commit(a, 100);
            assertThat(broken()).containsExactly("OneWritablePrimary");
        }

        @Test
        void oneAfterTheOtherIsFine() {
            commit(a, 100);
            a.crash();
            promote(b);
            commit(b, 100);
            assertThat(broken()).isEmpty();
        }

        @Test
        void nobodyGuardsInPause() {
            judgement.pausedUntil(Long.MAX_VALUE);
            promote(b);
            commit(a, 100);
            commit(b, 100);
            commit(a, 100);
            assertThat(broken()).isEmpty();
        }
    }

    @Nested
    class Lease {

        @BeforeEach
        void watched() {
            world.observe(new LeaseHonoured(judgement));
        }

        @Test
        void aCommitAcknowledgedUnderAnothersLeaseIsSeen() {
            store("leader", "b");
            commit(a, 100);
            assertThat(broken()).containsExactly("LeaseHonoured");
        }

        @Test
        void itsHolderMayAcknowledge() {
            commit(a, 100);
            assertThat(broken()).isEmpty();
        }
    }

    @Nested
    class Commits {

        @BeforeEach
        void watched() {
            world.observe(new NoConfirmedCommitLost(judgement));
        }

        private void onlyBHas(long bytes) {
            world.network().block("a", "c");
            commit(a, bytes);
            a.crash();
            pass(1);
        }

        private void synchronous() {
            store("config", "{\"synchronous_mode\": true}");
            store("sync", "{\"leader\": \"a\", \"sync_standby\": \"b\"}");
        }

        @Test
        void aPromotionWithoutAnAcknowledgedCommitIsSeen() {
            synchronous();
            onlyBHas(100);
            promote(c);
            assertThat(broken()).containsExactly("NoConfirmedCommitLost");
        }

        @Test
        void whoHasItMayBePromoted() {
            synchronous();
            onlyBHas(100);
            promote(b);
            assertThat(broken()).isEmpty();
        }

        @Test
        void anOperatorMayAcceptTheLoss() {
            synchronous();
            onlyBHas(100);
            judgement.lossIsAcceptedOn("c");
            promote(c);
            assertThat(broken()).isEmpty();
        }

        @Test
        void anOperatorMaySwitchTheModeOffWhileNobodyLeads() {
            synchronous();
            onlyBHas(100);
            store("config", "{\"synchronous_mode\": false}");
            promote(c);
            assertThat(broken()).isEmpty();
        }

        @Test
        void aKeyClaimedBeforeThePromotionPromisesNothingForEarlierCommits() {
            store("config", "{\"synchronous_mode\": true}");
            onlyBHas(100);
            store("sync", "{\"leader\": \"c\"}");
            promote(c);
            assertThat(broken()).isEmpty();
        }

        @Test
        void aKeyClaimedBeforeThePromotionHidesNoLossFromThoseWhoWaited() {
            synchronous();
            onlyBHas(100);
            store("sync", "{\"leader\": \"c\"}");
            promote(c);
            assertThat(broken()).containsExactly("NoConfirmedCommitLost");
        }

        @Test
        void aPrimaryThatStartsWithOldDataIsSeenAsWell() {
            synchronous();
            onlyBHas(100);
            c.stopFast();
            pass(5);
            c.start(false);
            pass(5);
            assertThat(broken()).containsExactly("NoConfirmedCommitLost");
        }

        @Test
        void aLaggardBeyondTheBoundIsSeen() {
            onlyBHas(2_000_000);
            store("status", "{\"optime\": " + a.data().position() + "}");
            promote(c);
            assertThat(broken()).containsExactly("AsyncLossBound");
        }

        @Test
        void aPublishedPositionThatIsTooOldHidesNothing() {
            world.network().block("a", "c");
            for (int i = 0; i < 40; i++) {
                commit(a, 60_000);
            }
            pass(80);
            commit(a, 100);
            a.crash();
            pass(1);
            promote(c);
            assertThat(broken()).containsExactly("AsyncLossBound");
        }

        @Test
        void aLaggardWithinTheBoundIsFine() {
            onlyBHas(500_000);
            store("status", "{\"optime\": " + a.data().position() + "}");
            promote(c);
            assertThat(broken()).isEmpty();
        }
    }

    @Nested
    class Timelines {

        @BeforeEach
        void watched() {
            world.observe(new TimelineGrows(judgement));
        }

        /// c has all of a's log; b leads on and dies; then c takes the same number.
        private void bothPromotedFromOnePosition(long secondsOfB) {
            commit(a, 100);
            a.crash();
            pass(1);
            promote(b);
            commit(b, 100);
            pass(secondsOfB);
            commit(b, 100);
            b.crash();
            pass(1);
            promote(c);
            commit(c, 100);
        }

        @Test
        void aTimelineWrittenTwiceIsSeen() {
            bothPromotedFromOnePosition(60);
            assertThat(broken()).containsExactly("TimelineGrows");
        }

        @Test
        void aTimelineThatThePublishedHistoryNamesIsNotWrittenAgain() {
            store("history", "[[1, " + a.data().position() + ", \"no recovery target\"]]");
            bothPromotedFromOnePosition(0);
            assertThat(broken()).containsExactly("TimelineGrows");
        }

        @Test
        void aTimelineOfAMomentThatNobodyKnewOfMayBeWrittenAgain() {
            bothPromotedFromOnePosition(0);
            assertThat(broken()).isEmpty();
        }

        /// c leads from before a commit that b has: b is outside of the history from then on.
        @Test
        void aBranchOutsideTheHistoryIsSeenWhenItIsPromoted() {
            world.observe(new NoConfirmedCommitLost(judgement));
            world.network().block("a", "c");
            commit(a, 100);
            a.crash();
            pass(1);
            promote(c);
            commit(c, 100);
            pass(60);
            commit(c, 100);
            assertThat(broken()).isEmpty();
            c.crash();
            promote(b);
            assertThat(broken()).containsExactly("TimelineGrows");
        }

        @Test
        void aStreamOfAnotherLogOfTheSameNumberIsSeen() {
            a.crash();
            pass(1);
            promote(b);
            promote(c);
            commit(c, 1_000);
            b.stopFast();
            pass(20);
            commit(c, 100_000);
            follow(b, "c");
            b.start(true);
            pass(10);
            assertThat(broken()).contains("TimelineGrows");
        }

        @Test
        void oneLeaderAfterTheOtherIsFine() {
            commit(a, 100);
            a.crash();
            pass(1);
            promote(b);
            follow(c, "b");
            commit(b, 100);
            pass(20);
            b.crash();
            pass(1);
            promote(c);
            commit(c, 100);
            assertThat(broken()).isEmpty();
        }
    }

    @Nested
    class Births {

        @BeforeEach
        void watched() {
            world.observe(new NoConfirmedCommitLost(judgement));
            world.observe(new OneBootstrap(judgement));
            commit(a, 100);
        }

        @Test
        void writesForAnotherClusterAreSeen() {
            a.crash();
            b.crash();
            pass(1);
            b.install(new DataDirectory(new SystemId("7000000000002"), 1_000_000));
            b.start(false);
            pass(5);
            judgement.lossIsAcceptedOn("b");
            commit(b, 100);
            assertThat(broken()).contains("OneBootstrap");
        }

        @Test
        void theLossOfTheClustersNameIsSeen() {
            world.store().remove("initialize", Precondition.whatever());
            assertThat(broken()).containsExactly("OneBootstrap");
        }

        @Test
        void aSecondBirthThatBeginsIsSeen() {
            store("initialize", "");
            assertThat(broken()).containsExactly("OneBootstrap");
        }

        @Test
        void theNameMayBeWrittenAgain() {
            store("initialize", "7000000000001");
            assertThat(broken()).isEmpty();
        }

        @Test
        void aFailoverIsNoBirth() {
            a.crash();
            promote(b);
            commit(b, 100);
            assertThat(broken()).isEmpty();
        }
    }

    @Nested
    class Nofailover {

        @BeforeEach
        void watched() {
            world.observe(new NoConfirmedCommitLost(judgement));
            world.observe(
                    new NofailoverHonoured(
                            judgement,
                            name ->
                                    name.equals("b")
                                            ? new Tags(Map.of("nofailover", true))
                                            : Tags.NONE));
            commit(a, 100);
            a.crash();
            pass(1);
        }

        @Test
        void aPromotionOfWhoMustNotLeadIsSeen() {
            promote(b);
            assertThat(broken()).containsExactly("NofailoverHonoured");
        }

        @Test
        void anOperatorMayNameIt() {
            judgement.lossIsAcceptedOn("b");
            promote(b);
            assertThat(broken()).isEmpty();
        }

        @Test
        void theOthersMayLead() {
            promote(c);
            assertThat(broken()).isEmpty();
        }
    }

    @Nested
    class Deletion {

        private void removeFrom(PostgresServer server) {
            server.crash();
            pass(1);
            server.removeData("diverged");
        }

        private void watched(boolean divergedMayGo) {
            world.observe(new NoConfirmedCommitLost(judgement));
            world.observe(new NothingDeletedWithoutReason(judgement, divergedMayGo));
        }

        @Test
        void dataThatNobodyGaveUpIsMissed() {
            watched(false);
            removeFrom(c);
            assertThat(broken()).containsExactly("NothingDeletedWithoutReason");
        }

        @Test
        void anOperatorMayGiveItUp() {
            watched(false);
            judgement.wipeIsAcceptedOn("c");
            removeFrom(c);
            assertThat(broken()).isEmpty();
        }

        @Test
        void theLastCopyOfACommitIsMissedWhateverTheOptionsSay() {
            watched(true);
            world.network().block("a", "b");
            world.network().block("a", "c");
            commit(a, 100);
            removeFrom(a);
            assertThat(broken()).containsExactly("NothingDeletedWithoutReason");
        }

        @Test
        void aCopyThatOthersHaveMayGo() {
            watched(true);
            commit(a, 100);
            removeFrom(a);
            assertThat(broken()).isEmpty();
        }

        @Test
        void aBootstrapIsNotDiscardedUnderALeader() {
            watched(true);
            c.crash();
            pass(1);
            c.removeData("failed bootstrap");
            assertThat(broken()).containsExactly("NothingDeletedWithoutReason");
        }
    }
}
