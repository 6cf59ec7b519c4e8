package io.tamada.dcs.raft;

import static io.tamada.dcs.raft.RaftGroup.in;
import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.dcs.raft.wire.Address;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Voters as processes of their own, killed at any moment.
@Tag("integration")
class VoterProcessTest {

    @TempDir @Nullable Path folder;

    private final List<@Nullable Process> processes = new ArrayList<>();
    private List<Address> addresses = List.of();

    private void start(int voter) throws IOException {
        Path base = Objects.requireNonNull(folder);
        Path config = base.resolve("voter" + voter + ".yml");
        Files.writeString(
                config,
                "raft:\n  self_addr: "
                        + addresses.get(voter)
                        + "\n  partner_addrs: "
                        + addresses.stream().map(a -> "'" + a + "'").toList()
                        + "\n  data_dir: "
                        + base
                        + "\n  password: secret\n");
        processes.set(
                voter,
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx48m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                VoterMain.class.getName(),
                                config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(base.resolve("voter" + voter + ".log").toFile())
                        .start());
    }

    private Process process(int voter) {
        return Objects.requireNonNull(processes.get(voter));
    }

    @AfterEach
    void end() {
        for (Process process : processes) {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void noAcknowledgedWriteIsLostWhenVotersAreKilled() throws Exception {
        addresses = RaftGroup.freeAddresses(3);
        for (int i = 0; i < 3; i++) {
            processes.add(null);
            start(i);
        }
        RaftGroup group = new RaftGroup(addresses, Objects.requireNonNull(folder));
        Random random = new Random(11);
        List<String> acknowledged = new ArrayList<>();
        try (RaftStore client = group.client("secret")) {
            for (int round = 0; round < 8; round++) {
                for (int i = 0; i < 20; i++) {
                    String key = "k" + round + "-" + i;
                    if (client.put(key, "v", Precondition.absent(), null, in(20))
                            instanceof WriteResult.Applied) {
                        acknowledged.add(key);
                    }
                    if (i == 10) {
                        kill(round < 6 ? List.of(random.nextInt(3)) : List.of(0, 1, 2));
                    }
                }
                assertThat(RaftGroupTest.keys(client)).containsAll(acknowledged);
            }
            assertThat(acknowledged).hasSizeGreaterThan(100);
        }
        for (int i = 0; i < 3; i++) {
            process(i).destroy();
            assertThat(process(i).waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process(i).exitValue()).isZero();
        }
    }

    private void kill(List<Integer> voters) throws Exception {
        for (int voter : voters) {
            process(voter).destroyForcibly().waitFor();
        }
        for (int voter : voters) {
            start(voter);
        }
    }
}
