package io.tamada.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Bodies that nobody should send, from a seed: an answer of the 4xx family, and nothing changed.
/// `-Dtamada.fuzz.inputs` and `-Dtamada.fuzz.seed` for more and for others.
class FuzzTest {

    private static final int INPUTS = Integer.getInteger("tamada.fuzz.inputs", 10_000);
    private static final long SEED = Long.getLong("tamada.fuzz.seed", 7);

    private static final List<String> TARGETS =
            List.of(
                    "PATCH /config",
                    "PUT /config",
                    "POST /switchover",
                    "POST /failover",
                    "POST /restart",
                    "POST /reinitialize",
                    "POST /failsafe");

    private static final List<String> KEYS =
            List.of(
                    "leader",
                    "candidate",
                    "member",
                    "scheduled_at",
                    "schedule",
                    "role",
                    "timeout",
                    "force",
                    "name");

    private final Random random = new Random(SEED);

    @Test
    void badBodiesAreRefusedAndChangeNothing() throws Exception {
        FakeNode node = new FakeNode();
        DcsEntry config = new DcsEntry.Config(ConfigDocument.of(Map.of("loop_wait", 10L)));
        assertThat(
                        node.store
                                .write(
                                        config,
                                        Precondition.whatever(),
                                        Deadline.after(node.time, Duration.ofSeconds(1)))
                                .isApplied())
                .isTrue();
        node.look();
        var before = node.keys.entries();
        try (RestServer server =
                RestServer.start(RestSettings.on(new HostPort("127.0.0.1", 0)), node, () -> {})) {
            for (int i = 0; i < INPUTS; i++) {
                String[] target = TARGETS.get(random.nextInt(TARGETS.size())).split(" ", 2);
                String body = body();
                int status = RawHttp.send(server.address(), target[0], target[1], body).status();
                assertThat(status)
                        .as("seed %d, input %d: %s %s", SEED, i, target[1], body)
                        .isBetween(400, 499);
            }
        }
        assertThat(node.keys.entries()).isEqualTo(before);
        assertThat(node.requests).isEmpty();
    }

    /// Not JSON, not an object, or an object in which a key that all know has a value that none
    /// wants.
    private String body() {
        return switch (random.nextInt(6)) {
            case 0 -> noise();
            case 1 -> "[" + value(0) + "]";
            case 2 -> "{".repeat(1 + random.nextInt(3000));
            case 3 -> "{\"a\": " + "[".repeat(200) + "]".repeat(200) + "}";
            case 4 -> "{\"" + KEYS.get(random.nextInt(KEYS.size())) + "\": " + value(0) + ", }";
            default -> "{\"a\": 1e" + (400 + random.nextInt(1_000_000)) + "}";
        };
    }

    private String noise() {
        StringBuilder text = new StringBuilder("\u0001");
        for (int i = random.nextInt(200); i >= 0; i--) {
            text.append((char) random.nextInt(0xD800));
        }
        return text.toString();
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 3 ? 4 : 6)) {
            case 0 -> "null";
            case 1 -> Long.toString(random.nextLong());
            case 2 -> "\"" + "x".repeat(random.nextInt(50)) + "\"";
            case 3 -> Boolean.toString(random.nextBoolean());
            case 4 -> "[" + value(depth + 1) + "]";
            default -> "{\"k\": " + value(depth + 1) + "}";
        };
    }
}
