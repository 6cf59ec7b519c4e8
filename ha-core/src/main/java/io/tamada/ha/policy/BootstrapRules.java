package io.tamada.ha.policy;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.DcsKey;
import io.tamada.ha.dcs.LeaseRequest;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.Initialization;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.StandbyCluster;
import io.tamada.ha.model.SystemId;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.port.PostgresOrder;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Who initialises the cluster, who clones from whom.
final class BootstrapRules {

    private static final Duration SOON = Duration.ofSeconds(1);

    /// The data directory is empty, or can't be read.
    Decision decide(Deliberation d, Situation.NoData s) {
        ClusterView view = s.view();
        if (d.seen.lease() != null && d.notYet(Rule.RELEASE_WITHOUT_DATA)) {
            return d.release(Rule.RELEASE_WITHOUT_DATA, null);
        }
        if (s.problem() != null) {
            return d.hold(Rule.DATA_UNREADABLE, s.problem());
        }
        if (d.paused()) {
            return d.hold(Rule.EMPTY_IN_PAUSE);
        }
        if (d.applied(Rule.WIN_BOOTSTRAP)) {
            return create(d);
        }
        if (view.isLeaderless()
                && view.initialization() instanceof Initialization.Absent
                && d.seen.me().mayInitialize()
                && !d.seen.me().tags().noFailover()
                && d.notYet(Rule.WIN_BOOTSTRAP)) {
            return d.write(
                    Rule.WIN_BOOTSTRAP, new DcsEntry.Initialize(null), Precondition.absent());
        }
        return cloneOrWait(d, view);
    }

    private static Decision create(Deliberation d) {
        d.memory.bootstrap = Memory.Bootstrap.CREATING;
        StandbyCluster source = d.seen.settings().standbyCluster();
        return source == null
                ? d.begin(Rule.BOOTSTRAP, new PostgresTask.Initialize())
                : d.begin(
                        Rule.BOOTSTRAP_STANDBY_LEADER,
                        new PostgresTask.Clone(new Upstream.Remote(source), false));
    }

    private static Decision cloneOrWait(Deliberation d, ClusterView view) {
        if (d.seen.task() instanceof TaskView.Ended(_, TaskResult.Failed(String problem, _))) {
            return d.hold(Rule.CLONE_FAILED, problem);
        }
        MemberName leader = view.leaderName();
        if (leader != null && !leader.equals(d.me())) {
            Upstream source = Upstreams.cloneSource(d, view, leader);
            if (!source.isNone() && isReady(view.member(leader))) {
                return d.begin(Rule.CLONE, new PostgresTask.Clone(source, false), name(source));
            }
        }
        if (d.seen.me().cloneWithoutLeader()
                && !(view.initialization() instanceof Initialization.InProgress)) {
            return d.begin(
                    Rule.CLONE_WITHOUT_LEADER, new PostgresTask.Clone(Upstream.none(), false));
        }
        return d.holdFor(SOON, Rule.WAIT_FOR_BOOTSTRAP);
    }

    private static boolean isReady(@Nullable MemberStatus leader) {
        return leader != null && leader.isRunning();
    }

    private static String name(Upstream source) {
        return source instanceof Upstream.Member(MemberName name, _)
                ? name.toString()
                : "the remote source";
    }

    /// We won the bootstrap race, and go through its phases.
    Decision proceed(Deliberation d, Situation.Bootstrapping s) {
        return switch (d.memory.bootstrap) {
            case NONE, CREATING -> interrupted(d);
            case STARTED -> started(d);
            case FINISHED -> finished(d);
            case FAILED -> failed(d);
        };
    }

    /// The task that makes the cluster is neither running nor did it end in a way that was noticed.
    private static Decision interrupted(Deliberation d) {
        d.memory.bootstrap = Memory.Bootstrap.FAILED;
        return failed(d);
    }

    private static Decision started(Deliberation d) {
        StandbyCluster source = d.seen.settings().standbyCluster();
        return switch (d.seen.postgres()) {
            case LocalPostgres.Primary _ ->
                    d.begin(Rule.POST_BOOTSTRAP, new PostgresTask.FinishBootstrap());
            case LocalPostgres.Standby _ when source != null -> {
                d.memory.bootstrap = Memory.Bootstrap.FINISHED;
                yield finished(d);
            }
            case LocalPostgres.Stopped _ when source != null && !d.memory.recovering -> {
                d.memory.recovering = true;
                yield d.begin(
                        Rule.START_STANDBY_LEADER,
                        new PostgresTask.StartStandby(
                                new Upstream.Remote(source),
                                true,
                                d.seen.settings().primaryStartTimeout()));
            }
            case LocalPostgres.Starting _, LocalPostgres.Standby _ ->
                    d.holdFor(SOON, Rule.WAIT_FOR_RECOVERY_END);
            // A wrong password, or a pg_hba that lets the agent not in: that doesn't pass.
            case LocalPostgres.Unresponsive u ->
                    u.elapsed().compareTo(d.seen.settings().primaryStartTimeout()) < 0
                            ? d.holdFor(SOON, Rule.UNRESPONSIVE, u.problem())
                            : interrupted(d);
            case LocalPostgres.NoData _, LocalPostgres.Stopped _, LocalPostgres.Stopping _ ->
                    interrupted(d);
        };
    }

    /// Everything is made. The store is told: identity first, then configuration, then who leads.
    private static Decision finished(Deliberation d) {
        LocalPostgres.Server server = d.seen.postgres().running();
        if (server == null || isSomebodyElses(d)) {
            return interrupted(d);
        }
        if (d.outcome(Rule.BOOTSTRAP_GUARD) instanceof Outcome.OfGuard(boolean ok) && !ok) {
            return interrupted(d);
        }
        if (d.notYet(Rule.BOOTSTRAP_GUARD)) {
            return d.said(new Decision.Guard(Rule.BOOTSTRAP_GUARD, true));
        }
        if (d.notYet(Rule.BOOTSTRAP_IDENTITY)) {
            return d.write(
                    Rule.BOOTSTRAP_IDENTITY,
                    new DcsEntry.Initialize(server.systemId()),
                    Precondition.whatever());
        }
        if (d.applied(Rule.BOOTSTRAP_IDENTITY) && d.notYet(Rule.BOOTSTRAP_CONFIG)) {
            return d.write(
                    Rule.BOOTSTRAP_CONFIG,
                    new DcsEntry.Config(d.seen.ownConfig()),
                    Precondition.whatever());
        }
        if (d.applied(Rule.BOOTSTRAP_CONFIG) && d.notYet(Rule.BOOTSTRAP_LEAD)) {
            return d.acquire(Rule.BOOTSTRAP_LEAD, LeaseRequest.Mode.TAKE);
        }
        if (d.granted(Rule.BOOTSTRAP_LEAD)) {
            d.memory.bootstrap = Memory.Bootstrap.NONE;
            d.memory.recovering = false;
            MemberRole role = d.standbyCluster() ? MemberRole.STANDBY_LEADER : MemberRole.PRIMARY;
            return d.operate(Rule.BOOTSTRAPPED, new PostgresOrder.AssumeRole(role));
        }
        return d.holdFor(SOON, Rule.BOOTSTRAP_TELL_AGAIN);
    }

    /// While we were at it the cluster came to be in another way: an operator emptied the key, or a
    /// member with data claimed it.
    private static boolean isSomebodyElses(Deliberation d) {
        if (!(d.seen.store() instanceof StoreAnswer.Seen(ClusterView view))) {
            return false;
        }
        MemberName leader = view.leaderName();
        boolean anotherLeads = leader != null && !leader.equals(d.me());
        SystemId mine = d.seen.postgres().systemId();
        SystemId theirs = view.systemId();
        return anotherLeads || (mine != null && theirs != null && !mine.equals(theirs));
    }

    private static Decision failed(Deliberation d) {
        if (d.seen.task() instanceof TaskView.Ended(PostgresTask.DiscardBootstrap _, _)) {
            return d.said(new Decision.Exit(Rule.BOOTSTRAP_FAILED, 1));
        }
        if (d.notYet(Rule.BOOTSTRAP_CANCEL) && !isSomebodyElses(d)) {
            return d.coordinate(
                    Rule.BOOTSTRAP_CANCEL,
                    new CoordinationStep.Delete(DcsKey.INITIALIZE, Precondition.whatever()));
        }
        return d.begin(Rule.BOOTSTRAP_DISCARD, new PostgresTask.DiscardBootstrap());
    }
}
