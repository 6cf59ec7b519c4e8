package io.tamada.simulator;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.LeaseRequest;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.model.ClusterStatus;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.Initialization;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.ReplicationMode;
import io.tamada.ha.model.SyncState;
import io.tamada.ha.model.Tags;
import io.tamada.ha.model.WalSender;
import io.tamada.ha.policy.CoordinationStep;
import io.tamada.ha.policy.Decision;
import io.tamada.ha.policy.Decision.Begin;
import io.tamada.ha.policy.Decision.Coordinate;
import io.tamada.ha.policy.Decision.Operate;
import io.tamada.ha.policy.Observation;
import io.tamada.ha.port.Divergence;
import io.tamada.ha.port.PostgresOrder;
import io.tamada.ha.port.PostgresTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The broken engines that the invariants must catch: the oracle's own test.
final class Mutants {

    private static final Duration SOON = Duration.ofMillis(500);

    private static final List<Variant> ALL = all0();

    /// Mutants that usually get away within the ordinary budget, and why.
    private static final Map<String, String> ELUSIVE =
            Map.of(
                    "refusal-unheard",
                    "a lease is refused only after its holder's own clock has ended it, and the next look at the store shows who leads");

    private Mutants() {}

    /// Why a mutant is known to get away; empty for those that must be caught.
    static String whyElusive(Variant mutant) {
        return ELUSIVE.getOrDefault(mutant.name(), "");
    }

    static List<Variant> all() {
        return ALL;
    }

    static Variant named(String name) {
        return ALL.stream()
                .filter(v -> v.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "no mutant is named "
                                        + name
                                        + "; there are "
                                        + ALL.stream().map(Variant::name).toList()));
    }

    private static List<Variant> all0() {
        List<Variant> all = new ArrayList<>();
        all.addAll(whoMayLead());
        all.addAll(whatIsConfirmed());
        all.addAll(whenToStop());
        all.addAll(whatToDoWithData());
        all.addAll(PortMutants.all());
        return List.copyOf(all);
    }

    // ---- who may lead
    // ------------------------------------------------------------------------------------------

    private static List<Variant> whoMayLead() {
        return List.of(
                PolicyMutant.seeing(
                        "lag-ignored",
                        "a candidate believes that it misses nothing, however far behind it is",
                        o -> Lies.view(o, b -> b.status(ClusterStatus.UNKNOWN))),
                PolicyMutant.seeing(
                        "history-ignored",
                        "a candidate doesn't compare its timeline with the cluster's history",
                        o -> Lies.view(o, b -> b.history(null))),
                PolicyMutant.seeing(
                        "sync-ignored-in-race",
                        "a candidate races by asynchronous rules",
                        o -> leaderless(o) ? Lies.view(o, b -> b.sync(Lies.NO_SYNC)) : o),
                PolicyMutant.seeing(
                        "counts-itself-synchronous",
                        "a candidate believes that it is listed in /sync",
                        o -> leaderless(o) ? Lies.sync(o, s -> listing(s, o.me().name())) : o),
                PolicyMutant.seeing(
                        "one-vote-less",
                        "a candidate asks for one vote less than the quorum",
                        o -> leaderless(o) ? Lies.sync(o, s -> withQuorum(s, s.quorum() - 1)) : o),
                PolicyMutant.seeing(
                        "no-votes-needed",
                        "a candidate needs no votes",
                        o -> leaderless(o) ? Lies.sync(o, s -> withQuorum(s, 0)) : o),
                PolicyMutant.seeing(
                        "peers-behind",
                        "a candidate believes that every peer is behind it",
                        o -> Lies.peers(o, a -> Lies.at(a, Lsn.of(1)))),
                PolicyMutant.seeing(
                        "votes-of-those-ahead",
                        "a candidate takes those who are ahead of it for its equals",
                        o ->
                                o.postgres() instanceof LocalPostgres.Standby s
                                        ? Lies.peers(
                                                o,
                                                a ->
                                                        a.position().isAfter(s.position())
                                                                ? Lies.at(a, s.position())
                                                                : a)
                                        : o),
                PolicyMutant.seeing(
                        "nofailover-ignored",
                        "a member that must not lead races all the same",
                        o -> Lies.me(o, o.me().withTags(Tags.NONE))),
                PolicyMutant.deciding(
                        "takes-the-lease",
                        "whoever races overwrites the leader key instead of asking for it",
                        (o, d) ->
                                d instanceof Coordinate(var rule, CoordinationStep.Acquire _)
                                        ? new Coordinate(
                                                rule,
                                                new CoordinationStep.Acquire(
                                                        LeaseRequest.Mode.TAKE))
                                        : d),
                PolicyMutant.deciding(
                        "two-bootstraps",
                        "a new cluster is begun whoever else has begun one",
                        (_, d) ->
                                d
                                                instanceof
                                                Coordinate(
                                                        var rule,
                                                        CoordinationStep.Write(
                                                                DcsEntry.Initialize i,
                                                                _))
                                        ? new Coordinate(
                                                rule,
                                                new CoordinationStep.Write(
                                                        i, Precondition.whatever()))
                                        : d),
                PolicyMutant.seeing(
                        "everything-absent",
                        "a member with an empty disk takes the cluster for unborn",
                        o ->
                                o.postgres() instanceof LocalPostgres.NoData
                                        ? Lies.view(
                                                o,
                                                b ->
                                                        b.initialization(
                                                                        new Initialization.Absent())
                                                                .leader(
                                                                        io.tamada.ha.model.LeaderKey
                                                                                .free()))
                                        : o),
                PolicyMutant.seeing(
                        "promise-forgotten",
                        "a member that let the primary go on without the store races against it",
                        o -> Lies.ping(o, null)));
    }

    private static boolean leaderless(Observation o) {
        ClusterView view = Lies.viewOf(o);
        return view != null
                && (view.isLeaderless()
                        || (o.lease() != null && o.postgres() instanceof LocalPostgres.Standby));
    }

    private static SyncState listing(SyncState state, MemberName name) {
        if (!state.isActive() || state.includes(name)) {
            return state;
        }
        Set<MemberName> more = new TreeSet<>(state.standbys());
        more.add(name);
        return SyncState.of(java.util.Objects.requireNonNull(state.leader()), more, state.quorum());
    }

    private static SyncState withQuorum(SyncState state, int quorum) {
        return new SyncState(state.leader(), state.standbys(), Math.max(0, quorum));
    }

    // ---- what is confirmed
    // -------------------------------------------------------------------------------------

    private static List<Variant> whatIsConfirmed() {
        return List.of(
                PolicyMutant.seeing(
                        "unconfirmed-counts",
                        "every connected standby counts as synchronous at once",
                        o -> Lies.senders(o, Mutants::confirmed)),
                PolicyMutant.deciding(
                        "sync-key-first",
                        "a standby enters /sync before it enters synchronous_standby_names",
                        (o, d) ->
                                d
                                                        instanceof
                                                        Operate(
                                                                var rule,
                                                                PostgresOrder
                                                                        .SetSynchronousStandbys(
                                                                        String names))
                                                && Lies.wouldGrow(o, names)
                                        ? new Coordinate(
                                                rule,
                                                new CoordinationStep.Write(
                                                        new DcsEntry.Sync(Lies.listed(o, names)),
                                                        Precondition.whatever()))
                                        : d),
                PolicyMutant.deciding(
                        "sync-key-never-shrinks",
                        "a standby that is gone stays in /sync",
                        (o, d) ->
                                d
                                                        instanceof
                                                        Coordinate(
                                                                var rule,
                                                                CoordinationStep.Write(
                                                                        DcsEntry.Sync(SyncState s),
                                                                        _))
                                                && Lies.shrinks(o, s)
                                        ? new Decision.Hold(rule, SOON)
                                        : d),
                PolicyMutant.deciding(
                        "names-dropped-first",
                        "synchronous_standby_names is emptied while /sync still lists standbys",
                        (o, d) ->
                                d
                                                        instanceof
                                                        Coordinate(
                                                                var rule,
                                                                CoordinationStep.Write(
                                                                        DcsEntry.Sync(SyncState s),
                                                                        _))
                                                && Lies.shrinks(o, s)
                                                && o.postgres() instanceof LocalPostgres.Primary
                                        ? new Operate(
                                                rule, new PostgresOrder.SetSynchronousStandbys(""))
                                        : d),
                PolicyMutant.deciding(
                        "names-always-empty",
                        "synchronous_standby_names is never set",
                        (_, d) ->
                                d
                                                instanceof
                                                Operate(
                                                        var rule,
                                                        PostgresOrder.SetSynchronousStandbys _)
                                        ? new Operate(
                                                rule, new PostgresOrder.SetSynchronousStandbys(""))
                                        : d),
                PolicyMutant.deciding(
                        "quorum-too-small",
                        "/sync is written with one vote less than the commits allow",
                        (_, d) ->
                                d
                                                        instanceof
                                                        Coordinate(
                                                                var rule,
                                                                CoordinationStep.Write(
                                                                        DcsEntry.Sync(SyncState s),
                                                                        var when))
                                                && s.quorum() > 0
                                        ? new Coordinate(
                                                rule,
                                                new CoordinationStep.Write(
                                                        new DcsEntry.Sync(
                                                                withQuorum(s, s.quorum() - 1)),
                                                        when))
                                        : d),
                PolicyMutant.deciding(
                        "one-confirmation-less",
                        "ANY n is set to one less than planned",
                        (_, d) ->
                                d
                                                        instanceof
                                                        Operate(
                                                                var rule,
                                                                PostgresOrder
                                                                        .SetSynchronousStandbys(
                                                                        String names))
                                                && names.startsWith("ANY ")
                                                && !names.startsWith("ANY 1 ")
                                        ? new Operate(
                                                rule,
                                                new PostgresOrder.SetSynchronousStandbys(
                                                        Lies.oneLess(names)))
                                        : d),
                PolicyMutant.seeing(
                        "unprepared-promotion",
                        "a candidate that holds the lease leaves /sync and the names as they are",
                        o ->
                                o.lease() != null && o.postgres() instanceof LocalPostgres.Standby
                                        ? Lies.replication(o, ReplicationMode.asynchronous())
                                        : o),
                PolicyMutant.seeing(
                        "sync-off-forgets",
                        "the primary takes synchronous replication for switched off",
                        o ->
                                o.postgres() instanceof LocalPostgres.Primary
                                        ? Lies.replication(o, ReplicationMode.asynchronous())
                                        : o));
    }

    private static WalSender confirmed(WalSender s, Lsn position, boolean quorum) {
        return new WalSender(
                s.applicationName(),
                s.user(),
                s.clientAddress(),
                "streaming",
                quorum ? "quorum" : "sync",
                1,
                position,
                position,
                position);
    }

    // ---- when to stop
    // ------------------------------------------------------------------------------------------

    private static List<Variant> whenToStop() {
        return List.of(
                PolicyMutant.deciding(
                        "never-fences",
                        "a primary that must stop at once goes on",
                        (_, d) ->
                                d instanceof Decision.Fence(var rule)
                                        ? new Decision.Hold(rule, SOON)
                                        : d),
                PolicyMutant.deciding(
                        "outage-ignored",
                        "a primary goes on when the store is silent and its lease ends",
                        (o, d) ->
                                Lies.viewOf(o) == null
                                                && (d instanceof Decision.Fence
                                                        || d
                                                                instanceof
                                                                Begin(_, PostgresTask.Stop _, _))
                                        ? new Decision.Hold(d.rule(), SOON)
                                        : d),
                PolicyMutant.deciding(
                        "releases-before-stopping",
                        "a primary that steps down gives the lease away first",
                        (o, d) ->
                                d instanceof Begin(var rule, PostgresTask.Stop _, _)
                                                && o.lease() != null
                                                && o.postgres() instanceof LocalPostgres.Primary
                                        ? new Coordinate(rule, new CoordinationStep.Release(null))
                                        : d),
                PolicyMutant.deciding(
                        "guard-never-armed",
                        "the guard is told to go",
                        (_, d) ->
                                d instanceof Decision.Guard(var rule, _)
                                        ? new Decision.Guard(rule, false)
                                        : d),
                PolicyMutant.deciding(
                        "never-follows",
                        "standbys are not pointed to a new leader",
                        (o, d) ->
                                d
                                                        instanceof
                                                        Operate(
                                                                var rule,
                                                                PostgresOrder.Follow(
                                                                        var upstream,
                                                                        _))
                                                && !upstream.isNone()
                                        ? new Decision.Hold(rule, SOON)
                                        : d),
                PolicyMutant.deciding(
                        "promotes-at-leisure",
                        "nobody takes a free lease",
                        (o, d) ->
                                d instanceof Coordinate(var rule, CoordinationStep.Acquire _)
                                                && o.postgres() instanceof LocalPostgres.Standby
                                        ? new Decision.Hold(rule, SOON)
                                        : d));
    }

    // ---- what to do with data
    // ----------------------------------------------------------------------------------

    private static List<Variant> whatToDoWithData() {
        return List.of(
                PolicyMutant.deciding(
                        "clones-instead-of-rewinding",
                        "diverged data is thrown away where it could be rewound",
                        (_, d) ->
                                d
                                                instanceof
                                                Begin(
                                                        var rule,
                                                        PostgresTask.Rewind(var source),
                                                        var request)
                                        ? new Begin(
                                                rule,
                                                new PostgresTask.Reinitialize(source, false),
                                                request)
                                        : d),
                PolicyMutant.seeing(
                        "divergence-unseen",
                        "diverged data is taken for sound",
                        o -> Lies.divergence(o, new Divergence.None())),
                PolicyMutant.deciding(
                        "starts-as-primary",
                        "a stopped server always starts as a primary",
                        (_, d) ->
                                d
                                                instanceof
                                                Begin(
                                                        var rule,
                                                        PostgresTask.StartStandby(_, _, var limit),
                                                        var request)
                                        ? new Begin(
                                                rule, new PostgresTask.StartPrimary(limit), request)
                                        : d),
                PolicyMutant.deciding(
                        "history-unpublished",
                        "the primary doesn't tell of its timeline",
                        (_, d) ->
                                d
                                                instanceof
                                                Coordinate(
                                                        var rule,
                                                        CoordinationStep.Write(
                                                                DcsEntry.History _,
                                                                _))
                                        ? new Decision.Hold(rule, SOON)
                                        : d),
                PolicyMutant.deciding(
                        "position-unpublished",
                        "the primary doesn't tell of its position",
                        (_, d) ->
                                d
                                                instanceof
                                                Coordinate(
                                                        var rule,
                                                        CoordinationStep.Write(
                                                                DcsEntry.Status _,
                                                                _))
                                        ? new Decision.Hold(rule, SOON)
                                        : d),
                PolicyMutant.deciding(
                        "initialize-wiped",
                        "a member that begins to lead empties /initialize",
                        (o, d) ->
                                d instanceof Begin(var rule, PostgresTask.Promote _, _)
                                                && isBorn(Lies.viewOf(o))
                                        ? new Coordinate(
                                                rule,
                                                new CoordinationStep.Write(
                                                        new DcsEntry.Initialize(null),
                                                        Precondition.whatever()))
                                        : d));
    }

    private static boolean isBorn(@Nullable ClusterView view) {
        return view != null && view.initialization() instanceof Initialization.Done;
    }
}
