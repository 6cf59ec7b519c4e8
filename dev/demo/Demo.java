package demo;

import io.tamada.ha.time.SystemTime;
import io.tamada.ha.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Shows a cluster at work: it starts, it is written to, it loses its primary in three ways and never for long.
///
/// Started by the script `demo` at the top of the source tree, which explains the options.
public final class Demo {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration GAP_MAX = Duration.ofSeconds(3);
    private static final Duration HOST_GAP_MAX = Duration.ofSeconds(Cluster.TTL_SECONDS + 5);

    private final TimeSource time = new SystemTime();
    private final Screen screen = new Screen(time);
    private final List<Result> results = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final Cluster cluster;
    private final int size;

    /// @param gap the longest time between two acknowledged writes
    private record Result(String step, Duration gap, int lost) {}

    private interface Event {
        void happen() throws IOException, InterruptedException;
    }

    private Demo(Cluster cluster) {
        this.cluster = cluster;
        this.size = cluster.members().size();
    }

    /// @param arguments folder, distribution, folder of PostgreSQL's programs, number of members, then `sync`, `keep`, `check`
    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ROOT);
        Path folder = Path.of(arguments[0]);
        List<String> flags = List.of(arguments).subList(4, arguments.length);
        Cluster cluster = Cluster.embedded(
                folder, Path.of(arguments[1]), Path.of(arguments[2]), Integer.parseInt(arguments[3]), flags.contains("sync"));
        Thread cleanUp = new Thread(() -> cleanUp(cluster));
        Runtime.getRuntime().addShutdownHook(cleanUp);
        boolean good = new Demo(cluster).run(flags.contains("keep"));
        if (flags.contains("keep") && good) {
            Runtime.getRuntime().removeShutdownHook(cleanUp);
        }
        // Not only the unattended run ends with a code that tells.
        System.exit(good ? 0 : 1);
    }

    private static void cleanUp(Cluster cluster) {
        System.out.println("\n   stopping everything");
        cluster.stop();
    }

    private boolean run(boolean keep) {
        try {
            play(keep);
        } catch (StepFailed | IOException | SQLException e) {
            failures.add(e.getMessage());
            cluster.members().forEach(this::showEndOfLog);
        } catch (InterruptedException e) {
            failures.add("interrupted");
        }
        failures.forEach(failure -> System.out.println("FAILED: " + failure));
        return failures.isEmpty();
    }

    private void play(boolean keep) throws IOException, SQLException, InterruptedException {
        long begin = time.nanos();
        screen.title(size + (size == 1 ? " member" : " members") + " with an embedded store"
                + (cluster.isSynchronous() ? ", synchronous replication" : ""));
        cluster.start();
        screen.await("a primary accepts writes", PATIENCE, () -> cluster.primary().isPresent());
        try (Writer writer = new Writer(cluster.endpoints(), time)) {
            screen.await("first write acknowledged", PATIENCE, () -> writer.count() > 0);
            whole();
            screen.say("from the start to here: " + Screen.seconds(Duration.ofNanos(time.nanos() - begin)));
            show();

            screen.title("writes flow");
            long from = time.nanos();
            int before = writer.count();
            screen.await("one hundred more acknowledged", PATIENCE, () -> writer.count() >= before + 100);
            screen.say("longest gap between two: " + writer.longestGapSince(from).toMillis() + " ms");

            postmasterKilled(writer);
            if (size > 1) {
                hostLost(writer);
                switchedOver(writer);
            }
            summary(writer);
        }
        if (keep) {
            showConnection();
        }
    }

    private void postmasterKilled(Writer writer) throws IOException, SQLException, InterruptedException {
        Member primary = primary();
        Result result = event("the primary's postmaster is killed (kill -9)", "killed postmaster", writer, primary::killPostmaster);
        boolean same = primary().name().equals(primary.name());
        screen.say(same ? primary.name() + " recovered and is primary again" : primary().name() + " took over");
        limit(result, GAP_MAX);
        whole();
        show();
    }

    private void hostLost(Writer writer) throws IOException, SQLException, InterruptedException {
        Member primary = primary();
        Result result = event(
                "the primary's host dies (agent and PostgreSQL killed at once)", "lost host", writer, primary::killEverything);
        screen.say(primary().name() + " took over");
        if (primary().name().equals(primary.name())) {
            throw new StepFailed("the dead member is still said to be the primary");
        }
        limit(result, HOST_GAP_MAX);
        show();

        screen.title(primary.name() + " comes back");
        long from = time.nanos();
        primary.start();
        whole();
        screen.say("longest write gap meanwhile: " + writer.longestGapSince(from).toMillis() + " ms");
        show();
    }

    private void switchedOver(Writer writer) throws IOException, SQLException, InterruptedException {
        Member primary = primary();
        Member next = cluster.successor().orElseThrow(() -> new StepFailed("no standby can take over"));
        Result result = event(
                "planned switchover from " + primary.name() + " to " + next.name(),
                "switchover",
                writer,
                () -> screen.say(cluster.ctl(
                                "--strict-exit", "switchover", "--leader", primary.name(), "--candidate", next.name(), "--force")
                        .lines()
                        .filter(line -> line.contains(" over "))
                        .findFirst()
                        .orElse("done")));
        screen.await(next.name() + " is the primary", PATIENCE, () -> cluster.primary().filter(m -> m == next).isPresent());
        limit(result, GAP_MAX);
        if (result.lost() > 0) {
            failures.add("a planned switchover lost " + result.lost() + " acknowledged writes");
        }
        whole();
        show();
    }

    /// Lets something happen, waits until writes are acknowledged again, and counts.
    private Result event(String title, String step, Writer writer, Event event)
            throws IOException, SQLException, InterruptedException {
        screen.title(title);
        int lostEarlier = writer.lost();
        int before = writer.connections();
        long from = time.nanos();
        event.happen();
        screen.await("writes are acknowledged again", PATIENCE, () -> writer.connections() > before);
        int count = writer.count();
        screen.await("and go on", PATIENCE, () -> writer.count() > count + 20 && cluster.primary().isPresent());
        Result result = new Result(step, writer.longestGapSince(from), Math.max(0, writer.lost() - lostEarlier));
        results.add(result);
        screen.say("write gap: " + result.gap().toMillis() + " ms; acknowledged writes lost: " + result.lost());
        if (cluster.isSynchronous() && result.lost() > 0) {
            failures.add(step + ": " + result.lost() + " acknowledged writes were lost in synchronous mode");
        }
        return result;
    }

    private void limit(Result result, Duration gapMax) {
        if (result.gap().compareTo(gapMax) > 0) {
            failures.add(result.step() + ": the write gap of " + result.gap().toMillis() + " ms is above "
                    + gapMax.toMillis() + " ms");
        }
    }

    /// Waits until every member is where it belongs.
    private void whole() {
        if (size > 1) {
            screen.await(
                    size - 1 + (size == 2 ? " standby streams" : " standbys stream"),
                    PATIENCE,
                    () -> cluster.streaming() == size - 1);
            if (cluster.isSynchronous()) {
                screen.await("a standby is synchronous", PATIENCE, cluster::hasSynchronousStandby);
            }
        }
    }

    private Member primary() {
        return cluster.primary().orElseThrow(() -> new StepFailed("no member says that it is the primary"));
    }

    private void show() throws IOException, InterruptedException {
        System.out.println();
        cluster.ctl("list").lines().forEach(line -> System.out.println("   " + line));
    }

    private void summary(Writer writer) throws SQLException {
        screen.title("summary");
        System.out.printf("   %-20s %10s %14s%n", "", "write gap", "lost writes");
        for (Result result : results) {
            System.out.printf("   %-20s %7d ms %14d%n", result.step(), result.gap().toMillis(), result.lost());
        }
        screen.say(writer.count() + " writes were acknowledged, of which " + writer.lost() + " are missing now");
    }

    private void showConnection() {
        String hosts = String.join(",", cluster.members().stream().map(_ -> "127.0.0.1").toList());
        String ports = String.join(
                ",", cluster.members().stream().map(m -> Integer.toString(m.postgresPort())).toList());
        screen.title("the cluster goes on");
        screen.say("PGPASSFILE=" + cluster.passwordFile() + " psql 'host=" + hosts + " port=" + ports
                + " user=postgres dbname=postgres target_session_attrs=read-write'");
        screen.say("configuration and logs: " + cluster.passwordFile().getParent());
        screen.say("to end it: ./demo --stop " + cluster.passwordFile().getParent());
    }

    private void showEndOfLog(Member member) {
        System.out.println("-- the end of the log of " + member.name());
        try {
            List<String> lines = Files.readAllLines(member.log());
            lines.subList(Math.max(0, lines.size() - 15), lines.size()).forEach(System.out::println);
        } catch (IOException e) {
            System.out.println("(none)");
        }
    }
}
