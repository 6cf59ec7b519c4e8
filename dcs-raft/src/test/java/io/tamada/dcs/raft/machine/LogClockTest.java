package io.tamada.dcs.raft.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.time.TimeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Several nodes with clocks of their own share one log; the lead moves about; entries reach each
/// node late.
class LogClockTest {

    private static final long DELAY_MAX = 40;

    private long now = 1_000_000;

    /// A node's clock started at another moment than the others'.
    private final class Clock implements TimeSource {
        private final long offset;

        Clock(long offset) {
            this.offset = offset;
        }

        @Override
        public long nanos() {
            return now + offset;
        }

        @Override
        public Instant wall() {
            return Instant.EPOCH;
        }
    }

    private record Entry(long stamp, Command command, long at) {}

    private static final class Member {
        final LogClock clock;
        final KvMachine machine = new KvMachine();
        int received;
        int applied;

        Member(TimeSource time) {
            this.clock = new LogClock(time);
        }

        void receive(int end) {
            if (end > received) {
                clock.received(received, end - received);
                received = end;
            }
        }

        KvMachine.@Nullable Step apply(List<Entry> log, int end) {
            KvMachine.Step last = null;
            for (; applied < end; applied++) {
                last = machine.apply(log.get(applied).stamp(), log.get(applied).command());
                clock.applied(applied, machine.time());
            }
            return last;
        }
    }

    private enum Restarts {
        NONE,
        SOME
    }

    @Test
    void noChangeOfLeaderEndsALeaseEarlyOrLate() {
        for (int seed = 0; seed < 400; seed++) {
            new Run(seed, Restarts.NONE).run(LogClockTest::stamp);
        }
    }

    @Test
    void noRestartEndsALeaseEarly() {
        for (int seed = 0; seed < 400; seed++) {
            new Run(seed, Restarts.SOME).run(LogClockTest::stamp);
        }
    }

    /// The check can fail: a leader whose clock is a little ahead ends a lease early.
    @Test
    void aClockThatIsAheadIsCaught() {
        assertThat(catches(leader -> stamp(leader) + 15 * leader.received % 61)).isTrue();
    }

    /// As above: time since the start of each node's lead instead of since the last stamp.
    @Test
    void aClockThatDoesNotGoOnIsCaught() {
        assertThat(catches(leader -> Math.max(0, stamp(leader) % 500))).isTrue();
    }

    private boolean catches(ToLongFunction<Member> stamper) {
        for (int seed = 0; seed < 400; seed++) {
            try {
                new Run(seed, Restarts.NONE).run(stamper);
            } catch (AssertionError e) {
                return true;
            }
        }
        return false;
    }

    private static long stamp(Member leader) {
        return Objects.requireNonNull(leader.clock.leadership()).stamp();
    }

    /// One random life of three members, in which one lease is granted, renewed and ends, again and
    /// again.
    private final class Run {
        private static final long TTL = 300;

        private final Random random;
        private final Restarts restarts;
        private final List<Member> members = new ArrayList<>();
        private final List<Entry> log = new ArrayList<>();
        private Member leader;
        private long session;
        private long grantedAt;
        private long lateBy;

        Run(int seed, Restarts restarts) {
            this.random = new Random(seed);
            this.restarts = restarts;
            for (int i = 0; i < 3; i++) {
                members.add(new Member(new Clock(random.nextLong(1L << 40))));
            }
            leader = members.getFirst();
            leader.clock.lead(1);
        }

        void run(ToLongFunction<Member> stamper) {
            for (int step = 2; step < 400; step++) {
                now += random.nextLong(20);
                deliver();
                switch (random.nextInt(12)) {
                    case 0 -> changeLeader(step);
                    case 1 ->
                            members.get(random.nextInt(3)).apply(log, Math.max(0, log.size() - 3));
                    case 2 -> {
                        if (restarts == Restarts.SOME) {
                            restartAFollower();
                        }
                    }
                    default -> propose(stamper.applyAsLong(leader));
                }
            }
        }

        /// What is old enough has arrived everywhere; of the rest, some.
        private void deliver() {
            for (Member member : members) {
                int arrived = member.received;
                while (arrived < log.size()
                        && (now - log.get(arrived).at() >= DELAY_MAX || random.nextInt(3) == 0)) {
                    arrived++;
                }
                member.receive(arrived);
                member.apply(log, Math.max(member.applied, random.nextInt(member.received + 1)));
            }
        }

        private void changeLeader(int term) {
            leader.clock.follow();
            leader = members.get(random.nextInt(3));
            members.forEach(member -> member.receive(log.size()));
            // The election itself takes long; that time counts.
            now += random.nextLong(500);
            leader.apply(log, log.size());
            leader.clock.lead(term);
            lateBy += DELAY_MAX + 20;
        }

        private void restartAFollower() {
            int at = (members.indexOf(leader) + 1) % 3;
            Member before = members.get(at);
            Member again = new Member(new Clock(random.nextLong(1L << 40)));
            again.received = before.received;
            again.apply(log, before.applied);
            members.set(at, again);
        }

        private void propose(long stamp) {
            Command command =
                    session == 0
                            ? new Command.OpenSession(TTL)
                            : random.nextInt(6) == 0
                                    ? new Command.RenewSession(session, TTL, "")
                                    : new Command.Tick();
            log.add(new Entry(stamp, command, now));
            leader.receive(log.size());
            KvMachine.Step last = Objects.requireNonNull(leader.apply(log, log.size()));
            if (last.outcome() instanceof Outcome.SessionGranted(long id, long _)) {
                session = id;
                grantedAt = now;
                lateBy = 0;
            } else if (session != 0 && leader.machine.nextExpiry() == Long.MAX_VALUE) {
                assertThat(now - grantedAt).as("ended early").isGreaterThanOrEqualTo(TTL);
                session = 0;
            } else if (session != 0 && restarts == Restarts.NONE) {
                assertThat(now - grantedAt).as("kept too long").isLessThan(TTL + lateBy + 1);
            }
        }
    }

    /// A follower that received an entry at once goes on from then, however late it learnt that it
    /// was committed.
    @Test
    void theTimeUntilAnEntryIsKnownToBeCommittedCounts() {
        LogClock clock = new LogClock(new Clock(9));
        clock.received(1, 1);
        now += 1_000;
        clock.applied(1, 70);
        assertThat(clock.lead(2).stamp()).isEqualTo(1_070);
    }

    @Test
    void anEntryThatWasReplacedCountsFromItsReplacement() {
        LogClock clock = new LogClock(new Clock(9));
        clock.received(1, 3);
        now += 10;
        clock.received(2, 1);
        now += 10;
        clock.applied(1, 5);
        clock.applied(2, 6);
        assertThat(clock.lead(2).stamp()).isEqualTo(16);
        clock.applied(3, 7);
        assertThat(clock.lead(3).stamp()).isEqualTo(7);
    }

    @Test
    void aLeaderThatGoesOnInItsTermKeepsItsClock() {
        Clock time = new Clock(5);
        LogClock clock = new LogClock(time);
        clock.applied(1, 100);
        LogClock.Leadership first = clock.lead(3);
        now += 50;
        clock.applied(2, 120);
        clock.follow();
        assertThat(clock.leadership()).isNull();
        assertThat(clock.lead(3)).isEqualTo(first);
        assertThat(clock.lead(4).stamp()).isEqualTo(120);
    }

    @Test
    void theNextLeaderGoesOnFromTheLastStampItApplied() {
        LogClock clock = new LogClock(new Clock(5));
        clock.applied(1, 100);
        now += 7;
        assertThat(clock.lead(2).stamp()).isEqualTo(107);
        now += 3;
        assertThat(clock.lead(2).stamp()).isEqualTo(110);
    }
}
