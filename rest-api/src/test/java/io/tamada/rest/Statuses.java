package io.tamada.rest;

import io.tamada.ha.HaStatus;
import io.tamada.ha.model.ClusterSettings;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.MemberSettings;
import io.tamada.ha.model.PendingRestart;
import io.tamada.ha.model.PostgresState;
import io.tamada.ha.model.ScheduledRestart;
import io.tamada.ha.model.SyncState;
import io.tamada.ha.model.SystemId;
import io.tamada.ha.model.Tags;
import io.tamada.ha.model.Timeline;
import io.tamada.ha.model.WalSender;
import io.tamada.ha.time.TimeSource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Builds statuses: a test says what differs from a healthy member of the cluster `batman`.
final class Statuses {

    static final MemberName PG0 = MemberName.of("pg0");
    static final MemberName PG1 = MemberName.of("pg1");
    static final SystemId SYSTEM = new SystemId("7711428675501749787");
    static final Instant STARTED = Instant.parse("2026-11-23T18:01:43.384040Z");
    static final long NOW = 1_000_000_000_000L;
    static final long SECOND = 1_000_000_000L;

    private MemberName name = PG0;
    private Tags tags = Tags.NONE;
    private ClusterSettings settings = ClusterSettings.DEFAULT;
    private @Nullable ClusterView view;
    private long now = NOW;
    private long viewAge;
    private @Nullable Instant seen = Instant.ofEpochSecond(1_795_456_978);
    private LocalPostgres postgres;
    private PostgresState state = PostgresState.RUNNING;
    private MemberRole role;
    private @Nullable Long leaseLeft;
    private PendingRestart pending = PendingRestart.NONE;
    private @Nullable ScheduledRestart scheduled;
    private boolean failsafe;
    private boolean watchdogFailed;
    private long nextTurnIn = 10 * SECOND;
    private @Nullable String generation;
    private @Nullable String task;
    private @Nullable String alarm;

    private Statuses(LocalPostgres postgres, MemberRole role) {
        this.postgres = postgres;
        this.role = role;
        this.view = ClusterView.builder().leader(PG0).initialized(SYSTEM).build();
    }

    static Statuses primary() {
        Statuses s = new Statuses(primaryServer(List.of()), MemberRole.PRIMARY);
        s.leaseLeft = 20 * SECOND;
        return s;
    }

    static Statuses replica() {
        Statuses s =
                new Statuses(
                        standby(50_331_744, 50_331_700, "streaming", null), MemberRole.REPLICA);
        s.name = PG1;
        return s;
    }

    static Statuses of(HaStatus status) {
        Statuses s = new Statuses(status.postgres(), status.role());
        s.name = status.member().name();
        s.tags = status.tags();
        s.settings = status.settings();
        s.view = status.view();
        s.state = status.state();
        s.leaseLeft = status.leaseEdgeNanos() == null ? null : 20 * SECOND;
        return s;
    }

    static LocalPostgres.Server server(List<WalSender> senders) {
        return new LocalPostgres.Server(
                SYSTEM,
                150_018,
                STARTED,
                Timeline.FIRST,
                true,
                PendingRestart.NONE,
                senders,
                Map.of());
    }

    static LocalPostgres.Primary primaryServer(List<WalSender> senders) {
        return new LocalPostgres.Primary(server(senders), Lsn.of(50_331_744), "", "on", null, true);
    }

    static LocalPostgres.Standby standby(
            long received, long replayed, @Nullable String state, @Nullable Long sourceEnd) {
        return new LocalPostgres.Standby(
                server(List.of()),
                Lsn.of(received),
                Lsn.of(replayed),
                null,
                false,
                state,
                null,
                sourceEnd == null ? null : Lsn.of(sourceEnd));
    }

    static LocalPostgres stopped() {
        return new LocalPostgres.Stopped(null, true, false, false, null);
    }

    /// Clock readings are relative to this clock's present one.
    Statuses at(TimeSource time) {
        now = time.nanos();
        return this;
    }

    Statuses tags(Map<String, Object> all) {
        tags = new Tags(all);
        return this;
    }

    Statuses config(Map<String, Object> config) {
        settings = ClusterSettings.of(ConfigDocument.of(config));
        return this;
    }

    Statuses view(@Nullable ClusterView value) {
        view = value;
        return this;
    }

    Statuses sync(MemberName leader, List<MemberName> standbys) {
        view = ClusterView.builder().leader(PG0).sync(SyncState.of(leader, standbys, 0)).build();
        return this;
    }

    Statuses staleView() {
        viewAge = 31 * SECOND;
        return this;
    }

    Statuses neverSeen() {
        view = null;
        seen = null;
        return this;
    }

    Statuses postgres(LocalPostgres value) {
        postgres = value;
        return this;
    }

    Statuses state(PostgresState value) {
        state = value;
        return this;
    }

    Statuses role(MemberRole value) {
        role = value;
        return this;
    }

    Statuses leading() {
        leaseLeft = 20 * SECOND;
        return this;
    }

    Statuses withoutLease() {
        leaseLeft = null;
        return this;
    }

    Statuses pending(PendingRestart value) {
        pending = value;
        return this;
    }

    Statuses scheduled(ScheduledRestart value) {
        scheduled = value;
        return this;
    }

    Statuses failsafe() {
        failsafe = true;
        return this;
    }

    Statuses watchdogFailed() {
        watchdogFailed = true;
        return this;
    }

    Statuses nextTurnIn(long seconds) {
        nextTurnIn = seconds * SECOND;
        return this;
    }

    Statuses generation(String value) {
        generation = value;
        return this;
    }

    Statuses alarm(String value) {
        alarm = value;
        return this;
    }

    Statuses task(String title) {
        task = title;
        return this;
    }

    HaStatus build() {
        return new HaStatus(
                "batman",
                MemberSettings.of(
                        name,
                        "http://127.0.0.1:8008/patroni",
                        "postgres://127.0.0.1:5432/postgres"),
                tags,
                settings,
                view,
                now - viewAge,
                seen,
                true,
                postgres,
                state,
                role,
                SYSTEM,
                pending,
                scheduled,
                leaseLeft == null ? null : Long.valueOf(now + leaseLeft),
                failsafe,
                watchdogFailed,
                alarm,
                generation,
                task,
                null,
                "LEADER_HOLDS",
                "hold",
                now,
                now + nextTurnIn,
                Map.of("LEADER_HOLDS", 3L));
    }
}
