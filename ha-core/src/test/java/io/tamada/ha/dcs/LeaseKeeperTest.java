package io.tamada.ha.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.Revision;
import io.tamada.ha.time.Deadline;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LeaseKeeperTest {

    private static final MemberName ME = MemberName.of("a");
    private static final Duration TTL = Duration.ofSeconds(30);

    private final TestClock clock = new TestClock();
    private final ScriptedStore store = new ScriptedStore();
    private final LeaseKeeper keeper = new LeaseKeeper(store, clock, TTL);
    private final long start = clock.nanos();

    private Deadline by() {
        return Deadline.after(clock, Duration.ofSeconds(5));
    }

    private static LeaseResult granted(Duration ttl) {
        return new LeaseResult.Granted(new LeaseGrant(ME, Revision.of(1), "s1", ttl));
    }

    /// The store's answer takes this long.
    private void answers(LeaseResult result, Duration after) {
        store.next(() -> {
            clock.advance(after);
            return result;
        });
    }

    private void answers(LeaseResult result) {
        answers(result, Duration.ZERO);
    }

    private LeaseResult acquire() throws InterruptedException {
        return keeper.acquire(new LeaseRequest(ME, TTL, LeaseRequest.Mode.IF_FREE), by());
    }

    private HeldLease held() {
        return Objects.requireNonNull(keeper.current());
    }

    @Test
    void the_edge_counts_from_before_the_request_less_a_thousandth() throws Exception {
        answers(granted(TTL), Duration.ofSeconds(3));
        acquire();
        assertThat(held().edgeNanos()).isEqualTo(start + Duration.ofMillis(29_970).toNanos());
        assertThat(held().remainingAt(clock.nanos())).isEqualTo(Duration.ofMillis(26_970));
    }

    @Test
    void what_the_store_granted_counts_and_not_what_was_asked_for() throws Exception {
        answers(granted(Duration.ofSeconds(10)));
        acquire();
        assertThat(held().edgeNanos()).isEqualTo(start + Duration.ofMillis(9_990).toNanos());
    }

    @Test
    void past_its_edge_a_lease_is_not_held() throws Exception {
        answers(granted(TTL));
        acquire();
        HeldLease lease = held();
        clock.advance(Duration.ofMillis(29_970).minusNanos(1));
        assertThat(lease.isHeldNow()).isTrue();
        clock.advance(Duration.ofNanos(1));
        assertThat(keeper.current()).isNull();
        assertThat(lease.isHeldNow()).isFalse();
    }

    @Test
    void an_answer_that_comes_after_the_edge_grants_nothing() throws Exception {
        answers(granted(TTL), Duration.ofSeconds(30));
        assertThat(acquire()).isInstanceOf(LeaseResult.Granted.class);
        assertThat(keeper.current()).isNull();
    }

    @Test
    void a_refusal_ends_the_lease_at_once() throws Exception {
        answers(granted(TTL));
        acquire();
        answers(new LeaseResult.Refused("another has it"));
        keeper.renew(by());
        assertThat(keeper.current()).isNull();
        assertThat(keeper.wasRefused()).isTrue();
        answers(granted(TTL));
        acquire();
        assertThat(keeper.wasRefused()).isFalse();
    }

    @Test
    void an_unknown_renewal_changes_nothing() throws Exception {
        answers(granted(TTL));
        acquire();
        long edge = held().edgeNanos();
        clock.advance(Duration.ofSeconds(10));
        answers(new LeaseResult.Unknown("timeout"));
        keeper.renew(by());
        assertThat(held().edgeNanos()).isEqualTo(edge);
        assertThat(keeper.wasRefused()).isFalse();
        assertThat(keeper.renewalDueNanos()).isEqualTo(start + Duration.ofSeconds(10).toNanos());
    }

    @Test
    void an_unknown_answer_to_the_first_request_grants_nothing() throws Exception {
        answers(new LeaseResult.Unknown("timeout"));
        acquire();
        assertThat(keeper.current()).isNull();
        assertThat(keeper.wasRefused()).isFalse();
    }

    @Test
    void a_renewal_moves_the_edge_and_the_old_proof_learns_of_it() throws Exception {
        answers(granted(TTL));
        acquire();
        HeldLease old = held();
        clock.advance(Duration.ofSeconds(20));
        answers(granted(TTL), Duration.ofSeconds(1));
        keeper.renew(by());
        assertThat(held().edgeNanos())
                .isEqualTo(start + Duration.ofMillis(20_000 + 29_970).toNanos());
        clock.advance(Duration.ofSeconds(15));
        assertThat(old.remainingAt(clock.nanos())).isNegative();
        assertThat(old.isHeldNow()).isTrue();
    }

    @Test
    void a_lease_of_another_session_does_not_renew_an_old_proof() throws Exception {
        answers(granted(TTL));
        acquire();
        HeldLease old = held();
        answers(new LeaseResult.Granted(new LeaseGrant(ME, Revision.of(2), "s2", TTL)));
        acquire();
        assertThat(old.isHeldNow()).isFalse();
    }

    @Test
    void renewals_are_due_three_times_per_ttl() throws Exception {
        answers(granted(TTL), Duration.ofSeconds(1));
        acquire();
        assertThat(keeper.renewalDueNanos()).isEqualTo(start + Duration.ofSeconds(10).toNanos());
        keeper.useTtl(Duration.ofSeconds(6));
        assertThat(keeper.renewalDueNanos()).isEqualTo(start + Duration.ofSeconds(2).toNanos());
    }

    @Test
    void asking_for_a_shorter_ttl_brings_the_edge_forward_even_if_no_answer_comes()
            throws Exception {
        answers(granted(TTL));
        acquire();
        keeper.useTtl(Duration.ofSeconds(10));
        clock.advance(Duration.ofSeconds(1));
        answers(new LeaseResult.Unknown("timeout"));
        keeper.renew(by());
        assertThat(held().edgeNanos()).isEqualTo(start + Duration.ofMillis(10_990).toNanos());
    }

    @Test
    void asking_for_a_shorter_ttl_never_moves_the_edge_back() throws Exception {
        answers(granted(TTL));
        acquire();
        long edge = held().edgeNanos();
        keeper.useTtl(Duration.ofSeconds(29));
        clock.advance(Duration.ofSeconds(20));
        answers(new LeaseResult.Unknown("timeout"));
        keeper.renew(by());
        assertThat(held().edgeNanos()).isEqualTo(edge);
    }

    @Test
    void from_the_moment_of_its_release_a_lease_is_not_believed() throws Exception {
        answers(granted(TTL));
        acquire();
        HeldLease lease = held();
        assertThat(keeper.release(by())).isInstanceOf(WriteResult.Unknown.class);
        assertThat(keeper.current()).isNull();
        assertThat(lease.isHeldNow()).isFalse();
        assertThat(keeper.release(by())).isInstanceOf(WriteResult.Refused.class);
        assertThat(keeper.renew(by())).isInstanceOf(LeaseResult.Refused.class);
        assertThat(store.asked).hasSize(2);
    }

    @Test
    void an_abandoned_lease_is_not_believed_and_the_store_is_not_told() throws Exception {
        answers(granted(TTL));
        acquire();
        keeper.abandon();
        assertThat(keeper.current()).isNull();
        assertThat(store.asked).hasSize(1);
    }

    @Test
    void nothing_is_held_before_the_first_grant() {
        assertThat(keeper.current()).isNull();
        assertThat(keeper.wasRefused()).isFalse();
    }
}
