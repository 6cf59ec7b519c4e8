package io.tamada.ha.policy;

import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskResult;
import java.util.Map;
import java.util.TreeMap;

/// What is remembered of every observation before any rule looks at it.
final class Recollection {

    private Recollection() {}

    static void update(Deliberation d) {
        if (d.seen.evidence().equals(Evidence.NONE)) {
            newTurn(d);
        }
        // In every round: what this member has just written belongs to it.
        if (d.seen.store() instanceof StoreAnswer.Seen(ClusterView view) && !view.isLeaderless()) {
            d.memory.lastHealthy = view;
            doubt(d, view);
        }
        if (d.seen.task() instanceof TaskView.Ended(PostgresTask task, TaskResult result)) {
            ended(d, task, result);
        }
    }

    /// A list of failsafe members whose write was not answered may be published or not, and may
    /// still come to be for as long as a lost message may take.
    private static void doubt(Deliberation d, ClusterView view) {
        Memory.Draft m = d.memory;
        if (d.outcome(Rule.PUBLISH_FAILSAFE) instanceof Outcome.OfWrite(WriteResult.Unknown _)) {
            Map<MemberName, String> doubted = new TreeMap<>(m.failsafeInDoubt);
            doubted.putAll(LeaderNews.failsafeMembers(d, view));
            m.failsafeInDoubt = doubted;
            m.failsafeDoubtedNanos = d.seen.now();
        } else if (!m.failsafeInDoubt.isEmpty() && d.longAgo(m.failsafeDoubtedNanos, d.ttl())) {
            m.failsafeInDoubt = Map.of();
        }
    }

    private static void newTurn(Deliberation d) {
        Memory.Draft m = d.memory;
        if (m.firstTurnNanos == null) {
            m.firstTurnNanos = d.seen.now();
        }
        m.previousPosition = m.lastPosition;
        switch (d.seen.postgres()) {
            case LocalPostgres.Standby s -> {
                m.lastPosition = s.position();
                if (s.server().timeline() != null) {
                    m.lastTimeline = s.server().timeline();
                }
                m.recovering = false;
                m.crashRecoveryTried = false;
                if (m.rewind.wasExecuted() && s.isStreaming()) {
                    m.rewind = new RewindState.Unsuspected();
                }
            }
            case LocalPostgres.Primary p -> {
                m.lastPosition = p.position();
                m.recovering = false;
                m.crashRecoveryTried = false;
                m.startTimeout = null;
                m.generation = null;
            }
            case LocalPostgres.NoData _,
                    LocalPostgres.Stopped _,
                    LocalPostgres.Starting _,
                    LocalPostgres.Stopping _,
                    LocalPostgres.Unresponsive _ ->
                    m.lastPosition = null;
        }
        if (d.seen.lease() == null || d.seen.postgres() instanceof LocalPostgres.Primary) {
            m.failedPromotions = 0;
        }
        if (m.wasPaused && !d.paused()) {
            m.rewind = new RewindState.Unsuspected();
        }
        m.wasPaused = d.paused();
        if (d.seen.store() instanceof StoreAnswer.Seen(ClusterView view) && !view.isLeaderless()) {
            m.backoffSinceNanos = null;
            m.consentUntilNanos = 0;
        }
        if (d.seen.lease() != null || d.seen.store() instanceof StoreAnswer.Seen) {
            m.consentUntilNanos = 0;
        }
    }

    private static void ended(Deliberation d, PostgresTask task, TaskResult result) {
        Memory.Draft m = d.memory;
        boolean ok = result.succeeded();
        switch (task) {
            case PostgresTask.Initialize _ ->
                    m.bootstrap = ok ? Memory.Bootstrap.STARTED : Memory.Bootstrap.FAILED;
            case PostgresTask.FinishBootstrap _ ->
                    m.bootstrap = ok ? Memory.Bootstrap.FINISHED : Memory.Bootstrap.FAILED;
            case PostgresTask.Clone _, PostgresTask.Reinitialize _ -> {
                m.rewind = new RewindState.Unsuspected();
                if (m.bootstrap == Memory.Bootstrap.CREATING) {
                    m.bootstrap = ok ? Memory.Bootstrap.STARTED : Memory.Bootstrap.FAILED;
                }
            }
            case PostgresTask.Rewind _ -> m.rewind = rewound(m.rewind, result);
            case PostgresTask.CrashRecovery _ -> m.rewind = new RewindState.Check();
            case PostgresTask.Promote _ -> {
                if (result instanceof TaskResult.Failed(_, boolean retry)) {
                    m.failedPromotions++;
                    if (!retry) {
                        m.noRaceUntilNanos = d.seen.now() + d.ttl().toNanos();
                    }
                }
            }
            case PostgresTask.StartPrimary _,
                    PostgresTask.StartStandby _,
                    PostgresTask.Restart _ -> {
                m.recovering = !ok;
                m.syncDutyReleasedAtNanos = null;
            }
            case PostgresTask.Stop _,
                    PostgresTask.DiscardBootstrap _,
                    PostgresTask.CopyLogicalSlots _ -> {
                // What they change shows in the look at PostgreSQL.
            }
        }
    }

    private static RewindState rewound(RewindState before, TaskResult result) {
        return switch (result) {
            case TaskResult.Succeeded _ -> new RewindState.Rewound();
            case TaskResult.Failed(String problem, boolean retry) ->
                    retry ? before : new RewindState.Failed(problem);
            case TaskResult.StillStarting _, TaskResult.Cancelled _ -> before;
        };
    }
}
