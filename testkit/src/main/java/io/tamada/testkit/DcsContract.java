package io.tamada.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tamada.ha.dcs.DcsCapabilities;
import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.DcsKey;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.LeaseGrant;
import io.tamada.ha.dcs.LeaseRenewal;
import io.tamada.ha.dcs.LeaseRequest;
import io.tamada.ha.dcs.LeaseResult;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.ReadResult;
import io.tamada.ha.dcs.Subscription;
import io.tamada.ha.dcs.WakeUps.Hint;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.ClusterStatus;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.Initialization;
import io.tamada.ha.model.LeaderKey;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.Revision;
import io.tamada.ha.model.SyncState;
import io.tamada.ha.model.SystemId;
import io.tamada.ha.model.Timeline;
import io.tamada.ha.model.TimelineHistory;
import io.tamada.ha.model.Versioned;
import io.tamada.ha.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What every [DistributedConfigStore] has to do. A backend's test extends it and supplies a
/// [DcsHarness].
///
/// No test is overridden: where stores may differ, the difference is a value in [DcsCapabilities].
public abstract class DcsContract {

    private static final MemberName A = MemberName.of("a");
    private static final MemberName B = MemberName.of("b");
    private static final SystemId SYSTEM = new SystemId("7366891110011223344");
    private static final Duration SHORT_CALL = Duration.ofMillis(500);

    private final List<DistributedConfigStore> opened = new ArrayList<>();
    private @Nullable DcsHarness made;

    /// For subclasses.
    protected DcsContract() {}

    /// A cluster without any key.
    protected abstract DcsHarness newHarness() throws Exception;

    @BeforeEach
    final void make_a_cluster() throws Exception {
        made = newHarness();
    }

    @AfterEach
    final void end_the_cluster() throws Exception {
        opened.forEach(DistributedConfigStore::close);
        opened.clear();
        if (made != null) {
            made.close();
        }
    }

    private DcsHarness harness() {
        return Objects.requireNonNull(made);
    }

    private Duration ttl() {
        return harness().ttl();
    }

    private DistributedConfigStore open(MemberName member) {
        DistributedConfigStore store = harness().open(member, ttl());
        opened.add(store);
        return store;
    }

    private Deadline by() {
        return Deadline.after(harness().time(), harness().patience());
    }

    private Deadline shortly() {
        return Deadline.after(harness().time(), SHORT_CALL);
    }

    private ClusterView view(DistributedConfigStore store) throws InterruptedException {
        return switch (store.read(by())) {
            case ReadResult.Seen(ClusterView view) -> view;
            case ReadResult.Unknown(String problem) ->
                    throw new AssertionError("can't read: " + problem);
        };
    }

    private Revision write(DistributedConfigStore store, DcsEntry entry)
            throws InterruptedException {
        return applied(store.write(entry, Precondition.whatever(), by()));
    }

    private static Revision applied(WriteResult result) {
        assertThat(result).isInstanceOf(WriteResult.Applied.class);
        return ((WriteResult.Applied) result).revision();
    }

    private static void refused(WriteResult result) {
        assertThat(result).isInstanceOf(WriteResult.Refused.class);
    }

    private LeaseResult acquire(DistributedConfigStore store, MemberName self)
            throws InterruptedException {
        return store.acquireLeader(new LeaseRequest(self, ttl(), LeaseRequest.Mode.IF_FREE), by());
    }

    private LeaseResult renew(DistributedConfigStore store, LeaseGrant held)
            throws InterruptedException {
        return store.renewLeader(new LeaseRenewal(held, ttl()), by());
    }

    private static LeaseGrant granted(LeaseResult result) {
        assertThat(result).isInstanceOf(LeaseResult.Granted.class);
        return ((LeaseResult.Granted) result).grant();
    }

    private static void refused(LeaseResult result) {
        assertThat(result).isInstanceOf(LeaseResult.Refused.class);
    }

    private static DcsEntry.Config config(Object value) {
        return new DcsEntry.Config(ConfigDocument.of(Map.of("value", value)));
    }

    private static DcsEntry.Member member(MemberName name) {
        return new DcsEntry.Member(
                MemberStatus.builder(name)
                        .connUrl("postgres://127.0.0.1:5432/postgres")
                        .apiUrl("http://127.0.0.1:8008/patroni")
                        .version("4.1.4")
                        .position(Lsn.of(50331744))
                        .timeline(Timeline.of(3))
                        .build());
    }

    /// Lets time go by until the condition holds: some stores end a session at twice its ttl, or a
    /// little later.
    private void passUntil(String what, Callable<Boolean> condition) throws Exception {
        for (int i = 0; i < 80; i++) {
            if (condition.call()) {
                return;
            }
            harness().pass(ttl().dividedBy(10));
        }
        throw new AssertionError("time went by in vain until " + what);
    }

    @Test
    void claims_the_capabilities_that_are_expected() {
        assertThat(open(A).capabilities()).isEqualTo(harness().capabilities());
    }

    @Nested
    class Reading {

        @Test
        void a_cluster_without_keys_reads_as_empty() throws InterruptedException {
            ClusterView view = view(open(A));
            assertThat(view.initialization()).isEqualTo(new Initialization.Absent());
            assertThat(view.config()).isNull();
            assertThat(view.leader().isFree()).isTrue();
            assertThat(view.members()).isEmpty();
            assertThat(view.status()).isEqualTo(ClusterStatus.UNKNOWN);
            assertThat(view.sync()).isEqualTo(new Versioned<>(SyncState.EMPTY, ClusterView.ABSENT));
            assertThat(view.failover()).isNull();
            assertThat(view.history()).isNull();
            assertThat(view.failsafe()).isEmpty();
            assertThat(view.problems()).isEmpty();
        }

        @Test
        void every_entry_reads_back_as_it_was_written() throws InterruptedException {
            DistributedConfigStore store = open(A);
            ConfigDocument document =
                    ConfigDocument.of(
                            Map.of("ttl", 30L, "postgresql", Map.of("ä", List.of(1L, true))));
            ClusterStatus status =
                    new ClusterStatus(Lsn.of(1L << 40), Map.of("a", Lsn.of(5)), Set.of("a", "b"));
            SyncState sync = SyncState.of(A, List.of(B, MemberName.of("c")), 1);
            FailoverRequest failover =
                    new FailoverRequest.Switchover(
                            A, B, new FailoverRequest.Schedule("someday", null));
            TimelineHistory history =
                    new TimelineHistory(
                            List.of(
                                    new TimelineHistory.Switch(
                                            Timeline.FIRST,
                                            Lsn.of(7),
                                            "no recovery target specified",
                                            "2026-11-23T18:03:47+00:00",
                                            "a")));
            write(store, new DcsEntry.Initialize(SYSTEM));
            Revision configured = write(store, new DcsEntry.Config(document));
            write(store, new DcsEntry.Status(status));
            Revision synced = write(store, new DcsEntry.Sync(sync));
            Revision requested = write(store, new DcsEntry.Failover(failover));
            write(store, new DcsEntry.History(history));
            write(store, new DcsEntry.Failsafe(Map.of(A, "http://a/patroni")));
            write(store, member(A));

            ClusterView view = view(store);
            assertThat(view.initialization()).isEqualTo(new Initialization.Done(SYSTEM));
            assertThat(view.config()).isEqualTo(new Versioned<>(document, configured));
            assertThat(view.status()).isEqualTo(status);
            assertThat(view.sync()).isEqualTo(new Versioned<>(sync, synced));
            assertThat(view.failover()).isEqualTo(new Versioned<>(failover, requested));
            assertThat(view.history()).isEqualTo(history);
            assertThat(view.failsafe()).isEqualTo(Map.of(A, "http://a/patroni"));
            assertThat(view.members()).isEqualTo(Map.of(A, member(A).status()));
        }

        @Test
        void a_read_sees_what_another_store_wrote_before_it() throws InterruptedException {
            DistributedConfigStore writer = open(A);
            DistributedConfigStore reader = open(B);
            for (long i = 0; i < harness().fuzzRounds(); i++) {
                Revision revision = write(writer, config(i));
                assertThat(view(reader).config())
                        .isEqualTo(new Versioned<>(config(i).document(), revision));
            }
        }

        @Test
        void a_tool_that_is_no_member_reads_too() throws InterruptedException {
            write(open(A), member(A));
            DistributedConfigStore tool = harness().open(null, ttl());
            opened.add(tool);
            assertThat(view(tool).members()).containsKey(A);
        }

        @Test
        void a_long_value_survives() throws InterruptedException {
            DistributedConfigStore store = open(A);
            DcsEntry.Config large = config("ß𝄞\\\"\n".repeat(2_000));
            Revision revision = write(store, large);
            assertThat(view(store).config()).isEqualTo(new Versioned<>(large.document(), revision));
        }
    }

    @Nested
    class Writing {

        @Test
        void what_must_be_absent_is_created_once() throws InterruptedException {
            DistributedConfigStore store = open(A);
            DistributedConfigStore other = open(B);
            applied(store.write(new DcsEntry.Initialize(null), Precondition.absent(), by()));
            refused(other.write(new DcsEntry.Initialize(SYSTEM), Precondition.absent(), by()));
            assertThat(view(other).initialization()).isEqualTo(new Initialization.InProgress());
        }

        @Test
        void a_write_at_the_revision_that_was_read_is_applied() throws InterruptedException {
            DistributedConfigStore store = open(A);
            Revision first = write(store, config(1L));
            Revision second = applied(store.write(config(2L), Precondition.at(first), by()));
            assertThat(second).isNotEqualTo(first);
            assertThat(view(store).config())
                    .isEqualTo(new Versioned<>(config(2L).document(), second));
        }

        @Test
        void a_write_at_an_older_revision_is_refused_and_changes_nothing()
                throws InterruptedException {
            DistributedConfigStore store = open(A);
            Revision first = write(store, config(1L));
            Revision second = write(store, config(2L));
            refused(store.write(config(3L), Precondition.at(first), by()));
            assertThat(view(store).config())
                    .isEqualTo(new Versioned<>(config(2L).document(), second));
        }

        @Test
        void the_first_revision_of_a_key_guards_like_any_other() throws InterruptedException {
            DistributedConfigStore store = open(A);
            Revision created = applied(store.write(config(1L), Precondition.absent(), by()));
            applied(open(B).write(config(2L), Precondition.at(created), by()));
            refused(store.write(config(3L), Precondition.at(created), by()));
        }

        @Test
        void a_write_at_the_revision_of_a_deleted_key_is_refused() throws InterruptedException {
            DistributedConfigStore store = open(A);
            Revision revision = write(store, new DcsEntry.Sync(SyncState.of(A, List.of(B), 0)));
            applied(store.delete(DcsKey.SYNC, Precondition.at(revision), by()));
            refused(
                    store.write(
                            new DcsEntry.Sync(SyncState.of(A, List.of(), 0)),
                            Precondition.at(revision),
                            by()));
            assertThat(view(store).sync().value()).isEqualTo(SyncState.EMPTY);
        }

        @Test
        void what_reads_as_absent_can_be_written_at_that_revision() throws InterruptedException {
            DistributedConfigStore store = open(A);
            Revision absent = view(store).sync().revision();
            DcsEntry.Sync entry = new DcsEntry.Sync(SyncState.of(A, List.of(), 0));
            applied(store.write(entry, Precondition.at(absent), by()));
            refused(store.write(entry, Precondition.at(absent), by()));
        }

        @Test
        void a_delete_at_an_older_revision_is_refused() throws InterruptedException {
            DistributedConfigStore store = open(A);
            Revision first = write(store, config(1L));
            write(store, config(2L));
            refused(store.delete(DcsKey.CONFIG, Precondition.at(first), by()));
            assertThat(view(store).config()).isNotNull();
        }

        @Test
        void deleting_what_is_not_there_is_applied() throws InterruptedException {
            DistributedConfigStore store = open(A);
            applied(store.delete(DcsKey.SYNC, Precondition.whatever(), by()));
        }

        @Test
        void an_emptied_request_is_no_request() throws InterruptedException {
            DistributedConfigStore store = open(A);
            write(store, new DcsEntry.Failover(new FailoverRequest.Failover(B)));
            write(store, new DcsEntry.Failover(null));
            assertThat(view(store).failover()).isNull();
        }

        @Test
        void a_deleted_cluster_has_no_key_left() throws InterruptedException {
            DistributedConfigStore store = open(A);
            granted(acquire(store, A));
            write(store, member(A));
            write(store, config(1L));
            write(store, new DcsEntry.Initialize(SYSTEM));
            applied(store.deleteCluster(by()));
            ClusterView view = view(open(B));
            assertThat(view.initialization()).isEqualTo(new Initialization.Absent());
            assertThat(view.config()).isNull();
            assertThat(view.leader().isFree()).isTrue();
        }
    }

    @Nested
    class Leasing {

        @Test
        void a_free_key_is_granted_for_at_least_the_time_asked_for() throws InterruptedException {
            DistributedConfigStore store = open(A);
            LeaseGrant grant = granted(acquire(store, A));
            assertThat(grant.holder()).isEqualTo(A);
            assertThat(grant.ttl()).isGreaterThanOrEqualTo(ttl());
            assertThat(view(open(B)).leader())
                    .isEqualTo(new LeaderKey.HeldBy(A, grant.revision(), grant.session()));
        }

        @Test
        void a_held_key_is_refused_to_others() throws InterruptedException {
            granted(acquire(open(A), A));
            refused(acquire(open(B), B));
        }

        @Test
        void who_holds_the_key_is_granted_it_again() throws InterruptedException {
            DistributedConfigStore store = open(A);
            LeaseGrant first = granted(acquire(store, A));
            LeaseGrant second = granted(acquire(store, A));
            granted(renew(store, second));
            assertThat(second.session()).isEqualTo(first.session());
        }

        @Test
        void a_renewed_lease_outlives_its_ttl() throws InterruptedException {
            DistributedConfigStore store = open(A);
            DistributedConfigStore other = open(B);
            LeaseGrant grant = granted(acquire(store, A));
            for (int i = 0; i < 9; i++) {
                harness().pass(ttl().dividedBy(3));
                grant = granted(renew(store, grant));
                refused(acquire(other, B));
            }
        }

        @Test
        void a_lease_that_is_not_renewed_runs_out_and_stays_lost() throws Exception {
            DistributedConfigStore store = open(A);
            DistributedConfigStore other = open(B);
            LeaseGrant lost = granted(acquire(store, A));
            passUntil("the lease has run out", () -> view(other).leader().isFree());
            LeaseGrant won = granted(acquire(other, B));
            refused(renew(store, lost));
            refused(acquire(store, A));
            refused(store.releaseLeader(lost, by()));
            granted(renew(other, won));
            assertThat(view(store).leader().isHeldBy(B)).isTrue();
        }

        @Test
        void a_lease_that_ran_out_is_not_renewed_even_if_nobody_took_it() throws Exception {
            DistributedConfigStore store = open(A);
            DistributedConfigStore other = open(B);
            LeaseGrant lost = granted(acquire(store, A));
            passUntil("the lease has run out", () -> view(other).leader().isFree());
            refused(renew(store, lost));
            assertThat(view(other).leader().isFree()).isTrue();
            granted(acquire(store, A));
        }

        @Test
        void a_released_key_is_free_at_once_and_the_member_stays() throws InterruptedException {
            DistributedConfigStore store = open(A);
            DistributedConfigStore other = open(B);
            write(store, member(A));
            LeaseGrant held = granted(acquire(store, A));
            applied(store.releaseLeader(held, by()));
            granted(acquire(other, B));
            refused(renew(store, held));
            assertThat(view(other).members()).containsKey(A);
        }

        @Test
        void only_the_holder_releases() throws InterruptedException {
            DistributedConfigStore store = open(A);
            DistributedConfigStore other = open(B);
            LeaseGrant released = granted(acquire(store, A));
            applied(store.releaseLeader(released, by()));
            granted(acquire(other, B));
            refused(store.releaseLeader(released, by()));
            assertThat(view(store).leader().isHeldBy(B)).isTrue();
        }

        @Test
        void taking_overwrites_whoever_holds_the_key() throws InterruptedException {
            DistributedConfigStore store = open(A);
            DistributedConfigStore other = open(B);
            LeaseGrant held = granted(acquire(store, A));
            LeaseGrant taken =
                    granted(
                            other.acquireLeader(
                                    new LeaseRequest(B, ttl(), LeaseRequest.Mode.TAKE), by()));
            refused(renew(store, held));
            granted(renew(other, taken));
        }

        @Test
        void a_process_that_starts_again_gets_its_own_key_back_at_once()
                throws InterruptedException {
            DistributedConfigStore before = open(A);
            LeaseGrant old = granted(acquire(before, A));
            DistributedConfigStore after = open(A);
            LeaseGrant fresh = granted(acquire(after, A));
            refused(renew(before, old));
            granted(renew(after, fresh));
            refused(acquire(open(B), B));
        }

        @Test
        void a_member_that_keeps_its_session_stays() throws InterruptedException {
            DistributedConfigStore store = open(A);
            DistributedConfigStore other = open(B);
            write(store, member(A));
            for (int i = 0; i < 9; i++) {
                harness().pass(ttl().dividedBy(3));
                applied(store.keepSession(ttl(), by()));
            }
            assertThat(view(other).members()).containsKey(A);
        }

        @Test
        void a_member_that_does_not_keep_its_session_vanishes_and_comes_back() throws Exception {
            Assumptions.assumeTrue(
                    harness().capabilities().expiry() == DcsCapabilities.Expiry.STORE);
            DistributedConfigStore store = open(A);
            DistributedConfigStore other = open(B);
            write(store, member(A));
            passUntil("the member is gone", () -> view(other).members().isEmpty());
            refused(store.keepSession(ttl(), by()));
            write(store, member(A));
            assertThat(view(other).members()).containsKey(A);
            applied(store.keepSession(ttl(), by()));
        }

        @Test
        void a_member_entry_is_written_even_when_the_session_was_lost_unnoticed() throws Exception {
            DistributedConfigStore store = open(A);
            DistributedConfigStore other = open(B);
            write(store, member(A));
            LeaseGrant lost = granted(acquire(store, A));
            passUntil("the lease has run out", () -> view(other).leader().isFree());
            write(store, member(A));
            assertThat(view(other).members()).containsKey(A);
            refused(renew(store, lost));
            assertThat(view(other).leader().isFree()).isTrue();
            if (harness().capabilities().expiry() == DcsCapabilities.Expiry.STORE) {
                passUntil("the member is gone again", () -> view(other).members().isEmpty());
            }
        }

        @Test
        void another_ttl_keeps_the_leader_and_the_member() throws Exception {
            DistributedConfigStore store = open(A);
            DistributedConfigStore other = open(B);
            write(store, member(A));
            LeaseGrant held = granted(acquire(store, A));
            Duration longer = ttl().multipliedBy(3);
            LeaseGrant renewed = granted(store.renewLeader(new LeaseRenewal(held, longer), by()));
            assertThat(renewed.ttl()).isGreaterThanOrEqualTo(longer);
            harness().pass(ttl().multipliedBy(2));
            refused(acquire(other, B));
            assertThat(view(other).members()).containsKey(A);
            granted(store.renewLeader(new LeaseRenewal(renewed, ttl()), by()));
            refused(acquire(other, B));
            passUntil("the shorter lease has run out", () -> view(other).leader().isFree());
        }
    }

    @Nested
    class Watching {

        private final Queue<Hint> hints = new ConcurrentLinkedQueue<>();

        private void awaitHint(Queue<Hint> heard, Hint wanted) {
            Eventually.await(
                    "a hint about " + wanted + " arrives",
                    () -> {
                        if (!heard.contains(wanted)) {
                            harness().pass(ttl().dividedBy(20));
                        }
                        return heard.contains(wanted);
                    });
        }

        @Test
        void a_change_of_leader_wakes_the_others() throws InterruptedException {
            DistributedConfigStore store = open(A);
            DistributedConfigStore other = open(B);
            view(other);
            Subscription watch = other.watch(hints::add);
            LeaseGrant held = granted(acquire(store, A));
            awaitHint(hints, Hint.LEADER);
            hints.clear();
            applied(store.releaseLeader(held, by()));
            awaitHint(hints, Hint.LEADER);
            watch.close();
        }

        @Test
        void a_lease_that_runs_out_wakes_the_others() throws InterruptedException {
            Assumptions.assumeTrue(
                    harness().capabilities().expiry() == DcsCapabilities.Expiry.STORE);
            DistributedConfigStore store = open(A);
            DistributedConfigStore other = open(B);
            granted(acquire(store, A));
            view(other);
            other.watch(hints::add);
            awaitHint(hints, Hint.LEADER);
        }

        @Test
        void requests_and_settings_wake_everybody() throws InterruptedException {
            DistributedConfigStore store = open(A);
            DistributedConfigStore other = open(B);
            view(other);
            other.watch(hints::add);
            write(store, config(1L));
            awaitHint(hints, Hint.CONFIG);
            write(store, new DcsEntry.Failover(new FailoverRequest.Failover(B)));
            awaitHint(hints, Hint.FAILOVER);
        }

        @Test
        void a_closed_subscription_hears_nothing_more() throws InterruptedException {
            DistributedConfigStore store = open(A);
            DistributedConfigStore other = open(B);
            view(other);
            Subscription closed = other.watch(hints::add);
            closed.close();
            closed.close();
            hints.clear();
            Queue<Hint> heard = new ConcurrentLinkedQueue<>();
            other.watch(heard::add);
            granted(acquire(store, A));
            awaitHint(heard, Hint.LEADER);
            assertThat(hints).isEmpty();
        }
    }

    @Nested
    class Closing {

        @Test
        void a_closed_store_leaves_its_lease_to_run_out() throws InterruptedException {
            DistributedConfigStore store = open(A);
            DistributedConfigStore other = open(B);
            write(store, member(A));
            granted(acquire(store, A));
            store.close();
            refused(acquire(other, B));
            assertThat(view(other).members()).containsKey(A);
            granted(acquire(open(A), A));
        }

        @Test
        void what_is_called_afterwards_is_unknown() throws InterruptedException {
            DistributedConfigStore store = open(A);
            LeaseGrant held = granted(acquire(store, A));
            store.close();
            store.close();
            assertThat(store.read(shortly())).isInstanceOf(ReadResult.Unknown.class);
            assertThat(store.write(config(1L), Precondition.whatever(), shortly()))
                    .isInstanceOf(WriteResult.Unknown.class);
            assertThat(store.renewLeader(new LeaseRenewal(held, ttl()), shortly()))
                    .isInstanceOf(LeaseResult.Unknown.class);
            store.watch(_ -> {}).close();
        }

        @Test
        void no_thread_outlives_its_store() throws InterruptedException {
            Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
            DistributedConfigStore store = open(A);
            store.watch(_ -> {});
            granted(acquire(store, A));
            view(store);
            store.close();
            Eventually.await(
                    "the threads of a closed store are gone",
                    () -> {
                        List<String> left =
                                Thread.getAllStackTraces().keySet().stream()
                                        .filter(t ->
                                                !before.contains(t)
                                                        && t.isAlive()
                                                        && !harness().isShared(t))
                                        .map(Thread::getName)
                                        .toList();
                        assertThat(left).isEmpty();
                        return true;
                    });
        }
    }

    @Nested
    class Silence {

        @BeforeEach
        void the_store_can_be_silenced() {
            Assumptions.assumeTrue(harness().canBeSilenced());
        }

        @Test
        void nothing_is_known_until_the_deadline_and_nothing_is_waited_for_after_it()
                throws InterruptedException {
            DistributedConfigStore store = open(A);
            LeaseGrant held = granted(acquire(store, A));
            harness().silence(true);
            assertThat(store.read(shortly())).isInstanceOf(ReadResult.Unknown.class);
            assertThat(store.write(config(1L), Precondition.whatever(), shortly()))
                    .isInstanceOf(WriteResult.Unknown.class);
            assertThat(store.write(member(A), Precondition.whatever(), shortly()))
                    .isInstanceOf(WriteResult.Unknown.class);
            assertThat(store.delete(DcsKey.SYNC, Precondition.whatever(), shortly()))
                    .isInstanceOf(WriteResult.Unknown.class);
            assertThat(store.keepSession(ttl(), shortly())).isInstanceOf(WriteResult.Unknown.class);
            assertThat(store.renewLeader(new LeaseRenewal(held, ttl()), shortly()))
                    .isInstanceOf(LeaseResult.Unknown.class);
            assertThat(store.releaseLeader(held, shortly()))
                    .isInstanceOf(WriteResult.Unknown.class);
            harness().silence(false);
        }

        @Test
        void a_silent_store_grants_nothing() throws InterruptedException {
            DistributedConfigStore store = open(A);
            view(store);
            harness().silence(true);
            assertThat(
                            store.acquireLeader(
                                    new LeaseRequest(A, ttl(), LeaseRequest.Mode.IF_FREE),
                                    shortly()))
                    .isInstanceOf(LeaseResult.Unknown.class);
            harness().silence(false);
            Eventually.await(
                    "the store answers again",
                    () -> acquire(store, A) instanceof LeaseResult.Granted);
        }

        @Test
        void after_it_the_store_works_again() throws InterruptedException {
            DistributedConfigStore store = open(A);
            write(store, config(1L));
            harness().silence(true);
            assertThat(store.read(shortly())).isInstanceOf(ReadResult.Unknown.class);
            harness().silence(false);
            Eventually.await(
                    "the store answers again", () -> store.read(by()) instanceof ReadResult.Seen);
            write(store, config(2L));
            assertThat(Objects.requireNonNull(view(store).config()).value())
                    .isEqualTo(config(2L).document());
        }

        @Test
        void an_interrupt_ends_the_wait() throws InterruptedException {
            DistributedConfigStore store = open(A);
            view(store);
            harness().silence(true);
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class)
                    .isThrownBy(() -> store.write(config(1L), Precondition.whatever(), by()));
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            harness().silence(false);
        }
    }

    @Nested
    class Fuzz {

        private static final int CONTENDERS = 5;

        private void together(List<Callable<Void>> all) throws Exception {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<Void> future : threads.invokeAll(all)) {
                    future.get();
                }
            }
        }

        private MemberName contender(int i) {
            return MemberName.of("m" + i);
        }

        @Test
        void the_leader_key_has_one_holder_at_a_time() throws Exception {
            AtomicInteger holders = new AtomicInteger();
            AtomicInteger grants = new AtomicInteger();
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < CONTENDERS; i++) {
                MemberName self = contender(i);
                DistributedConfigStore store = open(self);
                all.add(() -> {
                    for (int round = 0; round < harness().fuzzRounds(); round++) {
                        if (acquire(store, self) instanceof LeaseResult.Granted(LeaseGrant grant)) {
                            grants.incrementAndGet();
                            assertThat(holders.incrementAndGet()).isEqualTo(1);
                            granted(renew(store, grant));
                            holders.decrementAndGet();
                            applied(store.releaseLeader(grant, by()));
                        }
                    }
                    return null;
                });
            }
            together(all);
            assertThat(grants).hasPositiveValue();
        }

        @Test
        void a_key_that_ran_out_is_won_once_and_never_renewed_by_its_old_holder() throws Exception {
            DistributedConfigStore old = open(A);
            LeaseGrant lost = granted(acquire(old, A));
            AtomicInteger winners = new AtomicInteger();
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < CONTENDERS; i++) {
                MemberName self = contender(i);
                DistributedConfigStore store = open(self);
                all.add(() -> {
                    if (acquire(store, self) instanceof LeaseResult.Granted) {
                        winners.incrementAndGet();
                    }
                    return null;
                });
            }
            passUntil(
                    "somebody else has won",
                    () -> {
                        together(all);
                        return winners.get() > 0;
                    });
            assertThat(winners).hasValue(1);
            refused(renew(old, lost));
        }

        @Test
        void no_guarded_write_is_lost_or_counted_twice() throws Exception {
            write(open(A), config(0L));
            AtomicInteger applied = new AtomicInteger();
            AtomicInteger unknown = new AtomicInteger();
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < CONTENDERS; i++) {
                DistributedConfigStore store = open(contender(i));
                all.add(() -> {
                    for (int round = 0; round < harness().fuzzRounds(); round++) {
                        Versioned<ConfigDocument> now =
                                Objects.requireNonNull(view(store).config());
                        long value = (Long) Objects.requireNonNull(now.value().at("value"));
                        switch (store.write(
                                config(value + 1), Precondition.at(now.revision()), by())) {
                            case WriteResult.Applied _ -> applied.incrementAndGet();
                            case WriteResult.Unknown _ -> unknown.incrementAndGet();
                            case WriteResult.Refused _ -> {}
                        }
                    }
                    return null;
                });
            }
            together(all);
            Object last = Objects.requireNonNull(view(open(B)).config()).value().at("value");
            assertThat((Long) last)
                    .isBetween((long) applied.get(), (long) applied.get() + unknown.get());
            assertThat(applied).hasPositiveValue();
        }

        @Test
        void one_of_many_creates_what_must_be_absent() throws Exception {
            AtomicInteger created = new AtomicInteger();
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < CONTENDERS; i++) {
                DistributedConfigStore store = open(contender(i));
                all.add(() -> {
                    if (store.write(new DcsEntry.Initialize(null), Precondition.absent(), by())
                            .isApplied()) {
                        created.incrementAndGet();
                    }
                    return null;
                });
            }
            together(all);
            assertThat(created).hasValue(1);
        }

        @Test
        void concurrent_first_calls_open_one_session() throws Exception {
            DistributedConfigStore store = open(A);
            Set<Revision> sessions = java.util.concurrent.ConcurrentHashMap.newKeySet();
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < CONTENDERS; i++) {
                all.add(() -> {
                    sessions.add(applied(store.keepSession(ttl(), by())));
                    return null;
                });
            }
            together(all);
            assertThat(sessions).hasSize(1);
        }

        @Test
        void another_ttl_leaves_no_gap_in_which_others_are_granted() throws Exception {
            DistributedConfigStore store = open(A);
            LeaseGrant[] held = {granted(acquire(store, A))};
            List<Callable<Void>> all = new ArrayList<>();
            all.add(() -> {
                for (int round = 0; round < harness().fuzzRounds(); round++) {
                    Duration wanted = ttl().multipliedBy(2 + round % 2);
                    held[0] = granted(store.renewLeader(new LeaseRenewal(held[0], wanted), by()));
                }
                return null;
            });
            for (int i = 0; i < CONTENDERS; i++) {
                MemberName self = contender(i);
                DistributedConfigStore other = open(self);
                all.add(() -> {
                    for (int round = 0; round < harness().fuzzRounds(); round++) {
                        refused(acquire(other, self));
                    }
                    return null;
                });
            }
            together(all);
            granted(renew(store, held[0]));
        }
    }
}
