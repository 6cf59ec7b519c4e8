package demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Does faults to a cluster, and undoes them.
final class Injector {

    private static final int BLOCK = 1 << 20;
    private static final int STOP_SECONDS_MAX = 20;
    private static final int CLOCK_SECONDS_MAX = 900;

    private final Cluster cluster;
    private final Network network;
    private final Clocks clocks;
    private final Optional<EtcdStore> store;

    Injector(Arena arena) {
        this.cluster = arena.cluster();
        this.network = arena.network();
        this.clocks = arena.clocks();
        this.store = arena.server();
    }

    /// How to undo it.
    interface Undo {
        void run() throws IOException, InterruptedException;
    }

    private static final Undo NOTHING = () -> {};

    Undo inflict(Fault fault, int number) throws IOException, InterruptedException {
        Member victim = cluster.members().get(number);
        int other = (number + fault.other()) % cluster.members().size();
        return switch (fault.kind()) {
            case KILL_AGENT -> {
                victim.agent().ifPresent(ProcessHandle::destroyForcibly);
                yield () -> start(victim);
            }
            case FREEZE_AGENT -> freeze(victim.agent().stream().toList());
            case KILL_POSTMASTER -> {
                victim.killPostmaster();
                yield NOTHING;
            }
            case KILL_BACKEND -> {
                killBackend(victim, fault.number());
                yield NOTHING;
            }
            case KILL_MEMBER -> {
                victim.killEverything();
                yield () -> start(victim);
            }
            case FREEZE_MEMBER -> freeze(victim.processes());
            case RESTART_AGENT -> stopAndStart(victim);
            case RESTART_SERVER -> operator("restart", Cluster.SCOPE, victim.name(), "--force");
            case SWITCHOVER -> operator("switchover", "--force");
            case KILL_AGENTS -> {
                cluster.members().forEach(member -> member.agent().ifPresent(ProcessHandle::destroyForcibly));
                yield this::startAll;
            }
            case KILL_MEMBERS -> {
                cluster.members().forEach(Member::killEverything);
                yield this::startAll;
            }
            case CUT_ONE_WAY -> cut(one(number, other));
            case CUT -> cut(both(number, other));
            case ISOLATE -> isolate(number);
            case FILL_DISK -> fill(victim.folder().resolve("ballast"));
            case STEP_CLOCK -> stepClock(number, fault);
            case KILL_STORE -> {
                server().process().ifPresent(ProcessHandle::destroyForcibly);
                yield server()::start;
            }
            case FREEZE_STORE -> freeze(server().process().stream().toList());
            case CUT_FROM_STORE -> cut(both(number, storeNumber()));
            case CUT_TO_STORE -> cut(one(number, storeNumber()));
            case CUT_BY_STORE -> cut(one(storeNumber(), number));
        };
    }

    private EtcdStore server() {
        return store.orElseThrow();
    }

    /// Behind the members in the network.
    private int storeNumber() {
        return cluster.members().size();
    }

    private Undo stepClock(int number, Fault fault) throws IOException {
        int seconds = (int) (fault.lasting().toMillis() % CLOCK_SECONDS_MAX);
        clocks.step(number, fault.other() % 2 == 0 ? seconds : -seconds);
        return () -> clocks.step(number, 0);
    }

    /// Waits for the agent that was asked to stop and no other: another fault may have killed it and started the next.
    private static Undo stopAndStart(Member victim) {
        Optional<ProcessHandle> stopping = victim.agent();
        stopping.ifPresent(ProcessHandle::destroy);
        return () -> {
            if (stopping.isPresent() && !hasEnded(stopping.get())) {
                stopping.get().destroyForcibly();
                hasEnded(stopping.get());
            }
            start(victim);
        };
    }

    private static boolean hasEnded(ProcessHandle process) throws InterruptedException {
        try {
            process.onExit().get(STOP_SECONDS_MAX, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private static void start(Member member) throws IOException {
        if (member.agent().isEmpty()) {
            member.start();
        }
    }

    private void startAll() throws IOException {
        for (Member member : cluster.members()) {
            start(member);
        }
    }

    private static Undo freeze(List<ProcessHandle> processes) throws IOException, InterruptedException {
        signal("STOP", processes);
        return () -> signal("CONT", processes);
    }

    private static void signal(String name, List<ProcessHandle> processes) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        processes.stream().filter(ProcessHandle::isAlive).forEach(process -> command.add(Long.toString(process.pid())));
        if (command.size() > 2) {
            // One that has ended meanwhile is no failure.
            new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
        }
    }

    private static void killBackend(Member victim, int which) {
        List<ProcessHandle> backends = victim.postmaster().stream().flatMap(ProcessHandle::children).toList();
        if (!backends.isEmpty()) {
            backends.get(which % backends.size()).destroyForcibly();
        }
    }

    /// Lets an operator ask for something, who doesn't wait for what comes of it.
    private Undo operator(String... command) {
        Thread.ofVirtual().start(() -> {
            try {
                cluster.ctl(command);
            } catch (IOException | StepFailed e) {
                // Refused: it can't be done just now.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return NOTHING;
    }

    private Undo isolate(int number) throws IOException, InterruptedException {
        List<int[]> ways = new ArrayList<>();
        // With the store, where that is a server.
        for (int i = 0; i < cluster.members().size() + (store.isPresent() ? 1 : 0); i++) {
            if (i != number) {
                ways.addAll(both(number, i));
            }
        }
        return cut(ways);
    }

    private static List<int[]> one(int from, int to) {
        return List.of(new int[] {from, to});
    }

    private static List<int[]> both(int one, int other) {
        return List.of(new int[] {one, other}, new int[] {other, one});
    }

    private Undo cut(List<int[]> ways) throws IOException, InterruptedException {
        for (int[] way : ways) {
            network.cut(way[0], way[1]);
        }
        return () -> {
            for (int[] way : ways) {
                try {
                    network.heal(way[0], way[1]);
                } catch (IOException e) {
                    // Another fault that cut the same way is over already, and healed both.
                }
            }
        };
    }

    private static Undo fill(Path ballast) {
        try (OutputStream out = Files.newOutputStream(ballast)) {
            byte[] block = new byte[BLOCK];
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            return () -> Files.deleteIfExists(ballast);
        }
    }
}
