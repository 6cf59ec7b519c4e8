package io.tamada.testkit;

import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.SlotFacts;
import io.tamada.ha.model.Upstream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A simulated server: its data, its process, its connections. Everything happens with the world's
/// lock held.
final class FakeServer {

    enum Stage {
        DOWN,
        STARTING,
        UP,
        STOPPING
    }

    private static final long COMMIT_BYTES = 64;

    private final FakeReplication world;
    private final MemberName name;
    private final List<Commit> pending = new ArrayList<>();
    private final List<FakeStream> senders = new ArrayList<>();
    private @Nullable FakeStream receiver;
    private SyncRule rule = SyncRule.parse("");

    final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    final Map<String, SlotFacts> slots = new TreeMap<>();
    @Nullable FakeData data;
    Stage stage = Stage.DOWN;
    boolean recovery;
    boolean frozen;
    boolean deaf;
    boolean replayPaused;
    boolean crashed;
    Lsn replayed = Lsn.ZERO;
    Upstream upstream = Upstream.none();
    String synchronousStandbyNames = "";
    @Nullable String lastFailure;
    Instant startedAt = Instant.EPOCH;
    long startedNanos;
    long deafSince;

    /// Grows whenever a process starts or ends, so that what was meant for an earlier one is
    /// recognised.
    long epoch;

    FakeServer(FakeReplication world, MemberName name) {
        this.world = world;
        this.name = name;
    }

    MemberName name() {
        return name;
    }

    FakeData dataThere() {
        FakeData there = data;
        if (there == null) {
            throw new IllegalStateException(name + " has no data");
        }
        return there;
    }

    Wal wal() {
        return dataThere().wal;
    }

    List<FakeStream> senders() {
        return senders;
    }

    @Nullable FakeStream receiver() {
        return receiver;
    }

    SyncRule rule() {
        return rule;
    }

    boolean isPrimary() {
        return stage == Stage.UP && !recovery;
    }

    boolean isWritable() {
        return isPrimary() && !frozen;
    }

    /// Can send WAL.
    boolean serves() {
        return (stage == Stage.UP || stage == Stage.STOPPING) && !frozen;
    }

    /// Can receive WAL.
    boolean isAwake() {
        return stage == Stage.UP && recovery && !frozen;
    }

    // The process.

    void beginStart(boolean asStandby, Duration takes) {
        epoch++;
        long mine = epoch;
        stage = Stage.STARTING;
        recovery = asStandby;
        crashed = false;
        lastFailure = null;
        startedAt = world.time().wall();
        startedNanos = world.now();
        world.after(
                takes,
                () -> {
                    if (epoch == mine && stage == Stage.STARTING) {
                        up();
                    }
                });
    }

    private void up() {
        FakeData there = dataThere();
        stage = Stage.UP;
        there.backupLabel = false;
        there.standbySignal = recovery;
        replayPaused = false;
        replayed = there.wal.end();
        if (recovery) {
            there.started(ControlData.State.IN_ARCHIVE_RECOVERY);
            connectAfter(Duration.ZERO);
        } else {
            there.started(ControlData.State.IN_PRODUCTION);
            there.checkpoint();
        }
    }

    /// Clients are sent away, the last record is written.
    void beginStop() {
        boolean wasPrimary = isPrimary();
        stage = Stage.STOPPING;
        breakCommits();
        closeReceiver();
        if (wasPrimary) {
            dataThere().shutDownAsPrimary();
            senders.forEach(FakeStream::deliver);
        }
    }

    /// Every standby that is connected has all of the log.
    boolean mayEnd() {
        return senders.stream().noneMatch(s -> s.flushed().isBefore(wal().end()));
    }

    void endStop() {
        FakeData there = dataThere();
        there.state =
                recovery ? ControlData.State.SHUT_DOWN_IN_RECOVERY : ControlData.State.SHUT_DOWN;
        ended();
    }

    /// The process is gone, whatever it was doing.
    void ended() {
        epoch++;
        stage = Stage.DOWN;
        frozen = false;
        deaf = false;
        breakCommits();
        closeReceiver();
        List.copyOf(senders).forEach(FakeStream::processEnded);
    }

    /// It died, and nobody asked it to.
    void crash() {
        if (stage != Stage.DOWN) {
            crashed = true;
            ended();
            world.notifyLater(listeners);
        }
    }

    void promote() {
        FakeData there = dataThere();
        closeReceiver();
        upstream = Upstream.none();
        recovery = false;
        there.wal = there.wal.promoted(world.wallText()).grown(COMMIT_BYTES);
        there.standbySignal = false;
        there.started(ControlData.State.IN_PRODUCTION);
        replayed = there.wal.end();
        senders.forEach(FakeStream::deliver);
    }

    void checkpointAfter(Duration takes) {
        long mine = epoch;
        world.after(
                takes,
                () -> {
                    if (epoch == mine && isPrimary()) {
                        dataThere().checkpoint();
                    }
                });
    }

    // Commits.

    void synchronousStandbys(String names) {
        synchronousStandbyNames = names;
        rule = SyncRule.parse(names);
        judgeCommits();
    }

    @Nullable Commit commit() {
        if (!isWritable()) {
            return null;
        }
        FakeData there = dataThere();
        there.wal = there.wal.grown(COMMIT_BYTES);
        Commit commit = new Commit(name, there.wal.branch(), there.wal.end());
        world.record(commit);
        pending.add(commit);
        senders.forEach(FakeStream::deliver);
        judgeCommits();
        return commit;
    }

    Map<String, Lsn> confirmed() {
        Map<String, Lsn> flushed = new TreeMap<>();
        senders.forEach(s -> flushed.put(s.standby().name().value(), s.flushed()));
        return flushed;
    }

    void judgeCommits() {
        if (!isWritable()) {
            return;
        }
        Map<String, Lsn> connected = confirmed();
        for (Iterator<Commit> all = pending.iterator(); all.hasNext(); ) {
            Commit commit = all.next();
            if (rule.isSatisfied(commit.position(), connected)) {
                commit.acknowledge(world.now());
                all.remove();
            }
        }
    }

    private void breakCommits() {
        pending.forEach(Commit::breakOff);
        pending.clear();
    }

    // Streaming.

    void follow(Upstream source) {
        if (!source.equals(upstream)) {
            upstream = source;
            closeReceiver();
            connectAfter(Duration.ZERO);
        }
    }

    void receive(Wal sent) {
        dataThere().wal = sent;
        if (!replayPaused) {
            replayed = sent.end();
        }
        senders.forEach(FakeStream::deliver);
    }

    void resumeReplay() {
        replayPaused = false;
        if (data != null) {
            replayed = wal().end();
        }
    }

    void streamClosed(FakeStream stream) {
        if (stream.equals(receiver)) {
            receiver = null;
            if (isAwake()) {
                world.notifyLater(listeners);
                connectAfter(world.reconnect());
            }
        }
        if (senders.remove(stream)) {
            judgeCommits();
        }
    }

    private void closeReceiver() {
        FakeStream stream = receiver;
        if (stream != null) {
            receiver = null;
            stream.close();
        }
    }

    private void connectAfter(Duration wait) {
        long mine = epoch;
        Upstream wanted = upstream;
        world.after(
                wait,
                () -> {
                    if (epoch == mine && upstream.equals(wanted)) {
                        connect();
                    }
                });
    }

    private void connect() {
        FakeServer source = world.find(upstream);
        if (!isAwake() || receiver != null || upstream.isNone()) {
            return;
        }
        if (source != null
                && source.stage == Stage.UP
                && source.serves()
                && world.linked(source, this)
                && wal().isPrefixOf(source.wal())) {
            FakeStream stream = new FakeStream(world, source, this);
            receiver = stream;
            source.senders.add(stream);
        } else {
            connectAfter(world.reconnect());
        }
    }

    LocalPostgres look() {
        return FakeLook.at(this, world.now());
    }
}
