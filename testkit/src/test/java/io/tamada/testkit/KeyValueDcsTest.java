package io.tamada.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tamada.dcs.ClusterDecoder;
import io.tamada.dcs.KeyValueDcs;
import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.LeaseGrant;
import io.tamada.ha.dcs.LeaseKeeper;
import io.tamada.ha.dcs.LeaseRenewal;
import io.tamada.ha.dcs.LeaseRequest;
import io.tamada.ha.dcs.LeaseRequest.Mode;
import io.tamada.ha.dcs.LeaseResult;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WakeUps;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.time.Deadline;
import io.tamada.testkit.StoreNetwork.Call;
import io.tamada.testkit.StoreNetwork.Fate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the contract can't stage: answers that are lost at a chosen moment, requests that arrive
/// late.
class KeyValueDcsTest {

    private static final MemberName A = MemberName.of("a");
    private static final MemberName B = MemberName.of("b");
    private static final Duration TTL = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(5);

    private final ManualTime time = new ManualTime();
    private final InMemoryStore server = new InMemoryStore(time);
    private final Deque<Fate> puts = new ArrayDeque<>();
    private final Deque<Fate> removals = new ArrayDeque<>();
    private final Deque<Fate> openings = new ArrayDeque<>();
    private final KeyValueDcs a = server.dcs(A, TTL, time.jumping(), this::fate);
    private final KeyValueDcs b = server.dcs(B, TTL, time.jumping(), StoreNetwork.PERFECT);

    private Fate fate(Call call) {
        Fate next =
                switch (call) {
                    case PUT -> puts.poll();
                    case REMOVE -> removals.poll();
                    case OPEN_SESSION -> openings.poll();
                    case RANGE, RENEW_SESSION -> null;
                };
        return next == null ? StoreNetwork.AT_ONCE : next;
    }

    private static Fate lost() {
        return new Fate.ReplyLost(Duration.ZERO);
    }

    private static Fate late(Duration delay) {
        return new Fate.Delivered(delay, Duration.ZERO);
    }

    private Deadline by() {
        return Deadline.after(time, Duration.ofSeconds(1));
    }

    private LeaseResult acquire(KeyValueDcs store, MemberName self) throws InterruptedException {
        return store.acquireLeader(new LeaseRequest(self, TTL, Mode.IF_FREE), by());
    }

    private static LeaseGrant granted(LeaseResult result) {
        assertThat(result).isInstanceOf(LeaseResult.Granted.class);
        return ((LeaseResult.Granted) result).grant();
    }

    private LeaseResult renew(KeyValueDcs store, LeaseGrant held, Duration ttl)
            throws InterruptedException {
        return store.renewLeader(new LeaseRenewal(held, ttl), by());
    }

    private WriteResult writeMember(KeyValueDcs store, MemberName self)
            throws InterruptedException {
        return store.write(
                new DcsEntry.Member(MemberStatus.builder(self).build()),
                Precondition.whatever(),
                by());
    }

    private @Nullable String sessionOf(String key) {
        return server.entries().stream()
                .filter(e -> e.key().equals(key))
                .findFirst()
                .orElseThrow()
                .session();
    }

    @Test
    void a_grant_whose_answer_was_lost_is_found_again() throws InterruptedException {
        puts.add(lost());
        assertThat(acquire(a, A)).isInstanceOf(LeaseResult.Unknown.class);
        assertThat(acquire(b, B)).isInstanceOf(LeaseResult.Refused.class);
        granted(acquire(a, A));
    }

    @Test
    void a_request_that_arrives_late_counts_for_nobody_until_it_is_asked_for()
            throws InterruptedException {
        puts.add(late(Duration.ofSeconds(3)));
        assertThat(acquire(a, A)).isInstanceOf(LeaseResult.Unknown.class);
        assertThat(a.read(by()).toString()).contains("leader=Free");
        time.advance(Duration.ofSeconds(3));
        assertThat(acquire(b, B)).isInstanceOf(LeaseResult.Refused.class);
        granted(acquire(a, A));
    }

    @Test
    void a_late_release_does_not_hit_the_next_grant() throws InterruptedException {
        LeaseGrant first = granted(acquire(a, A));
        removals.add(late(Duration.ofSeconds(3)));
        assertThat(a.releaseLeader(first, by())).isInstanceOf(WriteResult.Unknown.class);
        LeaseGrant second = granted(acquire(a, A));
        time.advance(Duration.ofSeconds(3));
        assertThat(acquire(b, B)).isInstanceOf(LeaseResult.Refused.class);
        granted(renew(a, second, TTL));
    }

    @Test
    void a_late_taking_does_not_hit_who_came_in_between() throws InterruptedException {
        puts.add(late(Duration.ofSeconds(3)));
        assertThat(a.acquireLeader(new LeaseRequest(A, TTL, Mode.TAKE), by()))
                .isInstanceOf(LeaseResult.Unknown.class);
        LeaseGrant held = granted(acquire(b, B));
        time.advance(Duration.ofSeconds(3));
        granted(renew(b, held, TTL));
    }

    @Test
    void a_move_whose_answer_was_lost_is_found_again() throws InterruptedException {
        assertThat(writeMember(a, A).isApplied()).isTrue();
        LeaseGrant held = granted(acquire(a, A));
        puts.add(lost());
        assertThat(renew(a, held, SHORT)).isInstanceOf(LeaseResult.Unknown.class);
        LeaseGrant moved = granted(renew(a, held, SHORT));
        assertThat(moved.ttl()).isEqualTo(SHORT);
        assertThat(moved.session()).isNotEqualTo(held.session());
        assertThat(sessionOf("leader")).isEqualTo(moved.session());
        assertThat(sessionOf("members/a")).isEqualTo(moved.session());
        assertThat(a.releaseLeader(moved, by()).isApplied()).isTrue();
    }

    @Test
    void after_a_move_of_unknown_outcome_the_key_can_still_be_released()
            throws InterruptedException {
        LeaseGrant held = granted(acquire(a, A));
        puts.add(lost());
        assertThat(renew(a, held, SHORT)).isInstanceOf(LeaseResult.Unknown.class);
        assertThat(a.releaseLeader(held, by()).isApplied()).isTrue();
        granted(acquire(b, B));
    }

    @Test
    void a_move_that_arrives_late_is_made_again_and_the_late_one_has_no_effect()
            throws InterruptedException {
        LeaseGrant held = granted(acquire(a, A));
        puts.add(late(Duration.ofSeconds(3)));
        assertThat(renew(a, held, SHORT)).isInstanceOf(LeaseResult.Unknown.class);
        LeaseGrant moved = granted(renew(a, held, SHORT));
        time.advance(Duration.ofSeconds(3));
        granted(renew(a, moved, SHORT));
    }

    @Test
    void a_store_that_opens_no_session_of_the_new_length_leaves_the_lease_as_it_is()
            throws InterruptedException {
        LeaseGrant held = granted(acquire(a, A));
        openings.add(new Fate.RequestLost());
        assertThat(granted(renew(a, held, SHORT)).ttl()).isEqualTo(TTL);
    }

    @Test
    void a_shorter_lease_is_believed_no_longer_than_that_before_the_answer_comes()
            throws InterruptedException {
        LeaseKeeper keeper = new LeaseKeeper(a, time, TTL);
        granted(keeper.acquire(new LeaseRequest(A, TTL, Mode.IF_FREE), by()));
        keeper.useTtl(SHORT);
        puts.add(lost());
        assertThat(keeper.renew(by())).isInstanceOf(LeaseResult.Unknown.class);
        time.advance(SHORT);
        assertThat(keeper.current()).isNull();
        granted(acquire(b, B));
    }

    @Test
    void a_member_that_could_not_pass_over_has_to_be_written_again() throws InterruptedException {
        assertThat(writeMember(a, A).isApplied()).isTrue();
        puts.add(new Fate.RequestLost());
        assertThat(a.keepSession(SHORT, by())).isInstanceOf(WriteResult.Refused.class);
        assertThat(a.keepSession(SHORT, by()).isApplied()).isTrue();
        time.advance(TTL.minus(SHORT));
        assertThat(a.keepSession(SHORT, by())).isInstanceOf(WriteResult.Refused.class);
        assertThat(writeMember(a, A).isApplied()).isTrue();
        assertThat(a.keepSession(SHORT, by()).isApplied()).isTrue();
    }

    @Test
    void another_ttl_for_the_member_alone_does_not_replace_the_session_of_a_lease()
            throws InterruptedException {
        LeaseGrant held = granted(acquire(a, A));
        assertThat(a.keepSession(SHORT, by()).isApplied()).isTrue();
        assertThat(granted(renew(a, held, TTL)).session()).isEqualTo(held.session());
    }

    @Test
    void a_session_that_was_lost_unnoticed_is_replaced_within_the_call()
            throws InterruptedException {
        assertThat(writeMember(a, A).isApplied()).isTrue();
        server.expire(Objects.requireNonNull(sessionOf("members/a")));
        assertThat(writeMember(a, A).isApplied()).isTrue();
        server.expire(Objects.requireNonNull(sessionOf("members/a")));
        granted(acquire(a, A));
        assertThat(a.keepSession(TTL, by())).isInstanceOf(WriteResult.Refused.class);
    }

    /// A lock that lets another caller overtake the first one that asks for it.
    private static final class Overtaken extends ReentrantLock {
        private static final long serialVersionUID = 1L;

        private transient @Nullable Runnable other;

        @Override
        public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
            Runnable first = other;
            other = null;
            if (first != null) {
                first.run();
            }
            return super.tryLock(time, unit);
        }
    }

    @Test
    void who_is_overtaken_while_opening_a_session_uses_the_other_one() throws InterruptedException {
        Overtaken lock = new Overtaken();
        KeyValueDcs c =
                new KeyValueDcs(
                        server.connect(time.jumping(), StoreNetwork.PERFECT),
                        MemberName.of("c"),
                        TTL,
                        lock,
                        new ClusterDecoder());
        List<WriteResult> kept = new ArrayList<>();
        lock.other =
                () -> {
                    try {
                        kept.add(c.keepSession(TTL, by()));
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                };
        kept.add(c.keepSession(TTL, by()));
        assertThat(kept).hasSize(2).allMatch(WriteResult::isApplied);
        assertThat(kept.getFirst()).isEqualTo(kept.getLast());
    }

    @Test
    void who_waits_too_long_for_another_to_open_a_session_does_not_know()
            throws InterruptedException {
        ReentrantLock held =
                new ReentrantLock() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public boolean tryLock(long time, TimeUnit unit) {
                        return false;
                    }
                };
        KeyValueDcs c =
                new KeyValueDcs(
                        server.connect(time.jumping(), StoreNetwork.PERFECT),
                        MemberName.of("c"),
                        TTL,
                        held,
                        new ClusterDecoder());
        assertThat(c.keepSession(TTL, by())).isInstanceOf(WriteResult.Unknown.class);
    }

    @Test
    void a_tool_has_no_session_and_a_member_only_its_own() {
        KeyValueDcs tool =
                new KeyValueDcs(server.connect(time.jumping(), StoreNetwork.PERFECT), null, TTL);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> tool.keepSession(TTL, by()));
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> acquire(tool, A));
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> acquire(a, B));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> writeMember(a, B));
    }

    @Test
    void lost_hints_are_lost_and_nothing_else() throws InterruptedException {
        StoreFaults faults = new StoreFaults();
        KeyValueDcs c = server.dcs(MemberName.of("c"), TTL, time.jumping(), faults);
        List<WakeUps.Hint> hints = new ArrayList<>();
        c.watch(hints::add);
        faults.loseHints(true);
        granted(acquire(a, A));
        assertThat(hints).isEmpty();
        assertThat(c.read(by()).toString()).contains("HeldBy[name=a");
        faults.loseHints(false);
        assertThat(writeMember(a, A).isApplied()).isTrue();
        assertThat(hints).containsExactly(WakeUps.Hint.MEMBERS);
    }

    /// Two members do whatever members do, over a network that loses, delays and repeats nothing in
    /// order. At no moment do both believe that they hold the lease.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void two_members_never_believe_in_the_lease_at_once(long seed) throws InterruptedException {
        Random random = new Random(seed);
        StoreNetwork network = _ -> weather(random);
        List<MemberName> names = List.of(A, B);
        List<LeaseKeeper> keepers = new ArrayList<>();
        List<KeyValueDcs> stores = new ArrayList<>();
        for (MemberName name : names) {
            KeyValueDcs store = server.dcs(name, TTL, time.jumping(), network);
            stores.add(store);
            keepers.add(new LeaseKeeper(store, time, TTL));
        }
        time.onAdvance(() -> assertThat(believers(keepers)).isLessThan(2));
        int grants = 0;
        for (int step = 0; step < 3_000; step++) {
            int who = random.nextInt(2);
            LeaseKeeper keeper = keepers.get(who);
            Deadline by = Deadline.after(time, Duration.ofMillis(1 + random.nextInt(2_000)));
            Duration ttl = Duration.ofSeconds(3 + random.nextInt(3) * 6L);
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> {
                    if (keeper.current() == null) {
                        LeaseRequest request = new LeaseRequest(names.get(who), ttl, Mode.IF_FREE);
                        grants +=
                                keeper.acquire(request, by) instanceof LeaseResult.Granted ? 1 : 0;
                    }
                }
                case 3, 4, 5 -> keeper.renew(by);
                case 6 -> {
                    keeper.useTtl(ttl);
                    keeper.renew(by);
                }
                case 7 -> keeper.release(by);
                case 8 -> stores.get(who).keepSession(ttl, by);
                case 9 -> writeMember(stores.get(who), names.get(who));
                case 10 -> keeper.abandon();
                default -> time.advance(Duration.ofMillis(random.nextInt(4_000)));
            }
            assertThat(believers(keepers)).as("seed %d step %d", seed, step).isLessThan(2);
        }
        assertThat(grants).isGreaterThan(50);
    }

    private static Fate weather(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> new Fate.RequestLost();
            case 1 -> new Fate.ReplyLost(Duration.ofMillis(random.nextInt(50)));
            case 2 -> late(Duration.ofMillis(random.nextInt(6_000)));
            default ->
                    new Fate.Delivered(
                            Duration.ofMillis(random.nextInt(20)),
                            Duration.ofMillis(random.nextInt(20)));
        };
    }

    private static long believers(List<LeaseKeeper> keepers) {
        return keepers.stream().filter(k -> k.current() != null).count();
    }
}
