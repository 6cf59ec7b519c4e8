package demo;

import io.tamada.ha.time.SystemTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Faults in a real cluster, seeded and combined, and an oracle that looks whether it keeps its promises.
///
/// Started by the script `dev/chaos`, which explains the options.
public final class Chaos {

    private static final int FAULTS_MAX = 3;
    private static final int SETTLED_WRITES = 20;
    private static final Duration STARTED_MAX = Duration.ofSeconds(90);
    private static final Duration CONVERGED_MAX = Duration.ofSeconds(90);
    private static final Duration FACTS_MAX = Duration.ofSeconds(20);

    /// What a standby that is `maximum_lag_on_failover` (1 MiB) behind may lack: a row is more than 64 bytes of WAL.
    private static final int LOST_MAX = (1 << 20) / 64;

    private final Screen screen = new Screen(new SystemTime());
    private final Options options;
    private final Arena arena;
    private final Cluster cluster;
    private final Injector injector;
    private final Random random;
    private final List<NodeWriter> writers = new ArrayList<>();
    private final Set<Long> lost = new HashSet<>();
    private final Chronicle chronicle = new Chronicle();

    /// @param guarded whether there is a lease guard
    private record Options(Duration lasting, long seed, boolean guarded) {}

    /// A fault at work.
    private record Inflicted(Fault fault, Chronicle.Entry entry, long endNanos, Injector.Undo undo) {}

    private Chaos(Options options, Arena arena) {
        this.options = options;
        this.arena = arena;
        this.cluster = arena.cluster();
        this.injector = new Injector(arena);
        this.random = new Random(options.seed());
    }

    /// @param arguments folder, distribution, PostgreSQL's programs, seconds, seed, folder of the report; then what there is
    ///   of `mode=` (as `synchronous_mode` takes it), `unguarded`, `divided`, `as=` (the command that runs another one as the
    ///   members' user), `owner=` (that user), `etcd=` (the program), `clock=` (the library),
    ///   `only=` (faults)
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Locale.setDefault(Locale.ROOT);
        Flags flags = new Flags(List.of(arguments).subList(6, arguments.length));
        Arena arena;
        try {
            arena = Arena.build(
                    new Arena.Folders(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2])), flags);
        } catch (IllegalArgumentException e) {
            System.err.println("chaos: " + e.getMessage());
            System.exit(2);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(arena::close));
        Options options = new Options(
                Duration.ofSeconds(Long.parseLong(arguments[3])), Long.parseLong(arguments[4]), !flags.has("unguarded"));
        boolean good = new Chaos(options, arena)
                .run("seed " + options.seed() + ", " + arena.title(flags), Path.of(arguments[5]));
        System.exit(good ? 0 : 1);
    }

    private boolean run(String title, Path reports) throws IOException {
        screen.title(title);
        try {
            play();
        } catch (StepFailed | IOException | SQLException e) {
            chronicle.violated(Instant.now() + " " + e.getMessage());
        } catch (InterruptedException e) {
            chronicle.violated("interrupted");
        }
        writers.forEach(NodeWriter::close);
        List<Overlap> overlaps = Overlap.among(writers);
        for (Overlap overlap : overlaps) {
            if (options.guarded()) {
                chronicle.violated(overlap.one() + " and " + overlap.other() + " both accepted writes for "
                        + overlap.length().toMillis() + " ms at " + chronicle.seconds(overlap.fromNanos()) + " s");
            }
        }
        Files.createDirectories(reports);
        Report report = new Report(title, chronicle, writers, overlaps, lost);
        Files.writeString(reports.resolve("report.txt"), report.text());
        Files.writeString(reports.resolve("report.html"), report.html());
        System.out.print(report.text());
        return chronicle.violations().isEmpty();
    }

    private void play() throws IOException, SQLException, InterruptedException {
        cluster.start();
        for (int i = 0; i < Arena.SIZE; i++) {
            writers.add(new NodeWriter(cluster.members().get(i), i, cluster.endpoints()));
        }
        screen.await("first write acknowledged", STARTED_MAX, () -> count() > 0);
        screen.await("all stream", STARTED_MAX, this::isWhole);
        String systemId = StoreFacts.systemId(cluster);
        long end = System.nanoTime() + options.lasting().toNanos();
        for (int round = 1; round == 1 || System.nanoTime() - end < 0; round++) {
            play(round);
            String id = StoreFacts.systemId(cluster);
            if (!id.equals(systemId)) {
                chronicle.violated("round " + round + ": the system id was " + systemId + " and is " + id);
            }
        }
    }

    private void play(int round) throws IOException, SQLException, InterruptedException {
        Member first = cluster.members().getFirst();
        long lagMax = (1 << 20) - random.nextInt(1000);
        StoreFacts.change(first, lagMax);
        // What a member tells is what it saw last, and that may be older than what it has just written.
        screen.await("the new configuration is seen", FACTS_MAX, () -> isTold(first, lagMax));
        StoreFacts earlier = StoreFacts.toldBy(first);
        List<Fault> faults = new ArrayList<>();
        for (int i = 1 + random.nextInt(FAULTS_MAX); i > 0; i--) {
            faults.add(Fault.random(random, Arena.SIZE, arena.kinds()));
        }
        faults.sort(Comparator.comparing(Fault::after));
        screen.title("round " + round + ", " + Instant.now());
        inflict(faults);
        long healed = System.nanoTime();
        int before = count();
        boolean writes = comes("writes go on", CONVERGED_MAX, () -> count() > before + SETTLED_WRITES);
        long written = System.nanoTime();
        boolean streams = comes("all stream", CONVERGED_MAX, this::isWhole);
        long whole = System.nanoTime();
        if (!writes || !streams) {
            chronicle.violated("round " + round + ": " + (writes ? "not all members stream " : "no writes ")
                    + CONVERGED_MAX.toSeconds() + " s after the last fault was over");
        }
        Set<Long> missing = missing();
        missing.removeAll(lost);
        lost.addAll(missing);
        chronicle.round(Duration.ofNanos(written - healed), Duration.ofNanos(whole - written), missing.size());
        if (!missing.isEmpty()) {
            screen.say(missing.size() + " acknowledged rows are lost");
        }
        if (cluster.isSynchronous() && !missing.isEmpty() || options.guarded() && missing.size() > LOST_MAX) {
            chronicle.violated("round " + round + ": " + missing.size() + " acknowledged rows are lost");
        }
        remembers(earlier, round);
    }

    private static boolean isTold(Member member, long lagMax) {
        try {
            return StoreFacts.toldBy(member).lagMax() == lagMax;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void inflict(List<Fault> faults) throws IOException, InterruptedException {
        long start = System.nanoTime();
        List<Inflicted> atWork = new ArrayList<>();
        List<Fault> coming = new ArrayList<>(faults);
        while (!coming.isEmpty() || !atWork.isEmpty()) {
            long now = System.nanoTime();
            if (!coming.isEmpty() && now - start >= coming.getFirst().after().toNanos()) {
                atWork.add(inflict(coming.removeFirst()));
            }
            for (Inflicted each : List.copyOf(atWork)) {
                if (System.nanoTime() - each.endNanos() >= 0) {
                    each.undo().run();
                    each.entry().end(System.nanoTime());
                    atWork.remove(each);
                }
            }
            Thread.sleep(5);
        }
    }

    private Inflicted inflict(Fault fault) throws IOException, InterruptedException {
        int number = fault.leader()
                ? cluster.primary().map(cluster.members()::indexOf).orElse(fault.number())
                : fault.number();
        String name = fault.kind().isOfStore() ? "store" : cluster.members().get(number).name();
        Chronicle.Entry entry = chronicle.fault(fault.kind().text(), name);
        screen.say(chronicle.seconds(entry.fromNanos()) + " s: " + name + ": " + fault.kind().text() + " for "
                + fault.lasting().toMillis() + " ms");
        Injector.Undo undo = injector.inflict(fault, number);
        return new Inflicted(fault, entry, System.nanoTime() + fault.lasting().toNanos(), undo);
    }

    private boolean comes(String what, Duration atMost, BooleanSupplier condition) {
        try {
            screen.await(what, atMost, condition);
            return true;
        } catch (StepFailed e) {
            screen.say(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private int count() {
        return writers.stream().mapToInt(NodeWriter::count).sum();
    }

    private boolean isWhole() {
        return cluster.streaming() == Arena.SIZE - 1 && (!cluster.isSynchronous() || cluster.hasSynchronousStandby());
    }

    /// Acknowledged rows that the primary doesn't have.
    private Set<Long> missing() throws SQLException {
        Set<Long> missing = new HashSet<>();
        writers.forEach(writer -> writer.rows().forEach(row -> missing.add(row.id())));
        try (Connection connection = cluster.endpoints().primary();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM " + NodeWriter.TABLE)) {
            while (rows.next()) {
                missing.remove(rows.getLong(1));
            }
        }
        return missing;
    }

    /// What the store held outlives the faults; a member that has just started may not know at once.
    private void remembers(StoreFacts earlier, int round) {
        for (Member member : cluster.members()) {
            String[] problem = {""};
            BooleanSupplier known = () -> {
                try {
                    Optional<String> loss = StoreFacts.toldBy(member).lostSince(earlier);
                    problem[0] = loss.orElse("");
                    return loss.isEmpty();
                } catch (IOException e) {
                    problem[0] = String.valueOf(e);
                    return false;
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            };
            if (!comes(member.name() + " knows what the store held", FACTS_MAX, known)) {
                chronicle.violated("round " + round + ": told by " + member.name() + ": " + problem[0]);
            }
        }
    }
}
