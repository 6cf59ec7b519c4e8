package io.tamada.dcs.raft;

import static io.tamada.dcs.raft.RaftGroup.in;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.dcs.KeyValueStore.Range;
import io.tamada.dcs.KeyValueStore.Session;
import io.tamada.dcs.KeyValueStore.SessionResult;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.time.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaftGroupTest {

    @TempDir Path folder;

    @Test
    void everyMemberSeesWhatAnyMemberWrote() throws Exception {
        try (RaftGroup group = RaftGroup.started(3, folder)) {
            for (int i = 0; i < 3; i++) {
                assertThat(
                                group.store(i)
                                        .put("k" + i, "v" + i, Precondition.absent(), null, in(20)))
                        .isInstanceOf(WriteResult.Applied.class);
                for (int reader = 0; reader < 3; reader++) {
                    assertThat(keys(group.store(reader))).contains("k" + i);
                }
            }
            assertThat(group.store(0).put("k1", "again", Precondition.absent(), null, in(20)))
                    .isInstanceOf(WriteResult.Refused.class);
        }
    }

    @Test
    void aMinorityAndThenAllRestartWithTheirData() throws Exception {
        try (RaftGroup group = RaftGroup.started(3, folder)) {
            write(group.store(0), "a");
            int leader = group.leader();
            group.stop(leader);
            write(group.store((leader + 1) % 3), "b");
            group.start(leader);
            assertThat(keys(group.store(leader))).containsExactly("a", "b");
            for (int i = 0; i < 3; i++) {
                group.stop(i);
            }
            for (int i = 0; i < 3; i++) {
                group.start(i);
            }
            assertThat(keys(group.store(1))).containsExactly("a", "b");
        }
    }

    @Test
    void aLostMajorityIsUnknown() throws Exception {
        try (RaftGroup group = RaftGroup.started(3, folder)) {
            write(group.store(0), "a");
            group.stop(0);
            group.stop(1);
            assertThat(group.store(2).range(in(3))).isInstanceOf(Range.Unknown.class);
            assertThat(group.store(2).put("b", "x", Precondition.whatever(), null, in(3)))
                    .isInstanceOf(WriteResult.Unknown.class);
            group.start(1);
            assertThat(keys(group.store(2))).contains("a");
        }
    }

    @Test
    void aSessionEndsWithItsKeysUnlessItIsRenewed() throws Exception {
        try (RaftGroup group = RaftGroup.started(3, folder)) {
            Session session = granted(group.store(0).openSession(Duration.ofSeconds(1), in(20)));
            assertThat(
                            group.store(1)
                                    .put("leader", "a", Precondition.absent(), session, in(5))
                                    .isApplied())
                    .isTrue();
            for (int i = 0; i < 5; i++) {
                granted(group.store(2).renewSession(session, "leader", in(5)));
                Thread.sleep(300);
            }
            assertThat(keys(group.store(1))).containsExactly("leader");
            RaftGroup.await(
                    "the session's end",
                    () -> {
                        try {
                            return keys(group.store(1)).isEmpty();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    });
            assertThat(group.store(0).renewSession(session, null, in(5)))
                    .isInstanceOf(SessionResult.Lost.class);
        }
    }

    static Session granted(SessionResult result) {
        assertThat(result).isInstanceOf(SessionResult.Granted.class);
        return ((SessionResult.Granted) result).session();
    }

    /// Writes until it is certain. What is on its way to a leader that goes may have happened or
    /// not; the same value can be written again.
    static void write(RaftStore store, String key) throws InterruptedException {
        Deadline by = in(20);
        WriteResult result;
        do {
            result = store.put(key, "v", Precondition.whatever(), null, by);
        } while (result instanceof WriteResult.Unknown && !by.hasPassed());
        assertThat(result).isInstanceOf(WriteResult.Applied.class);
    }

    static List<String> keys(RaftStore store) throws InterruptedException {
        Range range = store.range(in(20));
        assertThat(range).isInstanceOf(Range.Seen.class);
        return ((Range.Seen) range).entries().stream().map(entry -> entry.key()).toList();
    }
}
