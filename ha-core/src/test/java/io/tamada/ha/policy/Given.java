package io.tamada.ha.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.OperatorRequest;
import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.DcsKey;
import io.tamada.ha.dcs.HeldLease;
import io.tamada.ha.dcs.LeaseGrant;
import io.tamada.ha.dcs.LeaseResult;
import io.tamada.ha.dcs.ScriptedStore;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.ControlData;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.Initialization;
import io.tamada.ha.model.LeaderKey;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.MemberSettings;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.model.PendingRestart;
import io.tamada.ha.model.Revision;
import io.tamada.ha.model.SlotFacts;
import io.tamada.ha.model.SyncState;
import io.tamada.ha.model.SystemId;
import io.tamada.ha.model.Tags;
import io.tamada.ha.model.Timeline;
import io.tamada.ha.model.TimelineHistory;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.model.Versioned;
import io.tamada.ha.model.WalSender;
import io.tamada.ha.port.Divergence;
import io.tamada.ha.port.OrderResult;
import io.tamada.ha.port.PeerClient.Consent;
import io.tamada.ha.port.PeerClient.FailsafePing;
import io.tamada.ha.port.PostgresOrder;
import io.tamada.ha.port.PostgresTask;
import io.tamada.ha.port.TaskResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What member `a` of a cluster of `a`, `b` and `c` sees. It begins with everything in order: `b`
/// leads on the first timeline, `a` and `c` stream from it, all are at position 1000. A test says
/// what is different, and then has `a` take a turn.
final class Given {

    static final SystemId SYSTEM = new SystemId("7000000000000000001");
    static final SystemId FOREIGN = new SystemId("7000000000000000002");
    static final MemberName A = MemberName.of("a");
    static final MemberName B = MemberName.of("b");
    static final MemberName C = MemberName.of("c");
    static final Duration TTL = Duration.ofSeconds(30);
    static final Instant WALL = Instant.parse("2040-01-01T12:00:00Z");
    static final Instant POSTMASTER_START = Instant.parse("2040-01-01T00:00:00Z");

    private static final int ROUNDS_MAX = 40;

    long now = Duration.ofHours(1).toNanos();
    MemberSettings me =
            new MemberSettings(A, api("a"), conn("a"), Tags.NONE, true, true, false, false, false);
    private final Map<String, Object> config = new LinkedHashMap<>();
    private @Nullable String silence;
    ClusterView view;
    LocalPostgres postgres;
    private @Nullable HeldLease lease;
    private boolean leaseRefused;
    private TaskView task = TaskView.IDLE;
    private List<PendingRequest> requests = new ArrayList<>();
    private boolean watchdogHealthy = true;
    private boolean watchdogCanBeHad = true;
    private @Nullable FailsafePromise ping;
    private boolean leaving;
    private Evidence evidence = Evidence.NONE;
    private Memory memory;
    private boolean configured = true;

    private final Map<MemberName, PeerAnswer> peers = new HashMap<>();
    private final Map<MemberName, Consent> consents = new HashMap<>();
    private Divergence divergence = new Divergence.None();
    private final Map<Rule, WriteResult> writes = new HashMap<>();
    private final Map<Rule, LeaseResult> leases = new HashMap<>();
    private final Map<Rule, OrderResult> orders = new HashMap<>();

    private Given() {
        Map<String, Object> postgresql = new LinkedHashMap<>();
        postgresql.put("use_slots", false);
        config.put("postgresql", postgresql);
        view =
                ClusterView.builder()
                        .initialized(SYSTEM)
                        .leader(B)
                        .member(member("a").build())
                        .member(
                                member("b")
                                        .role(MemberRole.PRIMARY)
                                        .timeline(Timeline.FIRST)
                                        .build())
                        .member(member("c").build())
                        .status(
                                new io.tamada.ha.model.ClusterStatus(
                                        Lsn.of(1000), Map.of(), java.util.Set.of()))
                        .build();
        postgres = streaming(1, 1000, Upstreams.ofMember(view.member(B)));
        Memory.Draft draft = Memory.EMPTY.edit();
        draft.lastHealthy = view;
        draft.firstTurnNanos = 0L;
        draft.rewind = new RewindState.NotNeeded();
        memory = draft.build();
    }

    static Given given() {
        return new Given();
    }

    static String api(String name) {
        return "http://" + name + ":8008/patroni";
    }

    static String conn(String name) {
        return "postgres://" + name + ":5432/postgres";
    }

    static MemberStatus.Builder member(String name) {
        return MemberStatus.builder(MemberName.of(name)).apiUrl(api(name)).connUrl(conn(name));
    }

    static Upstream.Member upstreamOf(String name) {
        return new Upstream.Member(MemberName.of(name), conn(name));
    }

    // ---- the cluster
    // -------------------------------------------------------------------------------------------

    Given store(UnaryOperator<ClusterView.Builder> change) {
        view = change.apply(view.toBuilder()).build();
        return this;
    }

    /// As before, and the last view with a leader shows the same.
    Given knownStore(UnaryOperator<ClusterView.Builder> change) {
        store(change);
        ClusterView before = memory.lastHealthy();
        if (before != null) {
            remember(m -> m.lastHealthy = change.apply(before.toBuilder()).build());
        }
        return this;
    }

    Given member(String name, UnaryOperator<MemberStatus.Builder> change) {
        MemberStatus status = view.member(MemberName.of(name));
        MemberStatus.Builder builder = status == null ? member(name) : status.toBuilder();
        return knownStore(v -> v.member(change.apply(builder).build()));
    }

    Given without(String name) {
        return knownStore(v -> v.withoutMember(MemberName.of(name)));
    }

    Given config(String key, Object value) {
        config.put(key, value);
        return this;
    }

    Given paused() {
        remember(m -> m.wasPaused = true);
        return config("pause", true);
    }

    Given standbyCluster() {
        return config("standby_cluster", Map.of("host", "far", "port", 5432));
    }

    Given sync(String leader, String voters, int quorum) {
        return knownStore(v ->
                v.sync(SyncState.of(MemberName.of(leader), QuorumWorld.members(voters), quorum)));
    }

    Given optime(long position) {
        return store(v -> v.status(view.status().withOptime(Lsn.of(position))));
    }

    /// The cluster's history: each timeline ended at the position given for it.
    Given history(long... ends) {
        List<TimelineHistory.Switch> switches = new ArrayList<>();
        for (int i = 0; i < ends.length; i++) {
            switches.add(
                    new TimelineHistory.Switch(
                            Timeline.of(i + 1), Lsn.of(ends[i]), "why", "when", "who"));
        }
        return store(v -> v.history(new TimelineHistory(switches)));
    }

    Given failoverTo(String candidate) {
        return store(v -> v.failover(new FailoverRequest.Failover(MemberName.of(candidate))));
    }

    Given switchover(String leader, @Nullable String candidate) {
        return switchover(leader, candidate, null);
    }

    Given switchover(String leader, @Nullable String candidate, @Nullable Instant at) {
        return store(v ->
                v.failover(
                        new FailoverRequest.Switchover(
                                MemberName.of(leader),
                                candidate == null ? null : MemberName.of(candidate),
                                at == null
                                        ? null
                                        : new FailoverRequest.Schedule(at.toString(), at))));
    }

    Given initialization(Initialization value) {
        return store(v -> v.initialization(value));
    }

    Given leader(@Nullable String name) {
        return store(
                v -> name == null ? v.leader(LeaderKey.free()) : v.leader(MemberName.of(name)));
    }

    /// The leader key is gone; my receiver has been stopped already, so that my position is final.
    Given nobodyLeads() {
        leader(null);
        postgres = standby(1, 1000, Upstream.none(), null);
        return remember(m -> {
            m.generation = "b@b";
            m.backoffSinceNanos = now;
        });
    }

    Given storeSilent() {
        silence = "timeout";
        return this;
    }

    // ---- me
    // ----------------------------------------------------------------------------------------------------

    Given tag(String name, Object value) {
        Map<String, Object> tags = new LinkedHashMap<>(me.tags().all());
        tags.put(name, value);
        me = me.withTags(new Tags(tags));
        return this;
    }

    Given settings(UnaryOperator<MemberSettings> change) {
        me = change.apply(me);
        return this;
    }

    /// I hold the lease, freshly renewed.
    Given iLead() {
        return iLeadFor(TTL);
    }

    /// I hold the lease, and this much of it is left.
    Given iLeadFor(Duration left) {
        knownStore(v -> v.leader(A));
        lease = ScriptedStore.lease(A, TTL, now + left.toNanos());
        return this;
    }

    Given noLease() {
        lease = null;
        return this;
    }

    Given leaseRefused() {
        leaseRefused = true;
        lease = null;
        return this;
    }

    Given postgres(LocalPostgres value) {
        postgres = value;
        return this;
    }

    /// A primary that needs nothing.
    Given primary() {
        return primary(1, 1000);
    }

    Given primary(int timeline, long position) {
        return primary(timeline, position, "");
    }

    Given primary(int timeline, long position, String synchronousStandbys, WalSender... senders) {
        postgres =
                new LocalPostgres.Primary(
                        server(timeline, List.of(senders), Map.of()),
                        Lsn.of(position),
                        synchronousStandbys,
                        "on",
                        null,
                        true);
        return this;
    }

    static LocalPostgres.Server server(
            int timeline, List<WalSender> senders, Map<String, SlotFacts> slots) {
        return new LocalPostgres.Server(
                SYSTEM,
                150_004,
                POSTMASTER_START,
                timeline == 0 ? null : Timeline.of(timeline),
                true,
                PendingRestart.NONE,
                senders,
                slots);
    }

    static WalSender sender(String name, String syncState, long position) {
        Lsn at = Lsn.of(position);
        return new WalSender(name, "replicator", null, "streaming", syncState, 1, at, at, at);
    }

    static LocalPostgres.Standby standby(
            int timeline, long position, @Nullable Upstream upstream, @Nullable String state) {
        return new LocalPostgres.Standby(
                server(timeline, List.of(), Map.of()),
                Lsn.of(position),
                Lsn.of(position),
                null,
                false,
                state,
                upstream,
                null);
    }

    static LocalPostgres.Standby streaming(int timeline, long position, Upstream upstream) {
        return standby(timeline, position, upstream, "streaming");
    }

    static ControlData control(ControlData.State state, int timeline) {
        return new ControlData(
                SYSTEM, state, Lsn.of(1000), Timeline.of(timeline), null, null, true, null);
    }

    /// Cleanly shut down as a primary: the shutdown checkpoint lies at 1000, 990 is published.
    static ControlData shutDown() {
        return new ControlData(
                SYSTEM,
                ControlData.State.SHUT_DOWN,
                Lsn.of(1000),
                Timeline.FIRST,
                null,
                null,
                true,
                new ControlData.Shutdown(Lsn.of(1000), Lsn.of(990)));
    }

    Given down(ControlData.State state) {
        return down(control(state, 1));
    }

    Given down(@Nullable ControlData control) {
        return postgres(new LocalPostgres.Stopped(control, true, false, false, null));
    }

    Given standbyDown() {
        return postgres(
                new LocalPostgres.Stopped(
                        control(ControlData.State.SHUT_DOWN_IN_RECOVERY, 1),
                        false,
                        true,
                        false,
                        null));
    }

    Given noData() {
        return postgres(new LocalPostgres.NoData(null));
    }

    Given starting(boolean asStandby, Duration elapsed) {
        return postgres(new LocalPostgres.Starting(null, asStandby, null, elapsed));
    }

    Given startingFrom(Upstream upstream) {
        return postgres(new LocalPostgres.Starting(null, true, upstream, Duration.ofSeconds(1)));
    }

    Given stoppingPrimary(@Nullable ControlData control) {
        return postgres(new LocalPostgres.Stopping(control, true));
    }

    Given unresponsive(boolean wasPrimary, Duration elapsed) {
        return postgres(
                new LocalPostgres.Unresponsive(null, wasPrimary, elapsed, "connection refused"));
    }

    Given running(PostgresTask value) {
        return running(value, Duration.ofSeconds(1), false);
    }

    Given running(PostgresTask value, Duration elapsed, boolean cancelled) {
        task = new TaskView.Running(value, elapsed, cancelled);
        return this;
    }

    Given ended(PostgresTask value, TaskResult result) {
        task = new TaskView.Ended(value, result);
        return this;
    }

    Given idle() {
        task = TaskView.IDLE;
        return this;
    }

    Given request(OperatorRequest request) {
        requests.add(new PendingRequest(requests.size() + 1, request));
        return this;
    }

    Given watchdogUnhealthy() {
        watchdogHealthy = false;
        return this;
    }

    Given watchdogFails() {
        watchdogCanBeHad = false;
        return this;
    }

    /// A primary said this long ago that it goes on without the store.
    Given promised(String leader, Duration ago) {
        ping =
                new FailsafePromise(
                        new FailsafePing(
                                MemberName.of(leader), conn(leader), api(leader), Map.of()),
                        now - ago.toNanos());
        return this;
    }

    Given leaving() {
        leaving = true;
        return this;
    }

    Given remember(Consumer<Memory.Draft> change) {
        Memory.Draft draft = memory.edit();
        change.accept(draft);
        memory = draft.build();
        return this;
    }

    Given rewind(RewindState state) {
        return remember(m -> m.rewind = state);
    }

    Given steppingDown(
            SteppingDown.Why why, @Nullable String candidate, Duration ago, boolean released) {
        long since = now - ago.toNanos();
        return remember(m ->
                m.steppingDown =
                        new SteppingDown(
                                why,
                                candidate == null ? null : MemberName.of(candidate),
                                since,
                                released ? since : null));
    }

    Given notConfigured() {
        configured = false;
        return this;
    }

    Given later(Duration by) {
        now += by.toNanos();
        return this;
    }

    // ---- what comes of what is done
    // ----------------------------------------------------------------------------

    Given peer(String name, Answers answer) {
        peers.put(MemberName.of(name), answer.said());
        return this;
    }

    Given consents(String name) {
        consents.put(MemberName.of(name), new Consent.Accepted(null));
        return this;
    }

    Given compared(Divergence result) {
        divergence = result;
        return this;
    }

    Given storeSays(Rule rule, WriteResult result) {
        writes.put(rule, result);
        return this;
    }

    Given refuses(Rule rule) {
        return storeSays(rule, new WriteResult.Refused("not as expected"));
    }

    Given leaseSays(Rule rule, LeaseResult result) {
        leases.put(rule, result);
        return this;
    }

    Given deniesLease(Rule rule) {
        return leaseSays(rule, new LeaseResult.Refused("another has it"));
    }

    Given orderEnds(Rule rule, OrderResult result) {
        orders.put(rule, result);
        return this;
    }

    // ---- the turn
    // ----------------------------------------------------------------------------------------------

    Observation observation() {
        ClusterSettings settings = ClusterSettings.of(ConfigDocument.of(config));
        assertThat(settings.problems()).isEmpty();
        ConfigDocument document = ConfigDocument.of(config);
        if (view.config() == null && !configMissing) {
            view = view.toBuilder().config(new Versioned<>(document, Revision.of(1))).build();
        }
        if (configured) {
            remember(m -> m.configured = settings);
        }
        return new Observation(
                me,
                settings,
                document,
                silence == null ? new StoreAnswer.Seen(view) : new StoreAnswer.Silent(silence),
                new ScriptedStore().capabilities(),
                postgres,
                lease,
                leaseRefused,
                task,
                requests,
                watchdogHealthy,
                ping,
                leaving,
                evidence,
                memory,
                now,
                WALL);
    }

    private boolean configMissing;

    Given configMissing() {
        configMissing = true;
        return this;
    }

    /// Decides once.
    Step decide() {
        Observation seen = observation();
        Step step = new HaPolicy().decide(seen);
        assertThat(new HaPolicy().decide(seen)).as("the same again").isEqualTo(step);
        RuleHits.note(step.decision().rule());
        assertLawful(step.decision());
        return step;
    }

    /// What no decision may ever be.
    private void assertLawful(Decision decision) {
        if (decision instanceof Decision.Begin(_, PostgresTask begun, _)) {
            assertThat(task)
                    .as("%s while another runs", begun)
                    .isNotInstanceOf(TaskView.Running.class);
            boolean needsLease =
                    begun instanceof PostgresTask.Promote
                            || begun instanceof PostgresTask.StartPrimary;
            assertThat(!needsLease || lease != null).as("%s without the lease", begun).isTrue();
        }
        if (decision instanceof Decision.Hold(_, Duration atMost)) {
            assertThat(atMost).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(10));
        }
    }

    /// Decides, does what can be done at once, and decides again, until there is something to wait
    /// for.
    Turn turn() {
        List<Step> steps = new ArrayList<>();
        evidence = Evidence.NONE;
        for (int round = 0; round < ROUNDS_MAX; round++) {
            Step step = decide();
            steps.add(step);
            memory = step.memory();
            configured = false;
            if (task instanceof TaskView.Ended) {
                task = TaskView.IDLE;
            }
            Outcome outcome = done(step.decision());
            if (outcome == null) {
                evidence = Evidence.NONE;
                return new Turn(steps, this);
            }
            evidence = evidence.with(step.decision().rule(), outcome);
        }
        throw new AssertionError("no end: " + new Turn(steps, this).rules());
    }

    /// @return null where a new look has to show what came of it
    private @Nullable Outcome done(Decision decision) {
        return switch (decision) {
            case Decision.Hold _,
                    Decision.Begin _,
                    Decision.Cancel _,
                    Decision.Fence _,
                    Decision.Answer _,
                    Decision.Exit _ ->
                    null;
            case Decision.AskPeers(_, var asked) -> {
                Map<MemberName, PeerAnswer> answers = new HashMap<>();
                asked.forEach(p ->
                        answers.put(
                                p.name(),
                                peers.getOrDefault(p.name(), new PeerAnswer.Silent("timeout"))));
                evidence = evidence.withPeers(answers);
                yield Outcome.NONE;
            }
            case Decision.AskConsent(_, var asked) -> {
                Map<MemberName, Consent> answers = new HashMap<>();
                asked.forEach(p ->
                        answers.put(
                                p.name(),
                                consents.getOrDefault(p.name(), new Consent.Denied("timeout"))));
                evidence = evidence.withConsents(answers);
                yield Outcome.NONE;
            }
            case Decision.Compare(_, Upstream source) -> {
                evidence = evidence.withDivergence(source, divergence);
                yield Outcome.NONE;
            }
            case Decision.Operate(Rule rule, var order) -> {
                OrderResult result = orders.getOrDefault(rule, OrderResult.DONE);
                if (result instanceof OrderResult.Done
                        && order instanceof PostgresOrder.SetSynchronousStandbys(String names)
                        && postgres instanceof LocalPostgres.Primary p) {
                    postgres =
                            new LocalPostgres.Primary(
                                    p.server(),
                                    p.position(),
                                    names,
                                    p.synchronousCommit(),
                                    p.history(),
                                    p.checkpointed());
                }
                yield new Outcome.OfOrder(result);
            }
            case Decision.Guard(_, boolean on) -> new Outcome.OfGuard(!on || watchdogCanBeHad);
            case Decision.Coordinate(Rule rule, CoordinationStep step) -> coordinated(rule, step);
        };
    }

    private Outcome coordinated(Rule rule, CoordinationStep step) {
        WriteResult result = writes.getOrDefault(rule, new WriteResult.Applied(Revision.of(2)));
        return switch (step) {
            case CoordinationStep.Acquire _ -> {
                LeaseGrant grant = new LeaseGrant(A, Revision.of(2), "a", TTL);
                LeaseResult answer = leases.getOrDefault(rule, new LeaseResult.Granted(grant));
                if (answer instanceof LeaseResult.Granted) {
                    lease = ScriptedStore.lease(A, TTL, now + TTL.toNanos());
                    leader("a");
                }
                yield new Outcome.OfLease(answer);
            }
            case CoordinationStep.Release _ -> {
                lease = null;
                if (result.isApplied()) {
                    leader(null);
                }
                yield new Outcome.OfWrite(result);
            }
            case CoordinationStep.Abandon _ -> {
                lease = null;
                yield Outcome.NONE;
            }
            case CoordinationStep.Write(DcsEntry entry, _) -> {
                if (result.isApplied()) {
                    store(v -> written(v, entry));
                }
                yield new Outcome.OfWrite(result);
            }
            case CoordinationStep.Delete(DcsKey key, _) -> {
                if (result.isApplied() && key.equals(DcsKey.SYNC)) {
                    store(v -> v.sync(new Versioned<>(SyncState.EMPTY, ClusterView.ABSENT)));
                }
                if (result.isApplied() && key.equals(DcsKey.INITIALIZE)) {
                    store(v -> v.initialization(new Initialization.Absent()));
                }
                yield new Outcome.OfWrite(result);
            }
        };
    }

    private static ClusterView.Builder written(ClusterView.Builder v, DcsEntry entry) {
        Revision revision = Revision.of(2);
        return switch (entry) {
            case DcsEntry.Initialize(var id) ->
                    v.initialization(
                            id == null
                                    ? new Initialization.InProgress()
                                    : new Initialization.Done(id));
            case DcsEntry.Config(var document) -> v.config(new Versioned<>(document, revision));
            case DcsEntry.Status(var status) -> v.status(status);
            case DcsEntry.Sync(var state) -> v.sync(new Versioned<>(state, revision));
            case DcsEntry.Failover(var request) ->
                    v.failover(request == null ? null : new Versioned<>(request, revision));
            case DcsEntry.History(var history) -> v.history(history);
            case DcsEntry.Failsafe(var members) -> v.failsafe(members);
            case DcsEntry.Member(var status) -> v.member(status);
        };
    }
}
