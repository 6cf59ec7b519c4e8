package io.tamada.ha.runtime;

import io.tamada.ha.HaListener;
import io.tamada.ha.HaStatus;
import io.tamada.ha.JournalEntry;
import io.tamada.ha.OperatorRequest;
import io.tamada.ha.RecordedDecision;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.dcs.WakeUps.Hint;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.MemberSettings;
import io.tamada.ha.policy.FailsafePromise;
import io.tamada.ha.port.Mailbox.WakeReason;
import io.tamada.ha.port.PeerClient.FailsafePing;
import io.tamada.ha.port.Threads;
import io.tamada.ha.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The threads of an agent: one takes the turns, one renews the lease. Everything else hands over
/// and returns.
public final class Engine {

    private static final System.Logger LOG = System.getLogger("io.tamada.ha");
    private static final long NEWS_OF_MEMBERS_NANOS = Duration.ofSeconds(1).toNanos();

    /// After this many turns in a row that ended in a bug the engine gives up, which fences.
    private static final int BUGS_MAX = 5;

    private final World world;
    private final Observer observer;
    private final TaskSlot tasks;
    private final Requests requests = new Requests();
    private final Journal journal;
    private final StatusBoard board;
    private final HaLoop loop;
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final AtomicLong newsOfMembersAt;

    private volatile long lastTurnNanos;
    private volatile Threads.@Nullable Running loopThread;
    private volatile Threads.@Nullable Running renewerThread;

    public Engine(World world, MemberSettings member, String software) {
        this.world = world;
        this.tasks = new TaskSlot(world.postgres(), world.threads(), world.time(), world.mailbox());
        this.journal = new Journal(world.journal());
        this.observer = new Observer(world, member, tasks, requests);
        this.board = new StatusBoard(world, observer, tasks, journal, software);
        this.loop = new HaLoop(world, observer, tasks, requests, journal, board);
        this.lastTurnNanos = world.time().nanos();
        this.newsOfMembersAt = new AtomicLong(world.time().nanos());
    }

    public void start() {
        if (loopThread != null) {
            throw new IllegalStateException("started twice");
        }
        LeaseRenewer renewer =
                new LeaseRenewer(
                        world,
                        new LeaseRenewer.Loop() {
                            @Override
                            public long lastTurnNanos() {
                                return lastTurnNanos;
                            }

                            @Override
                            public boolean isLeaseAllThatCounts() {
                                HaStatus status = board.status();
                                return !status.settings().paused()
                                        && board.consentUntilNanos() - world.time().nanos() <= 0
                                        && (status.postgres().mayAcceptWrites()
                                                || observer.mayBecomeWritable());
                            }

                            @Override
                            public Duration ttl() {
                                return board.status().settings().timings().ttl();
                            }
                        });
        renewerThread = world.threads().start("tamada-lease", renewer::run);
        loopThread = world.threads().start("tamada-loop", this::run);
    }

    // ---- the loop's thread
    // -------------------------------------------------------------------------------------

    private void run() {
        int code = 1;
        Subscription store = world.store().watch(this::hint);
        Subscription postgres =
                world.postgres().onChange(() -> world.mailbox().post(WakeReason.POSTGRES_CHANGED));
        try {
            code = turns();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            store.close();
            postgres.close();
            end(code);
        }
    }

    private int turns() throws InterruptedException {
        int bugs = 0;
        while (true) {
            try {
                Integer code = loop.turn();
                lastTurnNanos = world.time().nanos();
                bugs = 0;
                if (code != null) {
                    return code;
                }
            } catch (RuntimeException e) {
                bugs++;
                LOG.log(
                        System.Logger.Level.ERROR,
                        "internal error in turn " + bugs + " of " + BUGS_MAX,
                        e);
                if (bugs >= BUGS_MAX) {
                    fenceAfterBugs();
                    return 1;
                }
                var _ =
                        world.mailbox()
                                .await(world.time().nanos() + Duration.ofSeconds(1).toNanos());
            }
        }
    }

    /// An engine that can't decide must not leave a server writable that nobody watches.
    private void fenceAfterBugs() {
        LocalPostgres last = board.status().postgres();
        if (last.mayAcceptWrites() && !board.status().settings().paused()) {
            var _ = world.postgres().fence(Deadline.after(world.time(), Duration.ofSeconds(5)));
        }
    }

    private void end(int code) {
        Threads.Running renewer = renewerThread;
        if (renewer != null) {
            renewer.interrupt();
        }
        tasks.cancel();
        requests.refuseAll("the agent is ending");
        world.peers().close();
        world.store().close();
        world.watchdog().close();
        world.postgres().close();
        ended.complete(code);
    }

    /// Which hints of the store are worth a look. What members write about themselves in every turn
    /// is not, except to a leader, who has to make room for newcomers; and not more than once a
    /// second.
    private void hint(Hint hint) {
        switch (hint) {
            case LEADER, CONFIG, FAILOVER, SYNC, CONNECTION, OTHER ->
                    world.mailbox().post(WakeReason.STORE_CHANGED);
            case MEMBERS -> {
                long now = world.time().nanos();
                long last = newsOfMembersAt.get();
                boolean leads = world.keeper().current() != null;
                if (leads
                        && now - last > NEWS_OF_MEMBERS_NANOS
                        && newsOfMembersAt.compareAndSet(last, now)) {
                    world.mailbox().post(WakeReason.STORE_CHANGED);
                }
            }
            case STATUS -> {
                // Positions: seen in the next turn.
            }
        }
    }

    // ---- from other threads
    // ------------------------------------------------------------------------------------

    public void leave() {
        observer.leave();
        world.mailbox().post(WakeReason.SHUTDOWN);
    }

    public void abort() {
        Threads.Running thread = loopThread;
        if (thread == null) {
            end(1);
        } else {
            thread.interrupt();
        }
    }

    public CompletionStage<Integer> ended() {
        return ended.minimalCompletionStage();
    }

    public void reload(MemberSettings member) {
        observer.use(member);
        loop.reconfigure();
        world.mailbox().post(WakeReason.RELOAD);
    }

    public HaStatus status() {
        return board.status();
    }

    /// The snapshot of a turn that began after this call, or the last one when that takes longer
    /// than `atMost`.
    public HaStatus freshStatus(Duration atMost) throws InterruptedException {
        return board.fresh(atMost, () -> world.mailbox().post(WakeReason.REQUEST));
    }

    public CompletionStage<OperatorRequest.Outcome> request(OperatorRequest request) {
        CompletionStage<OperatorRequest.Outcome> answer = requests.add(request);
        world.mailbox().post(WakeReason.REQUEST);
        return answer;
    }

    public void promised(FailsafePing ping) {
        observer.promised(new FailsafePromise(ping, world.time().nanos()));
    }

    public List<JournalEntry> journal(int most) {
        return journal.newest(most);
    }

    public List<RecordedDecision> recorded(int most) {
        return journal.recorded(most);
    }

    public Subscription listen(HaListener listener) {
        return board.listen(listener);
    }
}
