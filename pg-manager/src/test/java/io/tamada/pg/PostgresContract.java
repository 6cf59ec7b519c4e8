package io.tamada.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.Divergence;
import io.tamada.ha.port.OrderResult;
import io.tamada.ha.port.PostgresControl;
import io.tamada.ha.port.PostgresOrder;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.PostgresTask.Stop.Mode;
import io.tamada.ha.port.PostgresTask.Stop.Reason;
import io.tamada.ha.port.TaskProgress;
import io.tamada.ha.port.TaskResult;
import io.tamada.ha.time.Deadline;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// What the engine relies on, whatever stands behind the port.
abstract class PostgresContract {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    /// A world with empty members.
    interface World {
        PostgresControl member(String name);

        /// How others reach that member.
        Upstream upstream(String name);

        Deadline soon();

        /// Lets a little time pass.
        void pause();

        /// A client commits on a primary.
        void write(String name);

        /// The server's process dies.
        void crash(String name);
    }

    abstract World world();

    private LocalPostgres look(String name) {
        try {
            return world().member(name).look(world().soon());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void await(String name, Predicate<LocalPostgres> wanted) {
        for (int i = 0; i < 3000 && !wanted.test(look(name)); i++) {
            world().pause();
        }
        assertThat(look(name)).matches(wanted);
    }

    private void succeed(String name, PostgresTask task) {
        assertThat(run(name, task)).isEqualTo(TaskResult.success());
    }

    private TaskResult run(String name, PostgresTask task) {
        return world().member(name).run(task, TaskProgress.SILENT);
    }

    private OrderResult apply(String name, PostgresOrder order) throws InterruptedException {
        return world().member(name).apply(order, world().soon());
    }

    private void bootstrap(String primary, String standby) {
        succeed(primary, new PostgresTask.Initialize());
        succeed(primary, new PostgresTask.FinishBootstrap());
        succeed(standby, new PostgresTask.Clone(world().upstream(primary), false));
        succeed(standby, new PostgresTask.StartStandby(world().upstream(primary), false, PATIENCE));
        await(standby, s -> s instanceof LocalPostgres.Standby b && b.isStreaming());
    }

    @Test
    void fromNothingToAPrimaryAndAStreamingStandby() {
        assertThat(look("a")).isInstanceOf(LocalPostgres.NoData.class);
        bootstrap("a", "b");
        assertThat(look("a").mayAcceptWrites()).isTrue();
        assertThat(look("b").mayAcceptWrites()).isFalse();
    }

    @Test
    void aStandbyLetsGoAndComesBack() throws InterruptedException {
        bootstrap("a", "b");
        assertThat(apply("b", new PostgresOrder.Follow(Upstream.none(), false)))
                .isEqualTo(OrderResult.DONE);
        await("b", s -> s instanceof LocalPostgres.Standby b && !b.isStreaming());
        assertThat(((LocalPostgres.Standby) look("b")).upstream()).isEqualTo(Upstream.none());
        assertThat(apply("b", new PostgresOrder.Follow(world().upstream("a"), false)))
                .isEqualTo(OrderResult.DONE);
        await("b", s -> s instanceof LocalPostgres.Standby b && b.isStreaming());
    }

    @Test
    void aCleanHandOverLosesNothing() throws InterruptedException {
        bootstrap("a", "b");
        world().write("a");
        succeed("a", new PostgresTask.Stop(Mode.FAST, true, null, Reason.SWITCHOVER));
        LocalPostgres.Stopped stopped = (LocalPostgres.Stopped) look("a");
        assertThat(stopped.crashed()).isFalse();
        assertThat(stopped.control()).isNotNull();

        assertThat(run("b", new PostgresTask.Promote(Leases.lost(), PATIENCE)).succeeded())
                .isFalse();
        succeed("b", new PostgresTask.Promote(Leases.held(), PATIENCE));
        assertThat(look("b")).isInstanceOf(LocalPostgres.Primary.class);
        assertThat(world().member("a").divergenceFrom(world().upstream("b"), world().soon()))
                .isEqualTo(new Divergence.None());
    }

    @Test
    void aCrashIsToldAndSeen() {
        bootstrap("a", "b");
        look("a");
        AtomicBoolean told = new AtomicBoolean();
        try (Subscription _ = world().member("a").onChange(() -> told.set(true))) {
            world().crash("a");
            for (int i = 0; i < 3000 && !told.get(); i++) {
                world().pause();
            }
        }
        assertThat(told).isTrue();
        assertThat(look("a")).matches(s -> s instanceof LocalPostgres.Stopped d && d.crashed());
        succeed("a", new PostgresTask.StartPrimary(PATIENCE));
        assertThat(look("a")).isInstanceOf(LocalPostgres.Primary.class);
    }

    @Test
    void aFencedServerIsDownForCertain() {
        bootstrap("a", "b");
        assertThat(world().member("a").fence(world().soon())).isTrue();
        assertThat(look("a")).matches(s -> s instanceof LocalPostgres.Stopped d && !d.crashed());
    }
}
