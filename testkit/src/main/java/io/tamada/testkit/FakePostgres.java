package io.tamada.testkit;

import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.SlotFacts;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.Divergence;
import io.tamada.ha.port.OrderResult;
import io.tamada.ha.port.PostgresControl;
import io.tamada.ha.port.PostgresOrder;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.SlotPlan;
import io.tamada.ha.port.TaskProgress;
import io.tamada.ha.port.TaskResult;
import io.tamada.ha.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A simulated PostgreSQL server in a [FakeReplication] world. Made by [FakeReplication#server].
///
/// It has what failover is about: a system identifier, timelines that fork, positions, streaming
/// that lags, commits that wait for synchronous standbys, clean and unclean ends, and long tasks
/// that take simulated time. It lives on when its control is closed, as a server does when its
/// agent ends: [#reopened] gives the next agent a control.
public final class FakePostgres implements PostgresControl {

    private static final Duration CHECKPOINT = Duration.ofMillis(200);

    private final FakeReplication world;
    private final FakeServer server;
    private final Waiter waiter;
    private final FakeWork work;
    private final FakeTasks tasks;
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

    FakePostgres(FakeReplication world, FakeServer server, Waiter waiter, FakeWork work) {
        this.world = world;
        this.server = server;
        this.waiter = waiter;
        this.work = work;
        this.tasks = new FakeTasks(world, server, waiter);
    }

    /// Another control of the same server, for an agent that starts again.
    public FakePostgres reopened() {
        return new FakePostgres(world, server, waiter, work);
    }

    // What the engine uses.

    @Override
    public LocalPostgres look(Deadline by) throws InterruptedException {
        if (world.perform(this::answersNothing)) {
            waiter.pause(by.atNanos());
            return world.perform(() ->
                    answersNothing() ? FakeLook.unresponsive(server, world.now()) : server.look());
        }
        return world.perform(server::look);
    }

    private boolean answersNothing() {
        return server.stage == FakeServer.Stage.UP && (server.frozen || server.deaf);
    }

    @Override
    public OrderResult apply(PostgresOrder order, Deadline by) throws InterruptedException {
        if (world.perform(this::answersNothing)) {
            waiter.pause(by.atNanos());
            return new OrderResult.Failed("the server does not answer");
        }
        return switch (order) {
            case PostgresOrder.Configure _, PostgresOrder.AssumeRole _ -> OrderResult.DONE;
            case PostgresOrder.Follow(Upstream upstream, _) ->
                    server.stage == FakeServer.Stage.STARTING
                            ? followWhenUp(upstream)
                            : whileUp(server.recovery, () -> server.follow(upstream));
            case PostgresOrder.SetSynchronousStandbys(String names) ->
                    whileUp(true, () -> server.synchronousStandbys(names));
            case PostgresOrder.SyncSlots(SlotPlan plan) -> whileUp(true, () -> syncSlots(plan));
            case PostgresOrder.StartCheckpoint() ->
                    whileUp(true, () -> server.checkpointAfter(CHECKPOINT));
            case PostgresOrder.ResumeReplay() -> whileUp(true, server::resumeReplay);
        };
    }

    private OrderResult followWhenUp(Upstream source) {
        return world.perform(() -> {
            server.follow(source);
            return OrderResult.DONE;
        });
    }

    private OrderResult whileUp(boolean suitable, Runnable work) {
        return world.perform(() -> {
            if (!suitable || server.stage != FakeServer.Stage.UP) {
                return new OrderResult.Failed("no suitable server runs");
            }
            work.run();
            return OrderResult.DONE;
        });
    }

    private void syncSlots(SlotPlan plan) {
        if (!plan.keepUnknown()) {
            server.slots.keySet().retainAll(plan.wanted().keySet());
        }
        plan.wanted()
                .forEach((slot, wanted) ->
                        server.slots.merge(
                                slot,
                                SlotFacts.physical(false, wanted.position()),
                                (old, planned) -> planned.position() == null ? old : planned));
    }

    @Override
    public TaskResult run(PostgresTask task, TaskProgress progress) {
        FakeWork.Course course = work.of(task);
        try {
            return tasks.run(task, course, progress);
        } catch (InterruptedException e) {
            return new TaskResult.Cancelled();
        }
    }

    @Override
    public Divergence divergenceFrom(Upstream source, Deadline by) throws InterruptedException {
        Divergence answer = world.perform(() -> compared(world.find(source)));
        if (answer == null) {
            waiter.pause(by.atNanos());
            return new Divergence.Undecided("the source can't be reached");
        }
        return answer;
    }

    /// Null when there is nobody to answer.
    private @Nullable Divergence compared(@Nullable FakeServer source) {
        if (source == null || server.data == null) {
            return new Divergence.Undecided("there is no such source, or no local data");
        }
        if (source.stage != FakeServer.Stage.UP && world.linked(source, server)) {
            return new Divergence.Undecided("the source refuses connections");
        }
        if (!source.serves() || !world.linked(source, server)) {
            return null;
        }
        if (source.recovery) {
            return new Divergence.Undecided("the source is in recovery");
        }
        if (server.wal().isPrefixOf(source.wal())) {
            return new Divergence.None();
        }
        Wal common = server.wal().common(source.wal());
        return new Divergence.Diverged(
                common == null
                        ? "the source is of another cluster"
                        : "local "
                                + server.wal().end()
                                + " on "
                                + server.wal().branch()
                                + " has more than what is common up to "
                                + common.end());
    }

    @Override
    public boolean fence(Deadline by) {
        return world.perform(() -> {
            if (server.stage != FakeServer.Stage.DOWN) {
                server.ended();
            }
            return true;
        });
    }

    @Override
    public Subscription onChange(Runnable wakeUp) {
        // Wrapped, so that two subscriptions of one action are two.
        Runnable listener = () -> wakeUp.run();
        server.listeners.add(listener);
        Subscription subscription = () -> server.listeners.remove(listener);
        subscriptions.add(subscription);
        return subscription;
    }

    @Override
    public void close() {
        subscriptions.forEach(Subscription::close);
        subscriptions.clear();
    }

    // What happens to servers.

    public MemberName name() {
        return server.name();
    }

    /// Makes a new cluster here and starts it, at once.
    public void seedPrimary() {
        world.perform(() -> {
            server.data = new FakeData(world.newCluster(), world.newWal());
            server.beginStart(false, Duration.ZERO);
            return true;
        });
        world.tick();
    }

    /// Copies the data of a running primary and starts as its standby, at once.
    public void seedStandbyOf(FakePostgres primary) {
        world.perform(() -> {
            FakeData copy = FakeData.copyOf(primary.server.dataThere());
            copy.standbySignal = true;
            server.data = copy;
            server.upstream =
                    new Upstream.Member(
                            primary.name(), "postgres://" + primary.name() + "/postgres");
            server.beginStart(true, Duration.ZERO);
            return true;
        });
        world.tick();
    }

    /// A client commits.
    ///
    /// @return null when the server takes no writes; else look again later whether it was
    ///   acknowledged
    public @Nullable Commit commit() {
        return world.perform(server::commit);
    }

    /// The process dies, as from `kill -9` or a lost host.
    public void crash() {
        world.perform(() -> {
            server.crash();
            return true;
        });
    }

    /// All of its processes stand still: they answer nobody, send nothing, die only by force.
    /// Commits in between are acknowledged when it thaws.
    public void freeze(boolean value) {
        world.perform(() -> {
            server.frozen = value && server.stage != FakeServer.Stage.DOWN;
            server.deafSince = world.now();
            server.judgeCommits();
            return true;
        });
    }

    /// It doesn't answer its agent, though clients go on.
    public void deafen(boolean value) {
        world.perform(() -> {
            server.deaf = value && server.stage != FakeServer.Stage.DOWN;
            server.deafSince = world.now();
            return true;
        });
    }

    /// Replay stands still; WAL still arrives.
    public void pauseReplay() {
        world.perform(() -> server.replayPaused = true);
    }

    /// Whether `pg_rewind` works on its data.
    public void rewindable(boolean value) {
        world.perform(() -> server.dataThere().rewindable = value);
    }

    /// The server is gone and its disk is empty.
    public void wipe() {
        world.perform(() -> {
            server.crash();
            server.data = null;
            return true;
        });
    }

    // What an oracle asks.

    /// True when a client could commit right now.
    public boolean isWritable() {
        return world.perform(server::isWritable);
    }

    /// True while a postmaster lives.
    public boolean isUp() {
        return world.perform(() -> server.stage != FakeServer.Stage.DOWN);
    }

    /// True while it receives WAL from an upstream.
    public boolean isStreaming() {
        return world.perform(() -> server.receiver() != null);
    }

    /// Its log; null without data.
    public @Nullable Wal wal() {
        return world.perform(() -> server.data == null ? null : server.wal());
    }
}
