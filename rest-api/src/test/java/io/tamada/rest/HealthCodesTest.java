package io.tamada.rest;

import static io.tamada.rest.Statuses.NOW;
import static io.tamada.rest.Statuses.PG0;
import static io.tamada.rest.Statuses.PG1;
import static io.tamada.rest.Statuses.primary;
import static io.tamada.rest.Statuses.replica;
import static io.tamada.rest.Statuses.standby;
import static io.tamada.rest.Statuses.stopped;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.HaStatus;
import io.tamada.ha.model.ClusterStatus;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.LocalPostgres;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberRole;
import io.tamada.ha.model.PostgresState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HealthCodesTest {

    private static final Map<String, Object> SYNC = Map.of("synchronous_mode", true);
    private static final Map<String, Object> QUORUM = Map.of("synchronous_mode", "quorum");
    private static final Map<String, Object> STANDBY_CLUSTER =
            Map.of("standby_cluster", Map.of("host", "far"));
    private static final Map<String, Object> PAUSED = Map.of("pause", true);

    /// Each member with the paths that say yes; all others say no.
    static Stream<Arguments> members() {
        return Stream.of(
                row(
                        "primary",
                        primary(),
                        "/ /primary /master /read-write /leader /read-only /health /read-only-sync"
                                + " /read-only-synchronous /read-only-quorum"),
                row("primary whose lease is gone", primary().withoutLease(), "/health"),
                row(
                        "lease, but crashed",
                        primary().postgres(stopped()).state(PostgresState.CRASHED),
                        "/leader"),
                row(
                        "lease, not promoted yet",
                        replica().leading(),
                        "/leader /health /replica /read-only /async /asynchronous"),
                row(
                        "lease, and the server is slow to answer",
                        primary()
                                .postgres(
                                        new LocalPostgres.Unresponsive(
                                                null, true, Duration.ofSeconds(1), "slow")),
                        "/ /primary /master /read-write /leader /read-only /read-only-sync /read-only-synchronous"
                                + " /read-only-quorum"),
                row("replica", replica(), "/replica /read-only /async /asynchronous /health"),
                row("replica whose engine hangs", replica().nextTurnIn(-60), ""),
                row("replica, no load", replica().tags(Map.of("noloadbalance", true)), "/health"),
                row(
                        "replica, stopped",
                        replica().postgres(stopped()).state(PostgresState.STOPPED),
                        ""),
                row(
                        "synchronous standby",
                        replica().config(SYNC).sync(PG0, List.of(PG1)),
                        "/replica /read-only /health /sync /synchronous /read-only-sync /read-only-synchronous"),
                row(
                        "listed in sync, but the mode is off",
                        replica().sync(PG0, List.of(PG1)),
                        "/replica /read-only /health /async /asynchronous"),
                row(
                        "quorum standby",
                        replica().config(QUORUM).sync(PG0, List.of(PG1)),
                        "/replica /read-only /health /quorum /read-only-quorum"),
                row(
                        "replica with an old view",
                        replica().config(SYNC).sync(PG0, List.of(PG1)).staleView(),
                        "/replica /read-only /health"),
                row(
                        "standby leader",
                        replica().config(STANDBY_CLUSTER).role(MemberRole.STANDBY_LEADER).leading(),
                        "/leader /standby-leader /standby_leader /read-only /read-only-sync /read-only-synchronous"
                                + " /read-only-quorum /health"),
                row(
                        "replica in a standby cluster",
                        replica().config(STANDBY_CLUSTER),
                        "/replica /read-only /async /asynchronous /health"),
                row(
                        "paused primary without a store",
                        primary().config(PAUSED).withoutLease().neverSeen(),
                        "/ /primary /master /read-write /leader /read-only /health"),
                row(
                        "paused primary with a store, without a lease",
                        primary().config(PAUSED).withoutLease(),
                        "/health"));
    }

    private static Arguments row(String name, Statuses status, String yes) {
        return Arguments.of(
                name, status.build(), yes.isEmpty() ? Set.of() : Set.of(yes.split(" ")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("members")
    void saysYesUnderTheRightPaths(String name, HaStatus status, Set<String> yes) {
        Set<String> found = new TreeSet<>();
        for (HealthCheck check : HealthCheck.values()) {
            for (String path : check.paths()) {
                if (HealthCodes.code(check, Map.of(), status, NOW) == HealthCodes.YES) {
                    found.add("/" + path);
                }
            }
        }
        assertThat(found).isEqualTo(new TreeSet<>(yes));
    }

    @Test
    void pathsMatchExactlyButForASlashAtTheEnd() {
        assertThat(HealthCheck.of("/")).isEqualTo(HealthCheck.PRIMARY);
        assertThat(HealthCheck.of("/replica/")).isEqualTo(HealthCheck.REPLICA);
        assertThat(HealthCheck.of("/xleaderx")).isNull();
        assertThat(HealthCheck.of("/replica/more")).isNull();
        assertThat(HealthCheck.of("/Primary")).isNull();
    }

    static Stream<Arguments> questions() {
        return Stream.of(
                Arguments.of("/replica", "lag=43", false),
                Arguments.of("/replica", "lag=44", true),
                Arguments.of("/replica", "lag=1kB", true),
                Arguments.of("/replica", "lag=nonsense", true),
                Arguments.of("/read-only", "lag=43", false),
                Arguments.of("/async", "lag=43", false),
                Arguments.of("/replica", "min_lsn=0/3000034", true),
                Arguments.of("/replica", "min_lsn=0/3000035", false),
                Arguments.of("/replica", "min_lsn=50331700", true),
                Arguments.of("/replica", "min_lsn=50331701", false),
                Arguments.of("/read-only", "min_lsn=nonsense", false),
                Arguments.of("/replica", "min_lsn=-5", false),
                Arguments.of("/health", "lag=0", true),
                Arguments.of("/replica", "replication_state=streaming", true),
                Arguments.of("/replica", "replication_state=in+archive+recovery", false),
                Arguments.of("/replica", "tag_clonefrom=true", true),
                Arguments.of("/replica", "tag_clonefrom=True", false),
                Arguments.of("/replica", "tag_zone=A", true),
                Arguments.of("/replica", "tag_zone=a", false),
                Arguments.of("/replica", "tag_ratio=1.4", true),
                Arguments.of("/replica", "tag_missing=1", false),
                Arguments.of("/health", "tag_missing=1", false),
                Arguments.of("/replica", "tag_zone=A&tag_zone=b", true),
                Arguments.of("/replica", "tag_zone=", true));
    }

    @ParameterizedTest(name = "{0}?{1}")
    @MethodSource("questions")
    void honoursTheQuery(String path, String query, boolean yes) {
        HaStatus status =
                replica()
                        .tags(Map.of("clonefrom", true, "zone", "A", "ratio", 1.4))
                        .view(
                                ClusterView.builder()
                                        .leader(PG0)
                                        .status(
                                                new ClusterStatus(
                                                        Lsn.of(50_331_744), Map.of(), Set.of()))
                                        .build())
                        .build();
        HealthCheck check = Objects.requireNonNull(HealthCheck.of(path));
        assertThat(HealthCodes.code(check, Request.query(query), status, NOW))
                .isEqualTo(yes ? HealthCodes.YES : HealthCodes.NO);
    }

    @Test
    void tagsDontMatterForThePrimary() {
        assertThat(
                        HealthCodes.code(
                                HealthCheck.PRIMARY, Map.of("tag_x", "y"), primary().build(), NOW))
                .isEqualTo(HealthCodes.YES);
    }

    @Test
    void lagIsJudgedByWhatTheSourceSaysWhereTheStoreIsSilent() {
        HaStatus status =
                replica().postgres(standby(1000, 900, "streaming", 1000L)).staleView().build();
        assertThat(HealthCodes.code(HealthCheck.REPLICA, Map.of("lag", "99"), status, NOW))
                .isEqualTo(HealthCodes.NO);
        assertThat(HealthCodes.code(HealthCheck.REPLICA, Map.of("lag", "100"), status, NOW))
                .isEqualTo(HealthCodes.YES);
    }

    static Stream<Arguments> lives() {
        return Stream.of(
                Arguments.of("primary, late by less than the ttl", primary().nextTurnIn(-29), true),
                Arguments.of("primary, late by the ttl", primary().nextTurnIn(-30), false),
                Arguments.of(
                        "replica, late by less than twice the ttl",
                        replica().nextTurnIn(-59),
                        true),
                Arguments.of("replica, late by twice the ttl", replica().nextTurnIn(-60), false),
                Arguments.of("paused", primary().config(PAUSED).nextTurnIn(-1000), true));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lives")
    void livenessFollowsTheTurns(String name, Statuses status, boolean yes) {
        assertThat(HealthCodes.liveness(status.build(), NOW)).isEqualTo(yes ? 200 : 503);
    }

    static Stream<Arguments> readies() {
        return Stream.of(
                Arguments.of("leader", primary(), "", true),
                Arguments.of(
                        "leader whose server is down", primary().postgres(stopped()), "", true),
                Arguments.of("primary without a lease", primary().withoutLease(), "", false),
                Arguments.of("streaming replica", replica(), "", true),
                Arguments.of(
                        "archive",
                        replica().postgres(standby(5, 5, "in archive recovery", null)),
                        "",
                        false),
                Arguments.of("stopping", replica().state(PostgresState.STOPPING), "", false),
                Arguments.of("no store", replica().neverSeen(), "", false),
                Arguments.of("no store, failsafe", replica().neverSeen().failsafe(), "", true),
                Arguments.of(
                        "behind the source",
                        replica().postgres(standby(9000, 10, "streaming", 9000L)),
                        "lag=8kB",
                        false),
                Arguments.of(
                        "behind, but received",
                        replica().postgres(standby(9000, 10, "streaming", 9000L)),
                        "lag=8kB&mode=write",
                        true),
                Arguments.of(
                        "default lag",
                        replica().postgres(standby(1, 1, "streaming", 1_048_577L)),
                        "",
                        true),
                Arguments.of(
                        "beyond the default lag",
                        replica().postgres(standby(1, 1, "streaming", 1_048_578L)),
                        "",
                        false));
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("readies")
    void readinessFollowsTheStream(String name, Statuses status, String query, boolean yes) {
        assertThat(HealthCodes.readiness(Request.query(query), status.build(), NOW))
                .isEqualTo(yes ? 200 : 503);
    }
}
