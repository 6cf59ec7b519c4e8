package io.tamada.ha.runtime;

import io.tamada.ha.HaEvent;
import io.tamada.ha.HaListener;
import io.tamada.ha.HaStatus;
import io.tamada.ha.dcs.HeldLease;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.PendingRestart;
import io.tamada.ha.model.PostgresState;
import io.tamada.ha.model.Tags;
import io.tamada.ha.policy.Alarm;
import io.tamada.ha.policy.Memory;
import io.tamada.ha.policy.Observation;
import io.tamada.ha.policy.Step;
import io.tamada.ha.policy.StoreAnswer;
import io.tamada.ha.policy.TaskView;
import io.tamada.ha.port.Mailbox;
import io.tamada.ha.port.Mailbox.WakeReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Where the loop leaves what others may know: the snapshot, the member's own key, events.
final class StatusBoard {

    private static final System.Logger LOG = System.getLogger("io.tamada.ha");

    /// What members of a mixed cluster take us for: it decides which of their compatibility
    /// switches are on.
    static final String COMPATIBLE_VERSION = "4.1.4";

    private final World world;
    private final Observer observer;
    private final TaskSlot tasks;
    private final Journal journal;
    private final MemberPublisher publisher;
    private final String software;
    private final List<HaListener> listeners = new CopyOnWriteArrayList<>();

    private final List<Mailbox> waiting = new CopyOnWriteArrayList<>();

    // Written by the loop alone.
    private final AtomicLong turnBegun = new AtomicLong();
    private volatile long turnPublished;
    private volatile HaStatus status;
    private volatile long consentUntilNanos;

    StatusBoard(World world, Observer observer, TaskSlot tasks, Journal journal, String software) {
        this.world = world;
        this.observer = observer;
        this.tasks = tasks;
        this.journal = journal;
        this.software = software;
        this.publisher = new MemberPublisher(world.store(), world.time());
        this.status = before();
    }

    private HaStatus before() {
        long now = world.time().nanos();
        return new HaStatus(
                world.scope(),
                observer.me(),
                observer.me().tags(),
                observer.settings(),
                null,
                now,
                null,
                false,
                new LocalPostgres.NoData("not looked at yet"),
                PostgresState.STOPPED,
                MemberRole.UNINITIALIZED,
                null,
                PendingRestart.NONE,
                null,
                null,
                false,
                false,
                null,
                null,
                null,
                null,
                "",
                "starting",
                now,
                now,
                Map.of());
    }

    HaStatus status() {
        return status;
    }

    /// Waits for the snapshot of a turn that has not begun yet.
    ///
    /// A position that is final already does not change, so it is not waited for.
    HaStatus fresh(Duration atMost, Runnable wake) throws InterruptedException {
        if (status.generation() != null) {
            return status;
        }
        Mailbox news = world.mailboxes().get();
        waiting.add(news);
        try {
            long wanted = turnBegun.get() + 1;
            wake.run();
            long until = world.time().nanos() + atMost.toNanos();
            while (turnPublished < wanted && until - world.time().nanos() > 0) {
                var _ = news.await(until);
            }
        } finally {
            waiting.remove(news);
        }
        return status;
    }

    /// A turn begins: what it will publish is newer than now.
    void turnBegins() {
        turnBegun.incrementAndGet();
    }

    private void show(HaStatus now) {
        status = now;
        turnPublished = turnBegun.get();
        waiting.forEach(news -> news.post(WakeReason.REQUEST));
    }

    /// Until when the others let us lead without the store; 0 for never.
    long consentUntilNanos() {
        return consentUntilNanos;
    }

    Subscription listen(HaListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    // ---- the end of a turn
    // -------------------------------------------------------------------------------------

    void publish(Observation seen, Step step, long nextLook) throws InterruptedException {
        Memory memory = step.memory();
        consentUntilNanos = memory.consentUntilNanos();
        HaStatus before = status;
        HaStatus now = snapshot(seen, step, memory, nextLook);
        show(now);
        if (seen.store() instanceof StoreAnswer.Seen(ClusterView view)) {
            var timings = seen.settings().timings();
            publisher.publish(
                    view,
                    member(now, seen),
                    seen.lease() != null,
                    timings.ttl(),
                    timings.loopWait(),
                    observer.deadlines().store(seen.settings(), seen.lease()));
        }
        tell(before, now);
    }

    private HaStatus snapshot(Observation seen, Step step, Memory memory, long nextLook) {
        LocalPostgres postgres = observer.postgres();
        boolean leads = seen.lease() != null;
        LocalPostgres.Server server = postgres.running();
        Tags tags =
                memory.syncDutyReleasedAtNanos() == null
                        ? seen.me().tags()
                        : seen.me().tags().withoutSyncDuty();
        TaskView task = tasks.view();
        return new HaStatus(
                world.scope(),
                seen.me(),
                tags,
                seen.settings(),
                observer.lastView(),
                observer.lastViewNanos(),
                observer.lastViewWall(),
                seen.store() instanceof StoreAnswer.Seen,
                postgres,
                Describe.state(postgres, task, tasks.state()),
                Describe.role(postgres, leads, seen.settings().isStandbyCluster()),
                postgres.systemId(),
                server == null ? PendingRestart.NONE : server.pendingRestart(),
                memory.scheduledRestart(),
                edge(memory),
                memory.consentUntilNanos() != 0 || promiseRuns(seen),
                !seen.watchdogHealthy(),
                Alarm.of(seen, memory),
                memory.generation(),
                task instanceof TaskView.Running(var running, _, _) ? running.title() : null,
                tasks.detail(),
                step.decision().rule().label(),
                step.says(),
                world.time().nanos(),
                nextLook,
                journal.counts());
    }

    private @Nullable Long edge(Memory memory) {
        HeldLease lease = world.keeper().current();
        if (lease != null) {
            return lease.edgeNanos();
        }
        return memory.consentUntilNanos() == 0 ? null : Long.valueOf(memory.consentUntilNanos());
    }

    private boolean promiseRuns(Observation seen) {
        var promise = seen.ping();
        return promise != null
                && seen.store() instanceof StoreAnswer.Silent
                && seen.now() - promise.atNanos() < seen.settings().timings().ttl().toNanos();
    }

    // ---- the member's own key
    // ----------------------------------------------------------------------------------

    private MemberStatus member(HaStatus now, Observation seen) {
        MemberStatus.Builder b =
                MemberStatus.builder(seen.me().name())
                        .connUrl(seen.me().connUrl())
                        .apiUrl(seen.me().apiUrl())
                        .state(now.state())
                        .role(now.role())
                        .version(COMPATIBLE_VERSION)
                        .tags(now.tags().published())
                        .pendingRestart(now.pendingRestart())
                        .scheduledRestart(now.scheduledRestart())
                        .paused(seen.settings().paused())
                        .extra(own(now));
        switch (now.postgres()) {
            case LocalPostgres.Primary p ->
                    b.position(p.position())
                            .timeline(p.server().timeline())
                            .checkpointAfterPromote(p.checkpointed() ? null : Boolean.FALSE);
            case LocalPostgres.Standby s ->
                    b.position(s.position())
                            .received(known(s.received()))
                            .replayed(known(s.replayed()))
                            .replicationState(s.replicationState())
                            .timeline(s.server().timeline());
            case LocalPostgres.NoData _,
                    LocalPostgres.Stopped _,
                    LocalPostgres.Starting _,
                    LocalPostgres.Stopping _,
                    LocalPostgres.Unresponsive _ -> {
                // Nothing is known of positions.
            }
        }
        return b.build();
    }

    /// What only this software publishes.
    private ConfigDocument own(HaStatus now) {
        return ConfigDocument.of(
                now.alarm() == null
                        ? Map.of("software", software)
                        : Map.of("software", software, MemberStatus.ALARM, now.alarm()));
    }

    private static @Nullable Lsn known(Lsn position) {
        return position.isZero() ? null : position;
    }

    // ---- events
    // ------------------------------------------------------------------------------------------------

    void taskEnded(TaskView.Ended ended) {
        tell(
                new HaEvent.TaskEnded(
                        world.time().wall(), ended.task().title(), String.valueOf(ended.result())));
    }

    private void tell(HaStatus before, HaStatus now) {
        Instant at = world.time().wall();
        if (before.role() != now.role()) {
            tell(new HaEvent.RoleChanged(at, before.role(), now.role()));
        }
        if (before.state() != now.state()) {
            tell(new HaEvent.StateChanged(at, before.state(), now.state()));
        }
        if (!Objects.equals(leader(before), leader(now))) {
            tell(new HaEvent.LeaderChanged(at, leader(now)));
        }
        tellOfMembers(at, before.view(), now.view());
        if (before.leaseEdgeNanos() == null && now.leaseEdgeNanos() != null) {
            tell(new HaEvent.LeaseAcquired(at));
        }
        if (before.leaseEdgeNanos() != null && now.leaseEdgeNanos() == null) {
            tell(new HaEvent.LeaseLost(at, now.decision()));
        }
        if (before.storeReachable() && !now.storeReachable()) {
            tell(new HaEvent.StoreSilent(at, now.decision()));
        }
        if (!before.storeReachable() && now.storeReachable()) {
            tell(new HaEvent.StoreBack(at));
        }
        ClusterSettings settings = now.settings();
        if (!before.settings().equals(settings)) {
            settings.problems()
                    .forEach(p -> LOG.log(System.Logger.Level.WARNING, "configuration: " + p));
            tell(new HaEvent.ConfigChanged(at, settings));
        }
        if (!before.rule().equals(now.rule())) {
            tell(new HaEvent.Decided(at, now.rule(), now.decision()));
        }
    }

    @SuppressWarnings("ReferenceEquality") // the same view says the same; equal ones are compared
    private void tellOfMembers(
            Instant at, @Nullable ClusterView before, @Nullable ClusterView now) {
        if (now == null || now == before) {
            return;
        }
        Map<MemberName, MemberStatus> known = before == null ? Map.of() : before.members();
        now.members()
                .forEach((name, member) -> {
                    MemberStatus last = known.get(name);
                    String state = stateWord(member);
                    if (last == null
                            || !last.role().equals(member.role())
                            || !stateWord(last).equals(state)) {
                        tell(new HaEvent.MemberChanged(at, name, member.role(), state));
                    }
                });
        known.keySet().stream()
                .filter(name -> !now.members().containsKey(name))
                .forEach(name -> tell(new HaEvent.MemberChanged(at, name, null, null)));
    }

    private static String stateWord(MemberStatus member) {
        String streaming = member.replicationState();
        return streaming == null || streaming.isEmpty() ? member.state() : streaming;
    }

    private static @Nullable MemberName leader(HaStatus s) {
        return s.view() == null ? null : s.view().leaderName();
    }

    private void tell(HaEvent event) {
        for (HaListener listener : listeners) {
            try {
                listener.on(event);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "a listener broke on " + event, e);
            }
        }
    }
}
