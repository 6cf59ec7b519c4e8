package io.tamada.simulator.baton;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tamada.ha.port.Mailbox.WakeReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class BatonSchedulerTest {

    private static final long SECOND = 1_000_000_000L;

    private final BatonScheduler scheduler = new BatonScheduler(7);
    private final List<String> story = new ArrayList<>();

    private void pause(long nanos) {
        try {
            Reply.pause(scheduler, nanos);
        } catch (InterruptedException e) {
            story.add("interrupted");
        }
    }

    private List<String> toyRun(long seed) {
        BatonScheduler own = new BatonScheduler(seed);
        List<String> order = new ArrayList<>();
        ReentrantLock lock = new ReentrantLock();
        for (String name : List.of("a", "b", "c")) {
            own.process(name)
                    .start(
                            "loop",
                            () -> {
                                for (int i = 0; i < 20; i++) {
                                    lock.lock();
                                    try {
                                        Reply.pause(own, own.random().nextLong(1000));
                                        order.add(name + i + "@" + own.nowNanos());
                                    } catch (InterruptedException e) {
                                        return;
                                    } finally {
                                        lock.unlock();
                                    }
                                }
                            });
        }
        own.runUntil(SECOND);
        order.add("fingerprint " + own.fingerprint());
        return order;
    }

    @Test
    void sameSeedSameTrace() {
        assertThat(toyRun(1)).hasSize(61).isEqualTo(toyRun(1)).isNotEqualTo(toyRun(2));
    }

    @Test
    void waitingTakesVirtualTimeOnly() {
        scheduler
                .process("p")
                .start(
                        "t",
                        () -> {
                            pause(3600 * SECOND);
                            story.add("at " + scheduler.nowNanos());
                        });
        scheduler.runUntil(7200 * SECOND);
        assertThat(story).containsExactly("at " + 3600 * SECOND);
    }

    @Test
    void interruptEndsAWait() {
        var sleeper = scheduler.process("p").start("sleeper", () -> pause(100 * SECOND));
        scheduler
                .process("q")
                .start(
                        "interrupter",
                        () -> {
                            pause(SECOND);
                            sleeper.interrupt();
                            try {
                                story.add(
                                        "joined "
                                                + sleeper.join(Duration.ofSeconds(1))
                                                + " at "
                                                + scheduler.nowNanos());
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                        });
        scheduler.runUntil(10 * SECOND);
        assertThat(story).containsExactly("interrupted", "joined true at " + SECOND);
    }

    @Test
    void frozenThreadsStandStillWhileTimeGoesOn() {
        SimProcess process = scheduler.process("p");
        process.start(
                "t",
                () -> {
                    pause(SECOND);
                    story.add("woke at " + scheduler.nowNanos());
                });
        scheduler.at(SECOND / 2, process::freeze);
        scheduler.at(5 * SECOND, process::thaw);
        scheduler.runUntil(10 * SECOND);
        assertThat(story).containsExactly("woke at " + 5 * SECOND);
    }

    @Test
    void killedThreadsRunNoFinally() {
        SimProcess process = scheduler.process("p");
        process.start(
                "t",
                () -> {
                    try {
                        pause(2 * SECOND);
                    } finally {
                        story.add("finally");
                    }
                });
        scheduler.at(SECOND, process::kill);
        scheduler.runUntil(10 * SECOND);
        assertThat(story).isEmpty();
        assertThat(scheduler.waiting()).isEmpty();
    }

    @Test
    void aDeadlockIsReported() {
        ReentrantLock one = new ReentrantLock();
        ReentrantLock two = new ReentrantLock();
        SimProcess process = scheduler.process("p");
        process.start("forward", () -> both(one, two));
        process.start("backward", () -> both(two, one));
        assertThat(scheduler.runUntil(SECOND)).isTrue();
        assertThat(scheduler.step()).isEqualTo(BatonScheduler.Progress.STUCK);
        assertThat(scheduler.waiting()).containsExactly("p/forward", "p/backward");
    }

    private void both(ReentrantLock first, ReentrantLock second) {
        first.lock();
        pause(10);
        second.lock();
        story.add("never");
    }

    @Test
    void anEscapedExceptionFailsTheStep() {
        scheduler
                .process("p")
                .start(
                        "t",
                        () -> {
                            throw new IllegalArgumentException("planted");
                        });
        assertThatThrownBy(() -> scheduler.runUntil(SECOND))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("planted");
    }

    @Test
    void mailboxMergesAndTimesOutOnTheLocalClock() {
        SimClock clock = new SimClock(scheduler, 500);
        clock.runAt(0.5);
        SimMailbox mailbox = new SimMailbox(scheduler, clock);
        scheduler
                .process("p")
                .start(
                        "t",
                        () -> {
                            try {
                                story.add(
                                        mailbox.await(clock.nanos() + 10 * SECOND).size()
                                                + " at "
                                                + scheduler.nowNanos());
                                story.add(
                                        mailbox.await(clock.nanos() + SECOND).size()
                                                + " at "
                                                + scheduler.nowNanos());
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                        });
        scheduler.at(
                SECOND,
                () -> {
                    mailbox.post(WakeReason.REQUEST);
                    mailbox.post(WakeReason.LEASE);
                    mailbox.post(WakeReason.REQUEST);
                });
        scheduler.runUntil(10 * SECOND);
        assertThat(story).containsExactly("2 at " + SECOND, "0 at " + 3 * SECOND);
    }
}
