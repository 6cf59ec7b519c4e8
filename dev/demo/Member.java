package demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// One member: an agent and its PostgreSQL, each with processes that can be killed.
final class Member {

    private final String name;
    private final Path folder;
    private final Path launcher;
    private final Host host;
    private final int restPort;
    private final int postgresPort;

    Member(String name, Path folder, Path launcher, Host host, int restPort, int postgresPort) {
        this.name = name;
        this.folder = folder;
        this.launcher = launcher;
        this.host = host;
        this.restPort = restPort;
        this.postgresPort = postgresPort;
    }

    String name() {
        return name;
    }

    int postgresPort() {
        return postgresPort;
    }

    /// Where its server listens, as `address:port`.
    String server() {
        return host.at(postgresPort);
    }

    /// Where its REST interface listens, as `address:port`.
    String restAddress() {
        return host.at(restPort);
    }

    /// The beginning of its REST interface's addresses.
    String rest() {
        return "http://" + restAddress();
    }

    Path folder() {
        return folder;
    }

    Path configuration() {
        return folder.resolve("tamada.yml");
    }

    Path log() {
        return folder.resolve("agent.log");
    }

    Path data() {
        return folder.resolve("data");
    }

    /// Starts the agent in a session of its own, so that Ctrl-C reaches nobody but us.
    void start() throws IOException {
        start("");
    }

    /// @param javaOptions added to those of the launcher
    void start(String javaOptions) throws IOException {
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(host.enter());
        command.addAll(List.of(launcher.toString(), configuration().toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        if (!javaOptions.isEmpty()) {
            builder.environment().put("TAMADA_JAVA_OPTS", javaOptions);
        }
        Process agent = builder.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        agent.getOutputStream().close();
        Files.writeString(folder.resolve("agent.pid"), Long.toString(agent.pid()));
    }

    Optional<ProcessHandle> agent() {
        return process(folder.resolve("agent.pid"));
    }

    Optional<ProcessHandle> postmaster() {
        return process(data().resolve("postmaster.pid"));
    }

    /// The living process of a pid file.
    static Optional<ProcessHandle> process(Path pidFile) {
        try (Stream<String> lines = Files.lines(pidFile)) {
            return lines.findFirst()
                    .map(line -> Long.parseLong(line.strip()))
                    .flatMap(ProcessHandle::of)
                    .filter(ProcessHandle::isAlive);
        } catch (IOException | NumberFormatException | java.io.UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /// As `kill -9` of the postmaster: its children see it and end.
    void killPostmaster() {
        postmaster().ifPresent(ProcessHandle::destroyForcibly);
    }

    /// As when the machine loses its power: all its processes at once.
    void killEverything() {
        processes().forEach(ProcessHandle::destroyForcibly);
    }

    /// The agent and what it has started, the lease guard included, the postmaster and what that has.
    List<ProcessHandle> processes() {
        Set<ProcessHandle> found = new LinkedHashSet<>();
        for (Optional<ProcessHandle> main : List.of(agent(), postmaster())) {
            main.ifPresent(process -> {
                found.add(process);
                process.descendants().forEach(found::add);
            });
        }
        return List.copyOf(found);
    }

    /// Asks the agent to stop.
    void terminate() {
        agent().ifPresent(ProcessHandle::destroy);
    }

    /// Waits until the agent has ended, then makes sure that nothing is left.
    void awaitEnd(long seconds) {
        agent().ifPresent(agent -> {
            try {
                agent.onExit().get(seconds, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                // What doesn't stop is killed.
            }
        });
        killEverything();
    }
}
