package io.tamada.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.SystemId;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.Divergence;
import io.tamada.simulator.baton.BatonScheduler;
import io.tamada.simulator.world.PostgresServer.Phase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorldTest {

    private static final long SECOND = 1_000_000_000L;

    private final BatonScheduler scheduler = new BatonScheduler(3);
    private final World world = new World(scheduler, true, Story.untold());
    private final PostgresServer a = world.addMachine("a").postgres();
    private final PostgresServer b = world.addMachine("b").postgres();
    private final PostgresServer c = world.addMachine("c").postgres();
    private final List<Boolean> answers = new ArrayList<>();

    @BeforeEach
    void aLeadsAndTheOthersStream() {
        a.install(new DataDirectory(new SystemId("7000000000001"), 1000));
        a.start(false);
        pass(5);
        for (PostgresServer standby : List.of(b, c)) {
            standby.install(new DataDirectory(a.data()));
            standby.followFrom(upstream("a"));
            standby.start(true);
        }
        pass(10);
    }

    private static Upstream upstream(String name) {
        return new Upstream.Member(io.tamada.ha.model.MemberName.of(name), "postgres://" + name);
    }

    private void pass(long seconds) {
        scheduler.runUntil(scheduler.nowNanos() + seconds * SECOND);
    }

    private void commit(PostgresServer server) {
        server.commit(100, answers::add);
    }

    @Test
    void standbysStreamWhatThePrimaryWrites() {
        assertThat(b.isStreaming()).isTrue();
        commit(a);
        pass(1);
        assertThat(answers).containsExactly(true);
        assertThat(b.data().position).isEqualTo(a.data().position);
        assertThat(c.data().position).isEqualTo(a.data().position);
    }

    @Test
    void aSynchronousCommitWaitsForItsStandby() {
        a.setSynchronousStandbys("b");
        pass(1);
        world.network().block("a", "b");
        commit(a);
        pass(5);
        assertThat(answers).isEmpty();
        world.network().open("a", "b");
        pass(11);
        assertThat(answers).containsExactly(true);
    }

    @Test
    void anyOfTheQuorumReleasesACommit() {
        a.setSynchronousStandbys("ANY 1 (b,c)");
        pass(1);
        world.network().block("b", "a");
        commit(a);
        pass(1);
        assertThat(answers).containsExactly(true);
        a.setSynchronousStandbys("ANY 2 (b,c)");
        pass(1);
        commit(a);
        pass(30);
        assertThat(answers).hasSize(1);
    }

    @Test
    void aWaitingCommitIsDroppedByAStop() {
        a.setSynchronousStandbys("nobody");
        pass(1);
        commit(a);
        pass(1);
        a.stopFast();
        pass(5);
        assertThat(answers).containsExactly(false);
        assertThat(a.phase()).isEqualTo(Phase.DOWN);
        assertThat(b.data().position).isEqualTo(a.data().position);
    }

    @Test
    void afterAFailoverTheOldPrimaryHasDiverged() {
        world.network().block("a", "b");
        world.network().block("a", "c");
        commit(a);
        pass(1);
        a.crash();
        b.promote();
        pass(3);
        world.network().heal();
        assertThat(b.phase()).isEqualTo(Phase.PRIMARY);
        assertThat(b.data().branch.timeline()).isEqualTo(2);
        assertThat(Divergences.compare(a.data(), b.data())).isInstanceOf(Divergence.Diverged.class);
        assertThat(Divergences.refusal(a.data(), b.data())).isNotNull();

        c.followFrom(upstream("b"));
        pass(10);
        assertThat(c.isStreaming()).isTrue();
        assertThat(c.data().branch).isSameAs(b.data().branch);
    }

    @Test
    void twoPromotionsAtOnePositionAreToldApart() {
        a.crash();
        pass(1);
        b.promote();
        c.promote();
        pass(3);
        assertThat(c.data().branch.timeline()).isEqualTo(b.data().branch.timeline());
        assertThat(c.data().branch.forkAt()).isEqualTo(b.data().branch.forkAt());
        assertThat(Divergences.compare(c.data(), b.data()))
                .isInstanceOfSatisfying(
                        Divergence.Diverged.class, d -> assertThat(d.rewindable()).isFalse());
        assertThat(Divergences.compare(a.data(), b.data())).isEqualTo(new Divergence.None());
    }

    @Test
    void aDeadMachineKeepsItsDisk() {
        long position = b.data().position;
        b.machine().powerOff();
        pass(60);
        assertThat(a.followers()).hasSize(1);
        b.machine().powerOn();
        b.start(true);
        pass(10);
        assertThat(b.data().position).isGreaterThanOrEqualTo(position);
        assertThat(b.isStreaming()).isTrue();
    }

    @Test
    void theGuardStopsAServerWhoseLeaseRunsOut() {
        LeaseGuard guard = a.machine().guard();
        guard.keepAlive(a.machine().clock().nanos() + 10 * SECOND);
        pass(9);
        assertThat(a.phase()).isEqualTo(Phase.PRIMARY);
        pass(1);
        assertThat(a.phase()).isEqualTo(Phase.DOWN);
    }

    @Test
    void aThawedMachineIsGuardedBeforeItAnswersAnybody() {
        a.machine().guard().keepAlive(a.machine().clock().nanos() + 10 * SECOND);
        a.machine().freeze();
        pass(60);
        assertThat(a.phase()).isEqualTo(Phase.PRIMARY);
        assertThat(a.isWritable()).isFalse();
        a.machine().thaw();
        assertThat(a.phase()).isEqualTo(Phase.DOWN);
    }
}
