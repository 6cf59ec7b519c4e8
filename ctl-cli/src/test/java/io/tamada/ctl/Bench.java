package io.tamada.ctl;

import io.tamada.dcs.KeyValueStore;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.time.Deadline;
import io.tamada.testkit.InMemoryStore;
import io.tamada.testkit.ManualTime;
import io.tamada.testkit.StoreNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// A machine for the tool: a store in memory, members that answer as told, an operator who answers
/// as told, and a clock that moves when the tool waits.
final class Bench implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-11-23T18:00:00Z");

    final ManualTime time = new ManualTime();
    final FakeMembers members = new FakeMembers();
    final Map<String, String> environment = new HashMap<>();
    final Path home;
    private final String id = UUID.randomUUID().toString();
    private final MemoryProvider.Shelf shelf;
    private ScriptedConsole console = new ScriptedConsole();
    private int pausesLeft = 50;
    private Runnable whileWaiting = () -> {};

    Bench(Path home) {
        this(home, StoreNetwork.PERFECT);
    }

    Bench(Path home, StoreNetwork network) {
        this.home = home;
        time.setWall(NOW);
        shelf = MemoryProvider.shelf(id, time, network);
        environment.put("PATRONI_MEMORY_ID", id);
        environment.put("PATRONI_SCOPE", "batman");
    }

    /// The folder of the file that configures the tool.
    Bench config(String yaml) {
        Path file = home.resolve("ctl.yaml");
        try {
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        environment.put("PATRONICTL_CONFIG_FILE", file.toString());
        return this;
    }

    InMemoryStore store(String path) {
        return shelf.store(path);
    }

    /// Writes a key of the cluster `batman`; `API` in the value stands for the members' address.
    Bench key(String key, String value) {
        return keyAt("service/batman", key, value);
    }

    Bench keyAt(String path, String key, String value) {
        try {
            WriteResult written =
                    store(path)
                            .connect(time.jumping(), StoreNetwork.PERFECT)
                            .put(
                                    key,
                                    value.replace("API", members.url()),
                                    Precondition.whatever(),
                                    null,
                                    Deadline.after(time, Duration.ofSeconds(1)));
            if (!written.isApplied()) {
                throw new IllegalStateException(written.toString());
            }
            return this;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The value of a key of the cluster `batman`; empty when it is not there.
    String valueOf(String key) {
        return store("service/batman").entries().stream()
                .filter(e -> e.key().equals(key))
                .map(KeyValueStore.Entry::value)
                .findFirst()
                .orElse("");
    }

    /// A leader `pg0` and a replica `pg1` that streams.
    Bench pair() {
        key("initialize", "7711428675501749787");
        key(
                "config",
                "{\"ttl\":30,\"loop_wait\":10,\"retry_timeout\":10,\"postgresql\":{\"parameters\":{\"max_connections\":100}}}");
        key("leader", "pg0");
        key("status", "{\"optime\":50331744}");
        key(
                "members/pg0",
                "{\"conn_url\":\"postgres://127.0.0.1:15430/postgres\",\"api_url\":\"API\",\"state\":\"running\","
                        + "\"role\":\"primary\",\"version\":\"4.1.4\",\"xlog_location\":50331744,\"timeline\":1}");
        return key(
                "members/pg1",
                "{\"conn_url\":\"postgres://127.0.0.1:15431/postgres\",\"api_url\":\"API\",\"state\":\"running\","
                        + "\"role\":\"replica\",\"version\":\"4.1.4\",\"xlog_location\":50331744,"
                        + "\"replay_lsn\":50331744,\"receive_lsn\":50331744,\"replication_state\":\"streaming\",\"timeline\":1}");
    }

    /// Called each time the tool waits; at most so many times, then the operator leaves.
    Bench whileWaiting(int times, Runnable action) {
        pausesLeft = times;
        whileWaiting = action;
        return this;
    }

    /// @param code the exit code
    record Ran(int code, String out, String err) {}

    /// Runs the tool with these arguments.
    Ran run(String arguments, String... answers) {
        return run(List.of(arguments.split(" ")), answers);
    }

    Ran run(List<String> arguments, String... answers) {
        console = new ScriptedConsole();
        console.answers(Arrays.asList(answers));
        World world =
                new World(
                        console,
                        environment,
                        home,
                        time,
                        ZoneOffset.UTC,
                        this::pause,
                        Bench.class.getClassLoader());
        int code = CtlMain.run(world, new ArrayList<>(arguments).toArray(String[]::new));
        return new Ran(code, stable(console.out()), stable(console.err()));
    }

    private boolean pause(Duration length) {
        time.advance(length);
        whileWaiting.run();
        return pausesLeft-- > 0;
    }

    /// Without what differs from run to run.
    private String stable(String text) {
        return text.replace(members.url(), "API").replace(home.toString(), "HOME");
    }

    @Override
    public void close() {
        members.close();
        MemoryProvider.remove(id);
    }
}
