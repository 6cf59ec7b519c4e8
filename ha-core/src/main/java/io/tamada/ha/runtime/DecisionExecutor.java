package io.tamada.ha.runtime;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.DcsKey;
import io.tamada.ha.dcs.HeldLease;
import io.tamada.ha.dcs.LeaseGrant;
import io.tamada.ha.dcs.LeaseRequest;
import io.tamada.ha.dcs.LeaseResult;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ClusterStatus;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberSettings;
import io.tamada.ha.model.Revision;
import io.tamada.ha.model.SlotNames;
import io.tamada.ha.model.Upstream;
import io.tamada.ha.policy.CoordinationStep;
import io.tamada.ha.policy.Decision;
import io.tamada.ha.policy.Evidence;
import io.tamada.ha.policy.Observation;
import io.tamada.ha.policy.Outcome;
import io.tamada.ha.policy.StoreAnswer;
import io.tamada.ha.port.Mailbox.WakeReason;
import io.tamada.ha.port.PeerClient;
import io.tamada.ha.time.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Does one decision, and says what came of it.
final class DecisionExecutor {

    private static final Duration FENCE = Duration.ofSeconds(5);

    private final World world;
    private final Observer observer;
    private final TaskSlot tasks;
    private final Requests requests;

    DecisionExecutor(World world, Observer observer, TaskSlot tasks, Requests requests) {
        this.world = world;
        this.observer = observer;
        this.tasks = tasks;
        this.requests = requests;
    }

    /// @return the evidence for the next round of this turn
    Evidence execute(Decision decision, Observation seen) throws InterruptedException {
        Evidence evidence = seen.evidence();
        Outcome outcome =
                switch (decision) {
                    case Decision.AskPeers ask -> {
                        evidence = evidence.withPeers(world.peers().ask(ask.peers(), peers(seen)));
                        yield Outcome.NONE;
                    }
                    case Decision.AskConsent ask -> {
                        evidence =
                                evidence.withConsents(
                                        world.peers()
                                                .failsafe(ping(seen), ask.peers(), peers(seen)));
                        yield Outcome.NONE;
                    }
                    case Decision.Compare(_, Upstream source) -> {
                        evidence =
                                evidence.withDivergence(
                                        source,
                                        world.postgres().divergenceFrom(source, peers(seen)));
                        yield Outcome.NONE;
                    }
                    case Decision.Coordinate(_, CoordinationStep step) -> coordinate(step, seen);
                    case Decision.Operate(_, var order) -> {
                        observer.postgresChanged();
                        yield new Outcome.OfOrder(world.postgres().apply(order, deadline(seen)));
                    }
                    case Decision.Begin begin -> begin(begin);
                    case Decision.Cancel _ -> {
                        tasks.cancel();
                        yield Outcome.NONE;
                    }
                    case Decision.Fence _ -> fence();
                    case Decision.Guard(_, boolean on) -> new Outcome.OfGuard(guard(on, seen));
                    case Decision.Answer(_, long id, var answer) -> {
                        requests.answer(id, answer);
                        yield Outcome.NONE;
                    }
                    case Decision.Hold _, Decision.Exit _ ->
                            throw new IllegalStateException("the loop itself does " + decision);
                };
        return evidence.with(decision.rule(), outcome);
    }

    // ---- PostgreSQL
    // --------------------------------------------------------------------------------------------

    private Outcome begin(Decision.Begin begin) {
        observer.postgresChanged();
        tasks.begin(begin.task());
        Long request = begin.request();
        if (request != null) {
            requests.begun(request);
        }
        return Outcome.NONE;
    }

    private Outcome fence() throws InterruptedException {
        observer.postgresChanged();
        tasks.cancel();
        boolean certain = world.postgres().fence(Deadline.after(world.time(), FENCE));
        var _ = tasks.awaitEnd(FENCE);
        return new Outcome.OfFence(certain);
    }

    private boolean guard(boolean on, Observation seen) {
        if (!on) {
            world.watchdog().disable();
            return true;
        }
        var timings = seen.settings().timings();
        return world.watchdog().activate(timings.ttl(), timings.loopWait());
    }

    // ---- store
    // -------------------------------------------------------------------------------------------------

    private Outcome coordinate(CoordinationStep step, Observation seen)
            throws InterruptedException {
        return switch (step) {
            case CoordinationStep.Acquire(LeaseRequest.Mode mode) ->
                    new Outcome.OfLease(acquire(mode, seen));
            case CoordinationStep.Release(Lsn position) ->
                    new Outcome.OfWrite(release(position, seen));
            case CoordinationStep.Abandon() -> {
                world.keeper().abandon();
                yield Outcome.NONE;
            }
            case CoordinationStep.Write(DcsEntry entry, Precondition when) ->
                    new Outcome.OfWrite(write(entry, when, seen));
            case CoordinationStep.Delete(DcsKey key, Precondition when) -> {
                WriteResult result = world.store().delete(key, when, deadline(seen));
                if (result.isApplied()) {
                    observer.updateView(view -> ViewUpdate.deleted(view, key));
                }
                yield new Outcome.OfWrite(result);
            }
        };
    }

    private LeaseResult acquire(LeaseRequest.Mode mode, Observation seen)
            throws InterruptedException {
        Duration ttl = seen.settings().timings().ttl();
        LeaseResult result =
                world.keeper()
                        .acquire(new LeaseRequest(seen.me().name(), ttl, mode), deadline(seen));
        if (result instanceof LeaseResult.Granted(LeaseGrant grant)) {
            observer.updateView(view -> ViewUpdate.leading(view, grant));
            HeldLease lease = world.keeper().current();
            if (lease != null) {
                world.watchdog().keepAlive(lease.edgeNanos());
            }
            world.renewals().post(WakeReason.LEASE);
        }
        return result;
    }

    /// The position goes first: whoever takes over has to know how much there is to have.
    private WriteResult release(@Nullable Lsn position, Observation seen)
            throws InterruptedException {
        Deadline by = deadline(seen);
        if (position != null && seen.store() instanceof StoreAnswer.Seen(var view)) {
            ClusterStatus status = view.status().withOptime(position);
            WriteResult told =
                    world.store().write(new DcsEntry.Status(status), Precondition.whatever(), by);
            if (told.isApplied()) {
                observer.updateView(v -> ViewUpdate.positioned(v, position));
            }
        }
        WriteResult result = world.keeper().release(by);
        if (result.isApplied()) {
            observer.updateView(ViewUpdate::released);
        }
        return result;
    }

    private WriteResult write(DcsEntry entry, Precondition when, Observation seen)
            throws InterruptedException {
        WriteResult result = world.store().write(entry, when, deadline(seen));
        if (result instanceof WriteResult.Applied(Revision revision)) {
            observer.updateView(view -> ViewUpdate.written(view, entry, revision));
        }
        return result;
    }

    // ---- peers
    // -------------------------------------------------------------------------------------------------

    private static PeerClient.FailsafePing ping(Observation seen) {
        MemberSettings me = seen.me();
        Map<String, Lsn> slots = new HashMap<>();
        LocalPostgres.Server server = seen.postgres().running();
        if (server != null) {
            server.slots()
                    .forEach((name, facts) -> {
                        if (facts.position() != null) {
                            slots.put(name, facts.position());
                        }
                    });
        }
        if (seen.postgres() instanceof LocalPostgres.Primary p) {
            slots.put(SlotNames.of(me.name()), p.position());
        }
        return new PeerClient.FailsafePing(me.name(), me.connUrl(), me.apiUrl(), slots);
    }

    private Deadline deadline(Observation seen) {
        return observer.deadlines().store(seen.settings(), seen.lease());
    }

    private Deadline peers(Observation seen) {
        ClusterSettings settings = seen.settings();
        return observer.deadlines().peers(settings, seen.lease());
    }
}
