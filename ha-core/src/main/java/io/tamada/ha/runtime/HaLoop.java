package io.tamada.ha.runtime;

import io.tamada.ha.policy.Decision;
import io.tamada.ha.policy.Evidence;
import io.tamada.ha.policy.Memory;
import io.tamada.ha.policy.Observation;
import io.tamada.ha.policy.Step;
import io.tamada.ha.policy.StoreAnswer;
import io.tamada.ha.policy.TaskView;
import io.tamada.ha.port.Mailbox.WakeReason;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The turn: look, decide, act, until there is nothing more to do; then wait.
final class HaLoop {

    /// A turn that takes more decisions than this is not getting anywhere.
    private static final int ROUNDS_MAX = 40;

    private static final System.Logger LOG = System.getLogger("io.tamada.ha");

    private final World world;
    private final Observer observer;
    private final DecisionExecutor executor;
    private final TaskSlot tasks;
    private final Requests requests;
    private final Journal journal;
    private final StatusBoard board;
    private final GuardDuty guardDuty;

    private Memory memory = Memory.EMPTY;
    private long nextLook;
    private volatile boolean reconfigure;
    private String lastSaid = "";
    private long lastSaidAt;

    HaLoop(
            World world,
            Observer observer,
            TaskSlot tasks,
            Requests requests,
            Journal journal,
            StatusBoard board) {
        this.world = world;
        this.observer = observer;
        this.executor = new DecisionExecutor(world, observer, tasks, requests);
        this.tasks = tasks;
        this.requests = requests;
        this.journal = journal;
        this.board = board;
        this.guardDuty = new GuardDuty(world.watchdog());
        this.nextLook = world.time().nanos();
    }

    /// Local configuration changed: PostgreSQL's has to be written again.
    void reconfigure() {
        reconfigure = true;
    }

    /// Waits for a reason to look, and takes one turn.
    ///
    /// @return null to go on; the exit code to end
    @Nullable Integer turn() throws InterruptedException {
        Set<WakeReason> why = world.mailbox().await(nextLook);
        LOG.log(System.Logger.Level.DEBUG, () -> "woken by " + (why.isEmpty() ? "time" : why));
        if (reconfigure) {
            reconfigure = false;
            memory = memory.withoutConfiguration();
        }
        board.turnBegins();
        observer.newTurn();
        Evidence evidence = Evidence.NONE;
        for (int round = 0; round < ROUNDS_MAX; round++) {
            Observation seen = observer.look(memory, evidence);
            guardDuty.standDown(seen);
            Step step = world.policy().apply(seen);
            memory = step.memory();
            guardDuty.consented(memory);
            if (seen.task() instanceof TaskView.Ended ended) {
                tasks.forget(ended);
                requests.ended(ended.task(), ended.result());
                board.taskEnded(ended);
            }
            say(seen, step);
            switch (step.decision()) {
                case Decision.Hold(_, Duration atMost) -> {
                    journal.note(seen, step, "");
                    nextLook = world.time().nanos() + atMost.toNanos();
                    board.publish(seen, step, nextLook);
                    return null;
                }
                case Decision.Exit(_, int code) -> {
                    journal.note(seen, step, "");
                    board.publish(seen, step, world.time().nanos());
                    return code;
                }
                case Decision.AskPeers _,
                        Decision.AskConsent _,
                        Decision.Compare _,
                        Decision.Coordinate _,
                        Decision.Operate _,
                        Decision.Begin _,
                        Decision.Cancel _,
                        Decision.Fence _,
                        Decision.Guard _,
                        Decision.Answer _ ->
                        evidence = done(seen, step);
            }
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "no end to this turn after {0} decisions; looking anew",
                ROUNDS_MAX);
        nextLook = world.time().nanos() + Duration.ofMillis(200).toNanos();
        return null;
    }

    private Evidence done(Observation seen, Step step) throws InterruptedException {
        Evidence after = executor.execute(step.decision(), seen);
        String outcome = Phrases.outcome(after.outcomes().get(step.decision().rule()));
        journal.note(seen, step, outcome);
        LOG.log(System.Logger.Level.DEBUG, () -> step.says() + " -> " + outcome);
        return after;
    }

    // ---- log
    // ---------------------------------------------------------------------------------------------------

    /// One line when something is done or the standing changes; the heartbeat at most once per
    /// `loop_wait`.
    private void say(Observation seen, Step step) {
        boolean hold = step.decision() instanceof Decision.Hold;
        long now = seen.now();
        // Sentences of one rule may differ by a count of seconds: that is no news.
        String saying = hold ? step.decision().rule() + " " + owner(seen) : step.says();
        boolean same = saying.equals(lastSaid);
        if (hold && same && now - lastSaidAt < heartbeat(seen).toNanos()) {
            return;
        }
        if (!hold && isRoutine(step)) {
            return;
        }
        if (hold) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "Lock owner: {0}; I am {1}",
                    owner(seen),
                    seen.me().name());
        }
        step.because()
                .forEach(line ->
                        LOG.log(
                                line.startsWith("ALARM") || line.startsWith("No active")
                                        ? System.Logger.Level.WARNING
                                        : System.Logger.Level.INFO,
                                line));
        String prefix = seen.settings().paused() ? "PAUSE: " : "";
        LOG.log(System.Logger.Level.INFO, prefix + step.says());
        lastSaid = saying;
        lastSaidAt = now;
    }

    /// Without the store one line a minute is enough.
    private static Duration heartbeat(Observation seen) {
        return seen.store() instanceof StoreAnswer.Silent
                ? Duration.ofMinutes(1)
                : seen.settings().timings().loopWait().minusMillis(100);
    }

    private static boolean isRoutine(Step step) {
        return switch (step.decision().rule()) {
            case ASK_PEERS, ASK_SUCCESSORS, ASK_CANDIDATE -> true;
            default -> Journal.isRoutine(step.decision().rule());
        };
    }

    private static String owner(Observation seen) {
        return seen.store() instanceof StoreAnswer.Seen(var view) && view.leaderName() != null
                ? view.leaderName().value()
                : "None";
    }
}
