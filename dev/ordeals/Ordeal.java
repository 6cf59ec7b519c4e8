package demo;

import io.tamada.ha.time.SystemTime;
import io.tamada.ha.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;

/// Kills agents and servers at random moments, again and again, and looks whether the cluster keeps its promises.
///
/// Started by the script `dev/ordeal`, which explains the options.
public final class Ordeal {

    private static final int SIZE = 3;
    private static final Duration PRIMARY_MAX = Duration.ofSeconds(Cluster.TTL_SECONDS + 10);
    private static final Duration WHOLE_MAX = Duration.ofSeconds(60);
    private static final Duration FACTS_MAX = Duration.ofSeconds(20);
    private static final int VOLLEY_MAX = 4;
    private static final int SETTLED_WRITES = 20;

    private final TimeSource time = new SystemTime();
    private final Screen screen = new Screen(time);
    private final List<Row> rows = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final Cluster cluster;
    private final Random random;
    private final int times;
    private final boolean hasty;
    private String systemId = "";

    /// @param back from the last restart to a member that says it is the primary
    /// @param gap the longest time between two acknowledged writes
    /// @param whole from the last restart until all others stream
    /// @param lost acknowledged writes that the primary doesn't have
    private record Row(
            String number, String what, String victims, Duration down, Duration back, Duration gap, Duration whole, int lost) {

        @Override
        public String toString() {
            return "%4s  %-25s  %-12s %6.1f s %6.1f s %6.1f s %6.1f s %6d"
                    .formatted(number, what, victims, seconds(down), seconds(back), seconds(gap), seconds(whole), lost);
        }

        private static double seconds(Duration duration) {
            return duration.toMillis() / 1000.0;
        }
    }

    private Ordeal(Cluster cluster, int times, long seed, boolean hasty) {
        this.cluster = cluster;
        this.times = times;
        this.hasty = hasty;
        this.random = new Random(seed);
    }

    /// @param arguments folder, distribution, folder of PostgreSQL's programs, times, seed, then maybe `sync`, `hasty`
    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ROOT);
        boolean synchronous = List.of(arguments).contains("sync");
        Cluster cluster = new Cluster(
                Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]), SIZE, synchronous);
        Runtime.getRuntime().addShutdownHook(new Thread(cluster::stop));
        int times = Integer.parseInt(arguments[3]);
        long seed = Long.parseLong(arguments[4]);
        boolean good = new Ordeal(cluster, times, seed, List.of(arguments).contains("hasty")).run();
        System.exit(good ? 0 : 1);
    }

    private boolean run() {
        try {
            play();
        } catch (StepFailed | IOException | SQLException e) {
            violations.add(Instant.now() + " " + e.getMessage());
        } catch (InterruptedException e) {
            violations.add("interrupted");
        }
        screen.title("   #  killed                     of                down  primary     gap    whole   lost");
        rows.forEach(System.out::println);
        violations.forEach(violation -> System.out.println("VIOLATED: " + violation));
        return violations.isEmpty();
    }

    private void play() throws IOException, SQLException, InterruptedException {
        screen.title("three members with an embedded store, ttl " + Cluster.TTL_SECONDS
                + (cluster.isSynchronous() ? " s, synchronous replication" : " s"));
        cluster.start();
        try (Writer writer = new Writer(cluster.endpoints(), time);
                PrimaryWatch watch = new PrimaryWatch(cluster.members())) {
            screen.await("first write acknowledged", WHOLE_MAX, () -> writer.count() > 0);
            screen.await("all stream", WHOLE_MAX, this::isWhole);
            systemId = StoreFacts.systemId(cluster);
            for (int i = 1; i <= times; i++) {
                strike(Integer.toString(i), volley(), writer, watch);
            }
            strike("all", List.of(Blow.everybody(cluster.members(), random, false)), writer, watch);
            strike("all", List.of(Blow.everybody(cluster.members(), random, true)), writer, watch);
        }
    }

    /// One blow; or up to four, each while the cluster is still recovering from the last one.
    private List<Blow> volley() {
        List<Blow> blows = new ArrayList<>();
        int count = hasty ? 1 + random.nextInt(VOLLEY_MAX) : 1;
        while (blows.size() < count) {
            blows.add(Blow.random(cluster.members(), random, Cluster.TTL_SECONDS));
        }
        return blows;
    }

    private void deliver(Blow blow, String number) throws IOException, InterruptedException {
        Thread.sleep(blow.before());
        screen.title("%s: %s of %s at %s, gone for %d ms; primary: %s"
                .formatted(
                        number,
                        blow.what(),
                        blow.names(),
                        Instant.now(),
                        blow.down().toMillis(),
                        cluster.primary().map(Member::name).orElse("none")));
        blow.kill();
        Thread.sleep(blow.down());
        for (Member victim : blow.victims()) {
            victim.start();
        }
    }

    private void strike(String number, List<Blow> blows, Writer writer, PrimaryWatch watch)
            throws IOException, SQLException, InterruptedException {
        // Something new, that must be kept.
        StoreFacts.change(cluster.members().getFirst(), 1_000_000 + random.nextInt(1_000_000));
        StoreFacts earlier = StoreFacts.toldBy(cluster.members().getFirst());
        int lostEarlier = writer.lost();
        long struck = time.nanos();
        for (Blow blow : blows) {
            deliver(blow, number);
        }
        long restarted = time.nanos();
        Duration back = await("a primary is there", PRIMARY_MAX, restarted, () -> cluster.primary().isPresent());
        int count = writer.count();
        await("writes go on", PRIMARY_MAX, restarted, () -> writer.count() > count + SETTLED_WRITES);
        Duration whole = await("all stream", WHOLE_MAX, restarted, this::isWhole);
        int lost = writer.lost() - lostEarlier;
        Blow last = blows.getLast();
        rows.add(new Row(
                number,
                (blows.size() > 1 ? blows.size() - 1 + " blows, " : "") + last.what(),
                last.names(),
                last.down(),
                back,
                writer.longestGapSince(struck),
                whole,
                lost));
        screen.say("acknowledged writes lost: " + lost);
        if (cluster.isSynchronous() && lost > 0) {
            violations.add(number + ": " + lost + " acknowledged writes are lost in synchronous mode");
        }
        watch.take().stream().distinct().forEach(found -> violations.add(number + ": " + found));
        String id = StoreFacts.systemId(cluster);
        if (!id.equals(systemId)) {
            violations.add(number + ": the system id was " + systemId + " and is " + id);
        }
        for (Member member : cluster.members()) {
            remembers(member, earlier, number);
        }
    }

    /// A member that has just started may not know all at once.
    private void remembers(Member member, StoreFacts earlier, String number) throws InterruptedException {
        String problem = "";
        for (long start = time.nanos(); time.nanos() - start < FACTS_MAX.toNanos(); Thread.sleep(100)) {
            try {
                Optional<String> loss = StoreFacts.toldBy(member).lostSince(earlier);
                if (loss.isEmpty()) {
                    return;
                }
                problem = loss.get();
            } catch (IOException e) {
                problem = String.valueOf(e);
            }
        }
        violations.add(number + ": told by " + member.name() + ": " + problem);
    }

    /// Waits; what takes too long is a violation, and is waited for all the same for a while.
    private Duration await(String what, Duration atMost, long since, BooleanSupplier condition) {
        screen.await(what, WHOLE_MAX.plus(atMost), condition);
        Duration took = Duration.ofNanos(time.nanos() - since);
        if (took.compareTo(atMost) > 0) {
            violations.add("%d blows survived, then: %s only after %s, at %s"
                    .formatted(rows.size(), what, Screen.seconds(took), Instant.now()));
        }
        return took;
    }

    private boolean isWhole() {
        return cluster.streaming() == SIZE - 1 && (!cluster.isSynchronous() || cluster.hasSynchronousStandby());
    }
}
