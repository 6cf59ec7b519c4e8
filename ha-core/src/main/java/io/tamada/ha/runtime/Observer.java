package io.tamada.ha.runtime;

import io.tamada.ha.dcs.HeldLease;
import io.tamada.ha.dcs.ReadResult;
import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberSettings;
import io.tamada.ha.policy.Evidence;
import io.tamada.ha.policy.FailsafePromise;
import io.tamada.ha.policy.Memory;
import io.tamada.ha.policy.Observation;
import io.tamada.ha.policy.StoreAnswer;
import io.tamada.ha.policy.TaskView;
import io.tamada.ha.port.PostgresTask;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Looks once per turn: one read of the store, one look at PostgreSQL, again only after something
/// was done to them.
final class Observer {

    private final World world;
    private final Deadlines deadlines;
    private final TaskSlot tasks;
    private final Requests requests;

    private volatile MemberSettings me;
    private volatile @Nullable FailsafePromise promise;
    private volatile boolean leaving;

    private ConfigDocument ownConfig;
    private ClusterSettings settings;
    private StoreAnswer store = new StoreAnswer.Silent("not read yet");
    private boolean postgresStale = true;
    private LocalPostgres postgres = new LocalPostgres.NoData("not looked at yet");
    private @Nullable ClusterView lastView;
    private long lastViewNanos;
    private @Nullable Instant lastViewWall;

    Observer(World world, MemberSettings me, TaskSlot tasks, Requests requests) {
        this.world = world;
        this.me = me;
        this.tasks = tasks;
        this.requests = requests;
        this.deadlines = new Deadlines(world.time());
        this.ownConfig = world.ownConfig();
        this.settings = ClusterSettings.of(ownConfig);
    }

    /// Begins a turn: the store is read.
    void newTurn() throws InterruptedException {
        postgresStale = true;
        HeldLease lease = world.keeper().current();
        long asked = world.time().nanos();
        switch (world.store().read(deadlines.store(settings, lease))) {
            case ReadResult.Seen(ClusterView view) -> {
                store = new StoreAnswer.Seen(view);
                seen(view, asked);
            }
            case ReadResult.Unknown(String problem) -> store = new StoreAnswer.Silent(problem);
        }
    }

    private void seen(ClusterView view, long asked) {
        lastView = view;
        lastViewNanos = asked;
        lastViewWall = world.time().wall();
        if (view.config() != null && !view.config().value().equals(ownConfig)) {
            ownConfig = view.config().value();
            settings = ClusterSettings.of(ownConfig);
            world.keeper().useTtl(settings.timings().ttl());
        }
    }

    Observation look(Memory memory, Evidence evidence) throws InterruptedException {
        HeldLease lease = world.keeper().current();
        if (postgresStale) {
            postgres = world.postgres().look(deadlines.look(settings, lease));
            postgresStale = false;
        }
        return new Observation(
                me,
                settings,
                ownConfig,
                store,
                world.store().capabilities(),
                postgres,
                world.keeper().current(),
                world.keeper().wasRefused(),
                tasks.view(),
                requests.pending(),
                world.watchdog().isHealthy(),
                promise,
                leaving,
                evidence,
                memory,
                world.time().nanos(),
                world.time().wall());
    }

    /// Something was done to PostgreSQL: the next look is a new one.
    void postgresChanged() {
        postgresStale = true;
    }

    /// A write of our own was applied.
    void updateView(UnaryOperator<ClusterView> change) {
        if (store instanceof StoreAnswer.Seen(ClusterView view)) {
            ClusterView next = change.apply(view);
            store = new StoreAnswer.Seen(next);
            seen(next, lastViewNanos);
        }
    }

    void use(MemberSettings value) {
        me = value;
    }

    MemberSettings me() {
        return me;
    }

    void promised(FailsafePromise value) {
        promise = value;
    }

    @Nullable FailsafePromise promise() {
        return promise;
    }

    void leave() {
        leaving = true;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    ClusterSettings settings() {
        return settings;
    }

    ConfigDocument config() {
        return ownConfig;
    }

    StoreAnswer store() {
        return store;
    }

    LocalPostgres postgres() {
        return postgres;
    }

    @Nullable ClusterView lastView() {
        return lastView;
    }

    long lastViewNanos() {
        return lastViewNanos;
    }

    @Nullable Instant lastViewWall() {
        return lastViewWall;
    }

    TaskView task() {
        return tasks.view();
    }

    /// A task that may make PostgreSQL writable runs.
    boolean mayBecomeWritable() {
        return tasks.view() instanceof TaskView.Running(PostgresTask task, _, _)
                && (task instanceof PostgresTask.StartPrimary
                        || task instanceof PostgresTask.Promote);
    }
}
