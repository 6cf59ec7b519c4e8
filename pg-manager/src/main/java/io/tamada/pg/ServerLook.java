package io.tamada.pg;

import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Timeline;
import io.tamada.ha.model.TimelineHistory;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.time.Deadline;
import io.tamada.ha.time.TimeSource;
import io.tamada.pg.process.OsProcess;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One look at the server: which of the states it is in. Cheap when nothing happens: a small file
/// and one query.
final class ServerLook {

    /// No look takes longer, however much time the caller has: a server that doesn't answer by then
    /// is unresponsive.
    private static final Duration LOOK_MAX = Duration.ofMillis(1500);

    private final TimeSource time;
    private final ServerMemory memory;
    private final SqlProbe probe;
    private final Changes changes;
    private @Nullable KnownTimeline standbyTimeline;
    private @Nullable TimelineHistory history;
    private int historyOf;

    /// The timeline that a standby was on when it was last asked.
    private record KnownTimeline(Instant serverStart, int timeline) {}

    ServerLook(TimeSource time, ServerMemory memory, SqlProbe probe, Changes changes) {
        this.time = time;
        this.memory = memory;
        this.probe = probe;
        this.changes = changes;
    }

    LocalPostgres look(Site site, Deadline by) throws InterruptedException {
        Deadline within = by.within(LOOK_MAX);
        if (memory.filling) {
            return new LocalPostgres.NoData(null);
        }
        Postmaster.Running running = site.postmaster.find();
        if (running == null) {
            return down(site, within);
        }
        memory.seenUp(running.process());
        changes.watchPostmaster(running.process());
        return switch (running.file().status()) {
            case "stopping" -> {
                probe.drop();
                yield new LocalPostgres.Stopping(
                        site.control.read(within.remaining()), wasPrimary(site));
            }
            case "starting", "standby" -> starting(site, within);
            default -> asked(site, within);
        };
    }

    private boolean wasPrimary(Site site) {
        return memory.wasPrimary || !site.data.hasStandbySignal();
    }

    private LocalPostgres down(Site site, Deadline within) throws InterruptedException {
        probe.drop();
        if (memory.mayHaveOrphans) {
            memory.mayHaveOrphans = !site.postmaster.killOrphans();
        }
        memory.startingSinceNanos = null;
        memory.unresponsiveSinceNanos = null;
        try {
            if (site.data.isEmpty()) {
                return new LocalPostgres.NoData(null);
            }
        } catch (IOException e) {
            return new LocalPostgres.NoData(
                    "data directory "
                            + site.data.root()
                            + " can't be read ("
                            + e.getMessage()
                            + "): give it to the agent's user");
        }
        if (!site.data.hasData()) {
            return new LocalPostgres.NoData(site.data.foreignContent());
        }
        return new LocalPostgres.Stopped(
                site.control.read(within.remaining()),
                memory.expectedUp,
                site.data.hasRecoverySignal(),
                site.data.hasBackupLabel(),
                memory.lastFailure);
    }

    private LocalPostgres starting(Site site, Deadline within) throws InterruptedException {
        memory.unresponsiveSinceNanos = null;
        Long since = memory.startingSinceNanos;
        if (since == null) {
            since = time.nanos();
            memory.startingSinceNanos = since;
        }
        boolean standby = site.data.hasRecoverySignal();
        return new LocalPostgres.Starting(
                site.control.read(within.remaining()),
                standby,
                memory.upstream,
                Duration.ofNanos(time.nanos() - since));
    }

    private LocalPostgres asked(Site site, Deadline within) throws InterruptedException {
        return switch (probe.ask(site.local(), within.remaining())) {
            case SqlProbe.Result.NotYet() -> starting(site, within);
            case SqlProbe.Result.Full(String problem) -> {
                // It did answer, so it isn't hung, for however long it goes on.
                memory.unresponsiveSinceNanos = null;
                yield unresponsive(site, within, problem);
            }
            case SqlProbe.Result.Failed(String problem) -> unresponsive(site, within, problem);
            case SqlProbe.Result.Answered(SqlProbe.Facts facts) -> {
                memory.startingSinceNanos = null;
                memory.unresponsiveSinceNanos = null;
                memory.wasPrimary = !facts.standby();
                yield facts.standby() ? standby(site, facts) : primary(site, facts);
            }
        };
    }

    private LocalPostgres unresponsive(Site site, Deadline within, String problem)
            throws InterruptedException {
        if (site.postmaster.find() == null) {
            return down(site, within);
        }
        long now = time.nanos();
        Long since = memory.unresponsiveSinceNanos;
        if (since == null) {
            since = now;
            memory.unresponsiveSinceNanos = since;
        }
        return new LocalPostgres.Unresponsive(
                site.control.read(within.remaining()),
                wasPrimary(site),
                Duration.ofNanos(now - since),
                problem);
    }

    private LocalPostgres primary(Site site, SqlProbe.Facts facts) {
        Timeline timeline = Timeline.of(Math.max(1, facts.timeline()));
        if (historyOf != timeline.value()) {
            history = site.data.history(timeline);
            historyOf = history == null ? 0 : timeline.value();
        }
        return new LocalPostgres.Primary(
                server(facts, timeline),
                facts.position() == null ? io.tamada.ha.model.Lsn.ZERO : facts.position(),
                facts.synchronousStandbyNames(),
                facts.synchronousCommit(),
                history,
                facts.controlTimeline() == timeline.value());
    }

    private LocalPostgres standby(Site site, SqlProbe.Facts facts) {
        SqlProbe.Receiver receiver = facts.receiver();
        changes.watchReceiver(receiver == null ? null : OsProcess.of(receiver.pid()));
        boolean streaming = receiver != null && receiver.status().equals("streaming");
        Upstream upstream = memory.upstream;
        boolean streamsFromNobody =
                upstream == null || RecoverySettings.address(upstream, site.settings) != null;
        if (facts.primaryConninfo().isEmpty() && streamsFromNobody) {
            upstream = Upstream.none();
        }
        return new LocalPostgres.Standby(
                server(facts, standbyTimeline(site, facts)),
                facts.received(),
                facts.replayed(),
                facts.replayedAt(),
                facts.replayPaused(),
                streaming
                        ? "streaming"
                        : facts.restoresFromArchive() ? "in archive recovery" : null,
                upstream,
                receiver == null ? null : receiver.sourceEnd());
    }

    private LocalPostgres.Server server(SqlProbe.Facts facts, @Nullable Timeline timeline) {
        return new LocalPostgres.Server(
                facts.systemId(),
                facts.version(),
                facts.startedAt(),
                timeline,
                facts.rewindable(),
                memory.pendingRestart,
                facts.senders(),
                facts.slots());
    }

    /// The receiver tells it; without one the server is asked once by a replication command, and
    /// then remembered: while nothing is received no new timeline can come, except from an archive.
    private @Nullable Timeline standbyTimeline(Site site, SqlProbe.Facts facts) {
        KnownTimeline known = standbyTimeline;
        boolean same = known != null && known.serverStart().equals(facts.startedAt());
        int timeline;
        if (facts.receiver() != null
                && facts.receiver().sourceEnd() != null
                && facts.receiver().timeline() > 0) {
            timeline = facts.receiver().timeline();
        } else if (same && known != null && !facts.restoresFromArchive()) {
            timeline = known.timeline();
        } else {
            timeline = identifyTimeline(site);
        }
        timeline = Math.max(timeline, facts.controlTimeline());
        if (timeline == 0) {
            return null;
        }
        standbyTimeline = new KnownTimeline(facts.startedAt(), timeline);
        return Timeline.of(timeline);
    }

    private static int identifyTimeline(Site site) {
        Sql.Target target = site.local().replicating(Sql.Replication.DATABASE);
        try (Connection connection = Sql.open(target);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("IDENTIFY_SYSTEM")) {
            return rows.next() ? rows.getInt("timeline") : 0;
        } catch (SQLException e) {
            return 0;
        }
    }

    /// What was known of the server is void: another one may run now.
    void forget() {
        standbyTimeline = null;
        historyOf = 0;
    }
}
