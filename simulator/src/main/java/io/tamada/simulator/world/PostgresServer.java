package io.tamada.simulator.world;

import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Upstream;
import io.tamada.simulator.baton.Reply;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL server: the postmaster of one machine, whether it runs or not. Outlives the agent.
///
/// Everything it does takes virtual time and happens outside the agent's threads.
public final class PostgresServer {

    static final long MILLIS = 1_000_000L;
    static final long SECONDS = 1000 * MILLIS;

    /// How often a standby without a source tries to connect.
    private static final long RETRY = 5 * SECONDS;

    private static final int CHECKPOINT_BYTES = 104;

    public enum Phase {
        DOWN,
        STARTING,
        STANDBY,
        PROMOTING,
        PRIMARY,
        STOPPING
    }

    private record PendingCommit(Branch branch, long position, Consumer<Boolean> answer) {}

    private final World world;
    private final Machine machine;
    private @Nullable DataDirectory data;
    private Phase phase = Phase.DOWN;
    private boolean primaryBefore;
    private long phaseSince;
    private long incarnation;
    private boolean hung;
    private boolean checkpointed = true;
    private Instant startedAt = Instant.EPOCH;
    private @Nullable Replication source;
    private final List<Replication> followers = new ArrayList<>();
    private SyncNames syncNames = SyncNames.NOBODY;
    private final ArrayDeque<PendingCommit> pending = new ArrayDeque<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private Reply<Boolean> change;
    private long slowNanos;

    PostgresServer(World world, Machine machine) {
        this.world = world;
        this.machine = machine;
        this.change = new Reply<>(world.scheduler());
    }

    // --- what it looks like

    public Machine machine() {
        return machine;
    }

    public Phase phase() {
        return phase;
    }

    /// Clients can write here right now, as far as this server is concerned.
    public boolean isWritable() {
        return phase == Phase.PRIMARY && machine.isRunning() && !hung;
    }

    public boolean hasData() {
        return data != null;
    }

    /// What is on the disk; null when nothing is.
    public @Nullable DataDirectory disk() {
        return data;
    }

    DataDirectory data() {
        return Objects.requireNonNull(data, "no data");
    }

    long phaseSince() {
        return phaseSince;
    }

    long incarnation() {
        return incarnation;
    }

    boolean wasPrimary() {
        return primaryBefore;
    }

    boolean isHung() {
        return hung;
    }

    boolean isCheckpointed() {
        return checkpointed;
    }

    Instant startedAt() {
        return startedAt;
    }

    public boolean isStreaming() {
        Replication r = source;
        return phase == Phase.STANDBY
                && r != null
                && r.isStreaming()
                && r.isOpenAtSource()
                && r.isOpenAtStandby();
    }

    @Nullable Replication source() {
        return source;
    }

    List<Replication> followers() {
        return followers;
    }

    SyncNames syncNames() {
        return syncNames;
    }

    /// Completed at the next change of phase.
    Reply<Boolean> nextChange() {
        return change;
    }

    Runnable listen(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /// Makes everything it does take so much longer.
    public void slowDown(long nanos) {
        slowNanos = nanos;
    }

    private void enter(Phase next) {
        phase = next;
        phaseSince = world.scheduler().nowNanos();
        world.note(
                machine,
                "postgres",
                () ->
                        next.toString().toLowerCase(java.util.Locale.ROOT)
                                + (data == null
                                        ? ""
                                        : " on " + data.branch + " at " + data.position));
        Reply<Boolean> before = change;
        change = new Reply<>(world.scheduler());
        before.complete(true);
    }

    private void tellAgent() {
        for (Runnable listener : List.copyOf(listeners)) {
            listener.run();
        }
    }

    /// Goes on after a while if this postmaster still lives then.
    private void later(long delayNanos, Runnable action) {
        long mine = incarnation;
        machine.in(
                delayNanos,
                () -> {
                    if (incarnation != mine) {
                        return;
                    }
                    if (hung) {
                        later(100 * MILLIS, action);
                    } else {
                        action.run();
                    }
                });
    }

    private long between(long low, long high) {
        return low + world.scheduler().random().nextLong(high - low);
    }

    private long slowed(long low, long high) {
        return between(low, high) + (slowNanos == 0 ? 0 : between(0, slowNanos));
    }

    // --- data

    /// Puts a finished data directory in place.
    void install(DataDirectory made) {
        data = made;
    }

    /// Removes the data; the server must be down.
    void removeData(String reason) {
        if (data != null) {
            world.oracle().dataRemoved(this, data, reason);
            data = null;
        }
    }

    // --- start

    void start(boolean asStandby) {
        if (phase != Phase.DOWN || data == null || data.damage != null) {
            return;
        }
        DataDirectory d = data;
        incarnation++;
        hung = false;
        startedAt = machine.clock().wall();
        boolean crashed = d.state == ControlData.State.IN_PRODUCTION;
        d.standbySignal = asStandby;
        primaryBefore = !asStandby;
        d.shutdown = null;
        d.state =
                asStandby
                        ? ControlData.State.IN_ARCHIVE_RECOVERY
                        : ControlData.State.IN_CRASH_RECOVERY;
        enter(Phase.STARTING);
        long duration = slowed(50 * MILLIS, 500 * MILLIS) + (crashed ? between(0, 3 * SECONDS) : 0);
        later(
                duration,
                () -> {
                    d.backupLabel = false;
                    if (asStandby) {
                        enter(Phase.STANDBY);
                        checkpointed = true;
                        connectSoon(10 * MILLIS);
                    } else {
                        d.state = ControlData.State.IN_PRODUCTION;
                        d.beginWriting();
                        becomePrimary();
                        checkpointed = true;
                        d.checkpointTimeline = d.branch.timeline();
                    }
                    tellAgent();
                });
    }

    private void becomePrimary() {
        primaryBefore = true;
        enter(Phase.PRIMARY);
        reloadSyncNames();
        world.oracle().becameWritable(this);
    }

    // --- standby

    void followFrom(Upstream upstream) {
        DataDirectory d = data();
        boolean same = d.upstream.equals(upstream);
        d.upstream = upstream;
        if (!same) {
            Replication old = source;
            if (old != null) {
                old.closeAtStandby();
            }
        }
        if (phase == Phase.STANDBY) {
            connectSoon(MILLIS);
        }
    }

    private void connectSoon(long delay) {
        later(
                delay,
                () -> {
                    if (phase != Phase.STANDBY) {
                        return;
                    }
                    Replication r = source;
                    if (r != null) {
                        r.check(world.scheduler().nowNanos());
                    } else {
                        connect();
                    }
                });
    }

    /// The receiver's heartbeat: set going once per machine.
    void tick() {
        long now = world.scheduler().nowNanos();
        for (Replication r : List.copyOf(followers)) {
            r.check(now);
        }
        Replication r = source;
        if (r != null) {
            r.check(now);
        }
        if (phase == Phase.STANDBY && source == null && machine.isRunning() && !hung) {
            connect();
        }
        world.scheduler().in(RETRY, this::tick);
    }

    private void connect() {
        if (source != null || !(data().upstream instanceof Upstream.Member(MemberName name, _))) {
            return;
        }
        Machine other = world.machine(name.value());
        if (other == null
                || other == machine
                || !world.network().connects(machine.name(), other.name())) {
            return;
        }
        PostgresServer from = other.postgres();
        boolean serves =
                other.isRunning()
                        && !from.hung
                        && (from.phase == Phase.PRIMARY
                                || from.phase == Phase.STANDBY
                                || from.phase == Phase.PROMOTING);
        if (!serves || !from.data().systemId.equals(data().systemId)) {
            return;
        }
        String refusal = Divergences.refusal(data(), from.data());
        data().newestTimeline = Math.max(data().newestTimeline, from.data().branch.timeline());
        if (refusal != null) {
            world.note(
                    machine,
                    "postgres",
                    () -> "can't stream from " + other.name() + ": " + refusal);
            return;
        }
        if (!from.data().branch.contains(from.data().position, data().branch, data().position)) {
            world.oracle().corrupted(this, from);
            return;
        }
        Replication r = new Replication(world, from, this);
        source = r;
        from.followers.removeIf(old -> old.standby == this);
        from.followers.add(r);
        world.note(
                machine,
                "postgres",
                () -> "streams from " + other.name() + " at " + data().position);
        r.pump();
    }

    boolean receive(Replication from, Branch branch, long position) {
        if (phase != Phase.STANDBY || source != from || hung) {
            return false;
        }
        DataDirectory d = data();
        d.branch = branch;
        d.position = position;
        d.newestTimeline = Math.max(d.newestTimeline, branch.timeline());
        for (int i = 0; i < followers.size(); i++) {
            followers.get(i).pump();
        }
        return true;
    }

    void lostSource(Replication r) {
        if (source == r) {
            source = null;
            tellAgent();
        }
    }

    // --- primary

    /// Begins a commit; `answer` hears true once it is acknowledged, false when the session ends
    /// without.
    void commit(long bytes, Consumer<Boolean> answer) {
        DataDirectory d = data();
        d.append(bytes);
        pending.add(new PendingCommit(d.branch, d.position, answer));
        for (int i = 0; i < followers.size(); i++) {
            followers.get(i).pump();
        }
        release();
    }

    void forget(Replication r) {
        followers.remove(r);
        confirmedMore();
        tellAgent();
    }

    /// A standby confirmed, came or went.
    void confirmedMore() {
        if (phase == Phase.STOPPING) {
            exitIfShipped();
        } else {
            release();
        }
    }

    private void release() {
        if (phase != Phase.PRIMARY || pending.isEmpty() || !machine.isRunning() || hung) {
            return;
        }
        long upTo = syncNames.isNobody() ? Long.MAX_VALUE : syncNames.confirmed(streaming());
        while (!pending.isEmpty() && pending.peek().position() <= upTo) {
            PendingCommit commit = pending.remove();
            world.oracle().acknowledged(this, commit.branch(), commit.position());
            commit.answer().accept(true);
        }
    }

    List<Replication> streaming() {
        return followers.stream().filter(Replication::isStreaming).toList();
    }

    void setSynchronousStandbys(String value) {
        data().synchronousStandbyNames = value;
        later(between(MILLIS, 5 * MILLIS), this::reloadSyncNames);
    }

    private void reloadSyncNames() {
        syncNames = SyncNames.parse(data().synchronousStandbyNames);
        world.note(
                machine,
                "postgres",
                () -> "synchronous_standby_names = '" + data().synchronousStandbyNames + "'");
        release();
    }

    void startCheckpoint() {
        if (phase == Phase.PRIMARY && !checkpointed) {
            later(slowed(100 * MILLIS, 3 * SECONDS), this::checkpointDone);
        }
    }

    private void checkpointDone() {
        if (phase == Phase.PRIMARY) {
            DataDirectory d = data();
            d.append(CHECKPOINT_BYTES);
            d.checkpoint = d.position;
            d.checkpointTimeline = d.branch.timeline();
            checkpointed = true;
            tellAgent();
        }
    }

    void promote() {
        if (phase != Phase.STANDBY) {
            return;
        }
        Replication old = source;
        if (old != null) {
            old.closeAtStandby();
        }
        source = null;
        enter(Phase.PROMOTING);
        later(
                slowed(50 * MILLIS, 800 * MILLIS),
                () -> {
                    DataDirectory d = data();
                    world.oracle().promoting(this, d.branch, d.position);
                    d.beginTimeline();
                    d.append(CHECKPOINT_BYTES);
                    d.state = ControlData.State.IN_PRODUCTION;
                    d.standbySignal = false;
                    d.upstream = Upstream.none();
                    checkpointed = false;
                    becomePrimary();
                    later(slowed(20 * SECONDS, 60 * SECONDS), this::checkpointDone);
                    followers.forEach(Replication::pump);
                    tellAgent();
                });
    }

    // --- stop

    /// Ends sessions, writes the shutdown checkpoint, ships it to connected standbys, exits.
    void stopFast() {
        if (phase == Phase.DOWN || phase == Phase.STOPPING) {
            return;
        }
        if (phase == Phase.STARTING || phase == Phase.PROMOTING) {
            stopImmediately();
            return;
        }
        boolean primary = phase == Phase.PRIMARY;
        primaryBefore = primary;
        enter(Phase.STOPPING);
        dropSessions();
        Replication old = source;
        if (old != null) {
            old.closeAtStandby();
        }
        later(
                slowed(20 * MILLIS, 600 * MILLIS),
                () -> {
                    DataDirectory d = data();
                    if (primary) {
                        d.checkpoint = d.position;
                        d.checkpointTimeline = d.branch.timeline();
                        d.shutdown =
                                new ControlData.Shutdown(
                                        Lsn.of(d.checkpoint), Lsn.of(d.checkpoint));
                        d.append(CHECKPOINT_BYTES);
                        d.state = ControlData.State.SHUT_DOWN;
                    } else {
                        d.state = ControlData.State.SHUT_DOWN_IN_RECOVERY;
                    }
                    tellAgent();
                    followers.forEach(Replication::pump);
                    exitIfShipped();
                });
    }

    private void exitIfShipped() {
        DataDirectory d = data();
        boolean written =
                d.state == ControlData.State.SHUT_DOWN
                        || d.state == ControlData.State.SHUT_DOWN_IN_RECOVERY;
        if (written
                && followers.stream()
                        .allMatch(r -> r.confirmed() >= d.position || !primaryBefore)) {
            later(between(5 * MILLIS, 50 * MILLIS), this::exit);
        }
    }

    /// As in a crash, but asked for.
    void stopImmediately() {
        if (phase != Phase.DOWN) {
            if (phase != Phase.STOPPING) {
                primaryBefore =
                        phase == Phase.PRIMARY || (phase == Phase.STARTING && primaryBefore);
            }
            // What it was about to do, a start or a promotion, is over.
            incarnation++;
            dropSessions();
            enter(Phase.STOPPING);
            later(between(5 * MILLIS, 150 * MILLIS), this::exit);
        }
    }

    /// Ends it this instant, by SIGKILL or by a bug of its own.
    public void crash() {
        if (phase != Phase.DOWN) {
            exit();
        }
    }

    private void dropSessions() {
        List<PendingCommit> dropped = List.copyOf(pending);
        pending.clear();
        dropped.forEach(c -> c.answer().accept(false));
    }

    private void exit() {
        incarnation++;
        hung = false;
        dropSessions();
        List.copyOf(followers).forEach(Replication::closeAtSource);
        followers.clear();
        Replication old = source;
        if (old != null) {
            old.closeAtStandby();
        }
        source = null;
        enter(Phase.DOWN);
        tellAgent();
    }

    /// The machine lost its power.
    void powerLost() {
        incarnation++;
        hung = false;
        dropSessions();
        followers.forEach(r -> r.vanishedAt(this));
        followers.clear();
        if (source != null) {
            source.vanishedAt(this);
        }
        source = null;
        listeners.clear();
        enter(Phase.DOWN);
    }

    /// The postmaster and its children are stopped (SIGSTOP), or go on.
    public void hang(boolean on) {
        hung = on && phase != Phase.DOWN;
        if (!hung) {
            release();
        }
    }
}
