package io.tamada.dcs.raft;

import static io.tamada.dcs.raft.RaftGroup.in;
import static io.tamada.dcs.raft.RaftGroupTest.keys;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Thousands of writes: the disk stays small, and who was away for long gets a snapshot.
@Tag("integration")
class SnapshotTest {

    private static final int WRITES = 15_000;

    @TempDir @Nullable Path folder;

    @Test
    void theLogIsCutAndWhoWasAwayCatchesUp() throws Exception {
        Path base = Objects.requireNonNull(folder);
        try (RaftGroup group = RaftGroup.started(3, base)) {
            RaftGroupTest.write(group.store(0), "first");
            int away = (group.leader() + 1) % 3;
            group.stop(away);
            writeMany(group.store(group.leader()));
            assertThat(firstSegmentOf(base, group, group.leader())).doesNotExist();
            assertThat(bytes(base)).isLessThan(12L << 20);
            group.start(away);
            long index = group.node(group.leader()).appliedIndex();
            RaftGroup.await("it has caught up", () -> group.node(away).appliedIndex() >= index);
            assertThat(keys(group.store(away))).hasSize(51);
            for (int i = 0; i < 3; i++) {
                group.stop(i);
            }
            for (int i = 0; i < 3; i++) {
                group.start(i);
            }
            assertThat(keys(group.store(away))).hasSize(51);
            group.stop((away + 1) % 3);
            assertThat(keys(group.store(away))).hasSize(51);
        }
    }

    private static void writeMany(RaftStore store) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Object>> all = new ArrayList<>();
            for (int thread = 0; thread < 50; thread++) {
                String key = "k" + thread;
                all.add(
                        threads.submit(() -> {
                            for (int i = 0; i < WRITES / 50; i++) {
                                WriteResult result =
                                        store.put(
                                                key,
                                                "x".repeat(200) + i,
                                                Precondition.whatever(),
                                                null,
                                                in(60));
                                assertThat(result).isInstanceOf(WriteResult.Applied.class);
                            }
                            return null;
                        }));
            }
            for (Future<Object> each : all) {
                each.get();
            }
        }
    }

    private static Path firstSegmentOf(Path base, RaftGroup group, int member) {
        return base.resolve("raft-127.0.0.1_" + group.address(member).port())
                .resolve("log")
                .resolve("00000000000000000001.log");
    }

    private static long bytes(Path base) throws IOException {
        try (Stream<Path> files = Files.walk(base)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
