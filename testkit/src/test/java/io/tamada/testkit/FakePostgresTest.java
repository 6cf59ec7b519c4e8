package io.tamada.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.dcs.LeaseKeeper;
import io.tamada.ha.dcs.LeaseRequest;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.StandbyCluster;
import io.tamada.ha.model.TimelineHistory;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.Divergence;
import io.tamada.ha.port.PostgresOrder;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskProgress;
import io.tamada.ha.port.TaskResult;
import io.tamada.ha.time.Deadline;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FakePostgresTest {

    private static final Duration TTL = Duration.ofSeconds(30);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ManualTime time = new ManualTime();
    private final Set<MemberName> cutOff = new HashSet<>();
    private final FakeReplication world =
            new FakeReplication(time)
                    .network((from, to) -> !cutOff.contains(from) && !cutOff.contains(to));
    private final FakePostgres a = world.server(MemberName.of("a"), time.jumping());
    private final FakePostgres b = world.server(MemberName.of("b"), time.jumping());
    private final FakePostgres c = world.server(MemberName.of("c"), time.jumping());

    @BeforeEach
    void time_moves_the_world() {
        time.onAdvance(world::tick);
    }

    private void threeMembers() {
        a.seedPrimary();
        b.seedStandbyOf(a);
        c.seedStandbyOf(a);
        pass(Duration.ofMillis(10));
    }

    private void pass(Duration duration) {
        time.advance(duration);
    }

    private Deadline soon() {
        return Deadline.after(time, Duration.ofSeconds(1));
    }

    private static Upstream member(FakePostgres server) {
        return new Upstream.Member(server.name(), "postgres://" + server.name() + "/postgres");
    }

    private TaskResult promote(FakePostgres server) throws InterruptedException {
        InMemoryStore store = new InMemoryStore(time);
        LeaseKeeper keeper =
                new LeaseKeeper(
                        store.dcs(server.name(), TTL, time.jumping(), StoreNetwork.PERFECT),
                        time,
                        TTL);
        var _ =
                keeper.acquire(
                        new LeaseRequest(server.name(), TTL, LeaseRequest.Mode.IF_FREE), soon());
        return server.run(
                new PostgresTask.Promote(Objects.requireNonNull(keeper.current()), MINUTE),
                TaskProgress.SILENT);
    }

    private static TaskResult stop(FakePostgres server, Duration timeout) {
        return server.run(
                new PostgresTask.Stop(
                        PostgresTask.Stop.Mode.FAST,
                        true,
                        timeout,
                        PostgresTask.Stop.Reason.SWITCHOVER),
                TaskProgress.SILENT);
    }

    private static TaskResult startStandby(FakePostgres server, Upstream upstream) {
        return server.run(
                new PostgresTask.StartStandby(upstream, false, MINUTE), TaskProgress.SILENT);
    }

    private static Commit commit(FakePostgres server) {
        return Objects.requireNonNull(server.commit());
    }

    private static Wal wal(FakePostgres server) {
        return Objects.requireNonNull(server.wal());
    }

    @Test
    void a_new_cluster_begins_on_the_first_timeline() throws InterruptedException {
        assertThat(a.look(soon())).isEqualTo(new LocalPostgres.NoData(null));
        assertThat(a.run(new PostgresTask.Initialize(), TaskProgress.SILENT))
                .isEqualTo(TaskResult.success());
        assertThat(a.look(soon()))
                .isInstanceOfSatisfying(
                        LocalPostgres.Primary.class,
                        primary -> {
                            assertThat(primary.server().timeline()).hasToString("1");
                            assertThat(primary.history()).isEqualTo(TimelineHistory.EMPTY);
                        });
    }

    @Test
    void a_clone_starts_and_streams() {
        a.seedPrimary();
        assertThat(b.run(new PostgresTask.Clone(member(a), false), TaskProgress.SILENT).succeeded())
                .isTrue();
        assertThat(startStandby(b, member(a)).succeeded()).isTrue();
        Commit commit = commit(a);
        pass(Duration.ofMillis(10));
        assertThat(b.isStreaming()).isTrue();
        assertThat(commit.isIn(wal(b))).isTrue();
    }

    @Test
    void an_asynchronous_commit_is_acknowledged_at_once_and_can_be_lost()
            throws InterruptedException {
        threeMembers();
        cutOff.add(a.name());
        Commit commit = commit(a);
        assertThat(commit.isAcknowledged()).isTrue();
        a.crash();
        assertThat(promote(b)).isEqualTo(TaskResult.success());
        assertThat(world.lostBy(wal(b))).containsExactly(commit);
    }

    @Test
    void a_synchronous_commit_waits_for_its_standby() throws InterruptedException {
        threeMembers();
        a.apply(new PostgresOrder.SetSynchronousStandbys("\"b\""), soon());
        cutOff.add(b.name());
        Commit commit = commit(a);
        pass(Duration.ofSeconds(30));
        assertThat(commit.state()).isEqualTo(Commit.State.PENDING);
        cutOff.clear();
        pass(Duration.ofSeconds(30));
        assertThat(commit.isAcknowledged()).isTrue();
        assertThat(commit.isIn(wal(b))).isTrue();
    }

    @Test
    void any_two_of_three_are_enough_for_a_quorum() throws InterruptedException {
        FakePostgres d = world.server(MemberName.of("d"), time.jumping());
        threeMembers();
        d.seedStandbyOf(a);
        a.apply(new PostgresOrder.SetSynchronousStandbys("ANY 2 (b, c, d)"), soon());
        pass(Duration.ofMillis(10));
        cutOff.add(b.name());
        Commit commit = commit(a);
        pass(Duration.ofMillis(10));
        assertThat(commit.isAcknowledged()).isTrue();
        cutOff.add(c.name());
        Commit next = commit(a);
        pass(Duration.ofMillis(10));
        assertThat(next.isAcknowledged()).isFalse();
        a.apply(new PostgresOrder.SetSynchronousStandbys(""), soon());
        assertThat(next.isAcknowledged()).isTrue();
    }

    @Test
    void a_crash_leaves_waiting_clients_without_an_answer() throws InterruptedException {
        threeMembers();
        AtomicInteger woken = new AtomicInteger();
        a.onChange(woken::incrementAndGet);
        a.apply(new PostgresOrder.SetSynchronousStandbys("b"), soon());
        cutOff.add(b.name());
        Commit commit = commit(a);
        a.crash();
        assertThat(commit.state()).isEqualTo(Commit.State.BROKEN);
        assertThat(woken).hasValue(1);
        assertThat(a.look(soon()))
                .isInstanceOfSatisfying(
                        LocalPostgres.Stopped.class,
                        stopped -> assertThat(stopped.crashed()).isTrue());
    }

    @Test
    void a_clean_stop_waits_until_standbys_have_everything() throws InterruptedException {
        world.delay(Duration.ofMillis(400));
        threeMembers();
        pass(Duration.ofSeconds(2));
        Commit commit = commit(a);
        assertThat(stop(a, MINUTE)).isEqualTo(TaskResult.success());
        assertThat(commit.isIn(wal(b)) && commit.isIn(wal(c))).isTrue();
        assertThat(a.look(soon()))
                .isInstanceOfSatisfying(
                        LocalPostgres.Stopped.class,
                        stopped -> {
                            assertThat(stopped.crashed()).isFalse();
                            assertThat(Objects.requireNonNull(stopped.control()).shutdown())
                                    .isNotNull();
                        });
        assertThat(wal(a)).isEqualTo(wal(b));
        assertThat(a.commit()).isNull();
    }

    @Test
    void after_a_switchover_the_old_primary_follows_without_rewind() throws InterruptedException {
        threeMembers();
        stop(a, MINUTE);
        assertThat(promote(b)).isEqualTo(TaskResult.success());
        assertThat(a.divergenceFrom(member(b), soon())).isEqualTo(new Divergence.None());
        assertThat(startStandby(a, member(b)).succeeded()).isTrue();
        c.apply(new PostgresOrder.Follow(member(b), false), soon());
        pass(Duration.ofMillis(10));
        assertThat(List.of(a.isStreaming(), c.isStreaming())).containsExactly(true, true);
        assertThat(wal(c)).isEqualTo(wal(b));
        assertThat(wal(b).branch().timeline()).hasToString("2");
    }

    @Test
    void a_crashed_primary_that_has_more_needs_recovery_and_rewind() throws InterruptedException {
        threeMembers();
        cutOff.add(a.name());
        commit(a);
        a.crash();
        promote(b);
        cutOff.clear();
        assertThat(a.divergenceFrom(member(b), soon())).isInstanceOf(Divergence.Diverged.class);
        PostgresTask rewind = new PostgresTask.Rewind(member(b));
        assertThat(a.run(rewind, TaskProgress.SILENT)).isInstanceOf(TaskResult.Failed.class);
        assertThat(a.run(new PostgresTask.CrashRecovery(), TaskProgress.SILENT).succeeded())
                .isTrue();
        assertThat(a.run(rewind, TaskProgress.SILENT).succeeded()).isTrue();
        assertThat(startStandby(a, member(b)).succeeded()).isTrue();
        pass(Duration.ofMillis(10));
        assertThat(a.isStreaming()).isTrue();
    }

    @Test
    void a_diverged_standby_never_streams() throws InterruptedException {
        threeMembers();
        cutOff.add(a.name());
        commit(a);
        a.crash();
        promote(b);
        cutOff.clear();
        startStandby(a, member(b));
        pass(MINUTE);
        assertThat(a.isStreaming()).isFalse();
    }

    @Test
    void timelines_of_one_number_made_apart_are_told_apart() throws InterruptedException {
        threeMembers();
        a.crash();
        promote(b);
        promote(c);
        assertThat(wal(b).branch().timeline()).isEqualTo(wal(c).branch().timeline());
        assertThat(wal(b).isPrefixOf(wal(c))).isFalse();
        assertThat(b.divergenceFrom(member(c), soon())).isInstanceOf(Divergence.Diverged.class);
    }

    @Test
    void without_its_lease_nothing_is_promoted() throws InterruptedException {
        threeMembers();
        InMemoryStore store = new InMemoryStore(time);
        LeaseKeeper keeper =
                new LeaseKeeper(
                        store.dcs(b.name(), TTL, time.jumping(), StoreNetwork.PERFECT), time, TTL);
        var _ = keeper.acquire(new LeaseRequest(b.name(), TTL, LeaseRequest.Mode.IF_FREE), soon());
        PostgresTask promote =
                new PostgresTask.Promote(Objects.requireNonNull(keeper.current()), MINUTE);
        keeper.abandon();
        assertThat(b.run(promote, TaskProgress.SILENT)).isInstanceOf(TaskResult.Failed.class);
        assertThat(b.isWritable()).isFalse();
    }

    @Test
    void a_fence_ends_a_frozen_server_in_the_middle_of_a_task() {
        threeMembers();
        a.freeze(true);
        assertThat(a.isWritable()).isFalse();
        assertThat(a.fence(soon())).isTrue();
        assertThat(a.isUp()).isFalse();
    }

    @Test
    void a_server_that_does_not_answer_costs_the_whole_deadline() throws InterruptedException {
        threeMembers();
        a.deafen(true);
        Deadline by = soon();
        assertThat(a.look(by)).isInstanceOf(LocalPostgres.Unresponsive.class);
        assertThat(by.hasPassed()).isTrue();
        assertThat(commit(a).isAcknowledged()).isTrue();
    }

    @Test
    void a_cascade_passes_on_what_it_gets() throws InterruptedException {
        threeMembers();
        c.apply(new PostgresOrder.Follow(member(b), false), soon());
        pass(Duration.ofMillis(10));
        Commit commit = commit(a);
        pass(Duration.ofMillis(10));
        assertThat(commit.isIn(wal(c))).isTrue();
        assertThat(a.look(soon()))
                .isInstanceOfSatisfying(
                        LocalPostgres.Primary.class,
                        primary -> assertThat(primary.server().senders()).hasSize(1));
    }

    @Test
    void a_remote_source_is_found_by_its_host() {
        a.seedPrimary();
        Upstream remote =
                new Upstream.Remote(
                        new StandbyCluster("a", 5432, null, List.of(), null, null, null));
        assertThat(b.run(new PostgresTask.Clone(remote, false), TaskProgress.SILENT).succeeded())
                .isTrue();
        assertThat(startStandby(b, remote).succeeded()).isTrue();
        pass(Duration.ofMillis(10));
        assertThat(b.isStreaming()).isTrue();
    }

    @Test
    void a_clone_fails_when_its_source_goes() {
        a.seedPrimary();
        time.onAdvance(() -> {
            if (a.isUp()) {
                a.crash();
            }
        });
        assertThat(b.run(new PostgresTask.Clone(member(a), false), TaskProgress.SILENT))
                .isInstanceOf(TaskResult.Failed.class);
        assertThat(b.wal()).isNull();
    }

    @Test
    void a_rewind_that_is_broken_off_leaves_data_that_never_starts() throws InterruptedException {
        threeMembers();
        stop(a, MINUTE);
        promote(b);
        Thread.currentThread().interrupt();
        assertThat(a.run(new PostgresTask.Rewind(member(b)), TaskProgress.SILENT))
                .isEqualTo(new TaskResult.Cancelled());
        assertThat(startStandby(a, member(b))).isInstanceOf(TaskResult.Failed.class);
        assertThat(a.run(new PostgresTask.Clone(member(b), false), TaskProgress.SILENT).succeeded())
                .isTrue();
    }

    @Test
    void a_start_that_takes_too_long_goes_on() throws InterruptedException {
        FakePostgres slow =
                world.server(
                        MemberName.of("slow"),
                        time.jumping(),
                        _ -> FakeWork.Course.of(Duration.ofSeconds(40)));
        a.seedPrimary();
        assertThat(
                        slow.run(new PostgresTask.Clone(member(a), false), TaskProgress.SILENT)
                                .succeeded())
                .isTrue();
        assertThat(
                        slow.run(
                                new PostgresTask.StartStandby(
                                        member(a), false, Duration.ofSeconds(5)),
                                TaskProgress.SILENT))
                .isEqualTo(new TaskResult.StillStarting());
        assertThat(slow.look(soon())).isInstanceOf(LocalPostgres.Starting.class);
        pass(MINUTE);
        assertThat(slow.isStreaming()).isTrue();
    }

    @Test
    void the_same_steps_give_the_same_world() throws InterruptedException {
        assertThat(story()).isEqualTo(story());
    }

    private static String story() throws InterruptedException {
        FakePostgresTest world = new FakePostgresTest();
        world.time_moves_the_world();
        world.threeMembers();
        for (int i = 0; i < 50; i++) {
            commit(world.a);
            world.pass(Duration.ofMillis(i));
        }
        world.a.crash();
        world.promote(world.b);
        return wal(world.a).end()
                + " "
                + wal(world.b)
                + " "
                + wal(world.c).end()
                + " "
                + world.world.commits()
                + world.world.nextDueNanos();
    }
}
