package io.tamada.dcs.raft;

import static io.tamada.dcs.raft.RaftGroup.in;
import static io.tamada.dcs.raft.RaftGroupTest.granted;
import static io.tamada.dcs.raft.RaftGroupTest.keys;
import static io.tamada.dcs.raft.RaftGroupTest.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.dcs.KeyValueStore.Range;
import io.tamada.dcs.KeyValueStore.Session;
import io.tamada.dcs.KeyValueStore.SessionResult;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.StoreServers;
import io.tamada.ha.dcs.WriteResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Members that are cut off, stopped, started again, or have lost their data.
class RaftFaultsTest {

    @TempDir @Nullable Path folder;

    private Path folder() {
        return Objects.requireNonNull(folder);
    }

    @Test
    void aLeaderThatIsCutOffKnowsNothingAndTheOthersGoOn() throws Exception {
        try (RaftGroup group = RaftGroup.started(3, folder())) {
            write(group.store(0), "a");
            int old = group.leader();
            group.isolate(old);
            write(group.store((old + 1) % 3), "b");
            assertThat(group.store(old).range(in(2))).isInstanceOf(Range.Unknown.class);
            assertThat(group.store(old).put("c", "lost", Precondition.whatever(), null, in(2)))
                    .isInstanceOf(WriteResult.Unknown.class);
            group.heal();
            assertThat(keys(group.store(old))).contains("a", "b");
        }
    }

    @Test
    void whileLeadersComeAndGoNoAcknowledgedWriteIsLostAndNoReadIsStale() throws Exception {
        try (RaftGroup group = RaftGroup.started(3, folder())) {
            write(group.store(0), "warm");
            CounterHistory history = new CounterHistory(group);
            history.begin();
            for (int round = 0; round < 4; round++) {
                int leader = group.leader();
                long before = history.acknowledged();
                if (round % 2 == 0) {
                    group.isolate(leader);
                } else {
                    history.pause(leader);
                    group.stop(leader);
                }
                RaftGroup.await(
                        "writes without the old leader", () -> history.acknowledged() > before + 5);
                if (round % 2 == 0) {
                    group.heal();
                } else {
                    group.start(leader);
                    history.resume();
                }
            }
            history.end();
            assertThat(history.problems()).isEmpty();
        }
    }

    /// Each connection ends while something is on its way on it.
    @Test
    void connectionsThatBreakAtWorkAreMadeAnewAndNobodyWaitsForTheOldOnes() throws Exception {
        try (RaftGroup group = RaftGroup.started(3, folder())) {
            CounterHistory history = new CounterHistory(group);
            history.begin();
            for (int round = 0; round < 25; round++) {
                long before = history.acknowledged();
                group.breakConnections();
                RaftGroup.await(
                        "writes on new connections", () -> history.acknowledged() > before + 20);
            }
            history.end();
            assertThat(history.problems()).isEmpty();
        }
    }

    @Test
    void aLeaseOutlivesAChangeOfLeaderAndEndsAfterItsTime() throws Exception {
        try (RaftGroup group = RaftGroup.started(3, folder())) {
            Duration ttl = Duration.ofSeconds(4);
            Session session = granted(group.store(0).openSession(ttl, in(20)));
            assertThat(
                            group.store(0)
                                    .put("leader", "x", Precondition.absent(), session, in(5))
                                    .isApplied())
                    .isTrue();
            long sent = RaftGroup.TIME.nanos();
            granted(group.store(0).renewSession(session, "leader", in(5)));
            int old = group.leader();
            RaftStore watcher = group.store((old + 1) % 3);
            group.isolate(old);
            while (keys(watcher).contains("leader")) {
                Thread.sleep(20);
            }
            long held = RaftGroup.TIME.nanos() - sent;
            assertThat(Duration.ofNanos(held)).isBetween(ttl, ttl.plusSeconds(3));
            assertThat(watcher.renewSession(session, "leader", in(5)))
                    .isInstanceOf(SessionResult.Lost.class);
        }
    }

    @Test
    void whoDoesNotKnowThePasswordGetsAndChangesNothing() throws Exception {
        try (RaftGroup group = RaftGroup.started(3, folder())) {
            write(group.store(0), "a");
            try (RaftStore stranger = group.client("guess");
                    RaftStore nobody = group.client("")) {
                assertThat(stranger.range(in(1))).isInstanceOf(Range.Unknown.class);
                assertThat(stranger.put("a", "mine", Precondition.whatever(), null, in(1)))
                        .isInstanceOf(WriteResult.Unknown.class);
                assertThat(nobody.range(in(1))).isInstanceOf(Range.Unknown.class);
            }
            group.stop(0);
            group.start(
                    0,
                    group.settings(
                            0,
                            "guess",
                            List.of(group.address(0), group.address(1), group.address(2))));
            assertThat(group.store(0).range(in(2))).isInstanceOf(Range.Unknown.class);
            try (RaftStore friend = group.client("secret")) {
                assertThat(keys(friend)).containsExactly("a");
            }
        }
    }

    @Test
    void aMemberThatLostItsDataGetsItFromTheOthers() throws Exception {
        try (RaftGroup group = RaftGroup.started(3, folder())) {
            write(group.store(0), "a");
            group.stop(2);
            delete(group.settings(2));
            group.start(2);
            assertThat(keys(group.store(2))).containsExactly("a");
            RaftGroup.await(
                    "it votes again", () -> !new DataFolderProbe(group.settings(2)).isJoining());
            group.stop(group.leader());
            write(group.store(group.leader()), "b");
        }
    }

    /// Two empty members are a majority, and what was acknowledged lies with the third one alone.
    @Test
    void membersThatForgotDoNotDecideWithoutTheOneThatKnows() throws Exception {
        try (RaftGroup group = RaftGroup.started(3, folder())) {
            write(group.store(0), "warm");
            group.stop(1);
            write(group.store(0), "a");
            group.stop(2);
            group.stop(0);
            delete(group.settings(2));
            // Member 1 has a log without "a", member 2 has forgotten that it acknowledged "a".
            group.start(1);
            group.start(2);
            assertThat(group.store(1).range(in(6))).isInstanceOf(Range.Unknown.class);
            group.start(0);
            assertThat(keys(group.store(1))).containsExactly("a", "warm");
            RaftGroup.await(
                    "member 2 has caught up",
                    () -> !new DataFolderProbe(group.settings(2)).isJoining());
        }
    }

    @Test
    void aNewMemberIsAddedAndCounts() throws Exception {
        try (RaftGroup group = new RaftGroup(4, folder())) {
            List<io.tamada.dcs.raft.wire.Address> three =
                    List.of(group.address(0), group.address(1), group.address(2));
            for (int i = 0; i < 3; i++) {
                group.start(i, group.settings(i, "secret", three));
            }
            write(group.store(0), "a");
            group.start(3);
            assertThat(keys(group.store(3))).containsExactly("a");
            RaftGroup.await("it votes", () -> !new DataFolderProbe(group.settings(3)).isJoining());
            group.stop(0);
            write(group.store(3), "b");
            group.stop(1);
            // Two of four are no majority.
            assertThat(group.store(3).range(in(2))).isInstanceOf(Range.Unknown.class);
        }
    }

    @Test
    void aMemberThatIsDeadForGoodCanBeLetGoAndComesBackWhenItIsStarted() throws Exception {
        try (RaftGroup group = RaftGroup.started(3, folder());
                RaftStore tool = group.client("secret")) {
            write(group.store(0), "a");
            StoreServers servers = tool.servers().orElseThrow();
            String dead = group.address(2).toString();
            assertThat(servers.remove(dead, in(20)))
                    .as("one that takes part")
                    .isInstanceOf(WriteResult.Refused.class);
            group.stop(2);
            RaftGroup.await("nobody hears of it", () -> !heard(servers, dead));
            assertThat(servers.remove(dead, in(20)).isApplied()).isTrue();
            assertThat(servers.remove(dead, in(20)).isApplied()).as("again").isTrue();
            assertThat(listed(servers))
                    .extracting(StoreServers.Server::address)
                    .containsExactlyInAnyOrder(
                            group.address(0).toString(), group.address(1).toString());
            assertThat(listed(servers)).filteredOn(StoreServers.Server::leads).hasSize(1);
            write(group.store(0), "b");
            group.start(2);
            RaftGroup.await("it takes part again", () -> heard(servers, dead));
            assertThat(keys(group.store(2))).containsExactly("a", "b");
            write(tool, "c");
        }
    }

    private static List<StoreServers.Server> listed(StoreServers servers) {
        try {
            return servers.list(in(20)) instanceof StoreServers.Listing.Seen(var found)
                    ? found
                    : List.of();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean heard(StoreServers servers, String address) {
        return listed(servers).stream()
                .anyMatch(server -> server.address().equals(address) && server.heard());
    }

    @Test
    void aClosedNodeLeavesNeitherThreadsNorPorts() throws Exception {
        try (RaftGroup warm = RaftGroup.started(3, folder().resolve("warm"))) {
            write(warm.store(0), "a");
        }
        Set<String> before = threads();
        for (int i = 0; i < 3; i++) {
            try (RaftGroup group = RaftGroup.started(3, folder().resolve("again" + i))) {
                write(group.store(0), "a");
                group.stop(0);
                group.start(0);
            }
        }
        RaftGroup.await("threads have ended", () -> before.containsAll(threads()));
    }

    /// The library's pools for the whole process stay.
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name ->
                        !name.matches(
                                "JRaft-(Rpc-Closure|Group-Default|Internal-Closure)-Executor.*"))
                .filter(name -> !name.startsWith("ForkJoinPool"))
                .map(name -> name.replaceAll("[0-9]+$", ""))
                .collect(Collectors.toSet());
    }

    private record DataFolderProbe(RaftSettings settings) {
        boolean isJoining() {
            return Files.exists(folder(settings).resolve("joining"));
        }
    }

    private static Path folder(RaftSettings settings) {
        return settings.dataDir()
                .resolve("raft-127.0.0.1_" + Objects.requireNonNull(settings.self()).port());
    }

    private static void delete(RaftSettings settings) throws IOException {
        try (Stream<Path> files = Files.walk(folder(settings))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
