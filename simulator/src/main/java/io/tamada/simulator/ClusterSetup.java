package io.tamada.simulator;

import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Tags;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What kind of cluster is simulated: drawn by the seed.
///
/// @param members names in order
/// @param config the dynamic configuration it is born with
/// @param tags of the members that have any
/// @param ttlSeconds of that configuration
/// @param guarded every machine has a lease guard
/// @param operators people give commands while things go wrong
/// @param useRewind `use_pg_rewind`
/// @param divergedMayGo members clone again when they diverged and can't rewind
public record ClusterSetup(
        List<String> members,
        ConfigDocument config,
        Map<String, Tags> tags,
        int ttlSeconds,
        boolean guarded,
        boolean operators,
        boolean useRewind,
        boolean divergedMayGo) {

    /// Most clusters have the defaults; in the others more goes on in an hour.
    private static final int DEFAULTS_OF_TEN = 6;

    private static final int[] DEFAULTS = {30, 10, 10};

    private static final int[][] QUICK = {{20, 1, 3}, {10, 2, 3}, {5, 1, 2}, {3, 1, 1}};

    public ClusterSetup {
        members = List.copyOf(members);
        tags = new TreeMap<>(tags);
    }

    /// Draws a cluster.
    ///
    /// @param size how many members; 0 leaves it to the seed
    static ClusterSetup draw(SplittableRandom random, int size) {
        int count = size > 0 ? size : new int[] {2, 3, 3, 3, 3, 4, 5}[random.nextInt(7)];
        List<String> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            members.add("n" + i);
        }
        int[] timing =
                random.nextInt(10) < DEFAULTS_OF_TEN
                        ? DEFAULTS
                        : QUICK[random.nextInt(QUICK.length)];
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("ttl", timing[0]);
        config.put("loop_wait", timing[1]);
        config.put("retry_timeout", timing[2]);
        replication(random, count, config);
        switch (random.nextInt(4)) {
            case 0 -> config.put("failsafe_mode", true);
            case 1 -> config.put("failsafe_mode", "quorum");
            default -> {
                // Off, as by default.
            }
        }
        if (random.nextBoolean()) {
            config.put("check_timeline", true);
        }
        config.put("maximum_lag_on_failover", random.nextBoolean() ? 1_048_576 : 100_000);
        config.put("primary_start_timeout", new int[] {300, 30, 0}[random.nextInt(3)]);
        Map<String, Tags> tags = tags(random, members);
        boolean rewind = random.nextInt(5) > 0;
        return new ClusterSetup(
                members,
                ConfigDocument.of(config),
                tags,
                timing[0],
                random.nextInt(5) > 0,
                random.nextInt(3) > 0,
                rewind,
                !rewind || random.nextBoolean());
    }

    private static void replication(
            SplittableRandom random, int count, Map<String, @Nullable Object> config) {
        switch (random.nextInt(5)) {
            case 0, 1 -> config.put("synchronous_mode", true);
            case 2, 3 -> config.put("synchronous_mode", "quorum");
            default -> {
                return;
            }
        }
        config.put("synchronous_node_count", 1 + random.nextInt(Math.max(1, count - 1)));
        if (random.nextInt(4) == 0) {
            config.put("synchronous_mode_strict", true);
        }
    }

    private static Map<String, Tags> tags(SplittableRandom random, List<String> members) {
        Map<String, Tags> tags = new TreeMap<>();
        if (members.size() > 2 && random.nextInt(3) == 0) {
            Map<String, Object> some =
                    switch (random.nextInt(4)) {
                        case 0 -> Map.of("nofailover", true);
                        case 1 -> Map.of("nosync", true);
                        case 2 -> Map.of("failover_priority", 1 + random.nextInt(3));
                        default -> Map.of("replicatefrom", members.getFirst());
                    };
            tags.put(members.getLast(), new Tags(some));
        }
        return tags;
    }

    Tags tagsOf(String member) {
        return tags.getOrDefault(member, Tags.NONE);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(members.size() + " members, ");
        text.append(new TreeMap<>(config.root()));
        tags.forEach((name, t) -> text.append(", ").append(name).append(' ').append(t.all()));
        return text.append(guarded ? "" : ", no guard")
                .append(operators ? "" : ", no operators")
                .append(useRewind ? "" : ", no rewind")
                .append(divergedMayGo ? ", diverged data may go" : "")
                .toString();
    }
}
