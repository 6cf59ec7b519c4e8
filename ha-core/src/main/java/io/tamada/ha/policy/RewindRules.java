package io.tamada.ha.policy;

import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.Divergence;
import io.tamada.ha.port.PostgresTask;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The local data may have gone another way than the leader's: compare, then rewind, clone again or
/// say so.
final class RewindRules {

    private static final Duration SOON = Duration.ofSeconds(1);

    private RewindRules() {}

    /// @return null when nothing stands in the way of following
    static @Nullable Decision decide(
            Deliberation d, ClusterView view, @Nullable MemberName leader) {
        Upstream source = Upstreams.authority(d, view, leader);
        if (source.isNone()) {
            return null;
        }
        if (d.memory.rewind instanceof RewindState.Check) {
            Decision undecided = compare(d, view, source);
            if (undecided != null) {
                return undecided;
            }
        }
        return switch (d.memory.rewind) {
            case RewindState.Needed(String reason, boolean rewindable) ->
                    repair(d, view, source, reason, rewindable);
            case RewindState.Failed(String problem) -> afterFailure(d, source, problem);
            case RewindState.Unsuspected _,
                    RewindState.Check _,
                    RewindState.NotNeeded _,
                    RewindState.Rewound _ ->
                    null;
        };
    }

    private static @Nullable Decision compare(Deliberation d, ClusterView view, Upstream source) {
        if (!canAnswer(view, source)) {
            return waitForLeader(d);
        }
        if (!source.equals(d.seen.evidence().compared())) {
            return d.said(new Decision.Compare(Rule.COMPARE_WITH_LEADER, source));
        }
        return switch (d.seen.evidence().divergence()) {
            case Divergence.None _ -> {
                d.memory.rewind = new RewindState.NotNeeded();
                yield null;
            }
            case Divergence.Diverged(String reason, boolean rewindable) -> {
                d.memory.rewind = new RewindState.Needed(reason, rewindable);
                yield null;
            }
            case Divergence.Undecided(String problem) -> undecided(d, problem);
            case null -> undecided(d, "no answer");
        };
    }

    /// A standby that has started can be compared, and does no harm meanwhile.
    private static @Nullable Decision undecided(Deliberation d, String problem) {
        d.because("whether the data has diverged is not known: " + problem);
        return null;
    }

    /// A stopped server waits, since it would have to be stopped again to be rewound; a running one
    /// goes on meanwhile.
    private static @Nullable Decision waitForLeader(Deliberation d) {
        String problem = "the leader does not run as a primary yet";
        d.because("whether the data has diverged is not known: " + problem);
        return d.seen.postgres().isUp() ? null : d.holdFor(SOON, Rule.DIVERGENCE_UNKNOWN, problem);
    }

    private static boolean canAnswer(ClusterView view, Upstream source) {
        if (!(source instanceof Upstream.Member(MemberName name, _))) {
            return true;
        }
        MemberStatus leader = view.member(name);
        return leader != null && leader.isPrimary() && leader.isRunning();
    }

    private static @Nullable Decision repair(
            Deliberation d, ClusterView view, Upstream source, String reason, boolean rewindable) {
        if (!rewindable) {
            return twoBranchesOfOneNumber(d, source, reason);
        }
        if (Alarm.canRewind(d.seen)) {
            if (source instanceof Upstream.Member(MemberName name, _)
                    && !hasCheckpointed(view.member(name))) {
                return d.holdFor(SOON, Rule.WAIT_FOR_LEADER_CHECKPOINT, name);
            }
            return d.begin(Rule.REWIND, new PostgresTask.Rewind(source), reason);
        }
        if (Alarm.mayCloneDiverged(d.seen)) {
            return d.begin(
                    Rule.CLONE_DIVERGED, new PostgresTask.Reinitialize(source, false), reason);
        }
        alarm(d);
        return null;
    }

    /// PostgreSQL compares timelines by number: it would neither rewind nor refuse to stream, and
    /// spoil the data. So this member must not follow before it was cloned again.
    private static Decision twoBranchesOfOneNumber(Deliberation d, Upstream source, String reason) {
        if (Alarm.mayCloneUnrewindable(d.seen)) {
            return d.begin(
                    Rule.CLONE_DIVERGED, new PostgresTask.Reinitialize(source, false), reason);
        }
        alarm(d);
        return d.hold(Rule.DIVERGED_FOR_GOOD, reason);
    }

    private static @Nullable Decision afterFailure(
            Deliberation d, Upstream source, String problem) {
        if (Alarm.mayCloneAfterFailure(d.seen)) {
            return d.begin(
                    Rule.CLONE_AFTER_REWIND_FAILED,
                    new PostgresTask.Reinitialize(source, false),
                    problem);
        }
        alarm(d);
        return null;
    }

    /// Before its first checkpoint a promoted leader's control file still shows the old timeline.
    private static boolean hasCheckpointed(@Nullable MemberStatus leader) {
        return leader == null || !Boolean.FALSE.equals(leader.checkpointAfterPromote());
    }

    private static void alarm(Deliberation d) {
        String alarm = Alarm.of(d.seen, d.memory.rewind);
        if (alarm != null) {
            d.because("ALARM: " + alarm);
        }
    }
}
