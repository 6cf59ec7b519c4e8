package io.tamada.agent;

import io.tamada.agent.doctor.Machine;
import io.tamada.dcs.Json;
import io.tamada.ha.dcs.DcsProviders;
import io.tamada.ha.dcs.ReadResult;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.SystemId;
import io.tamada.testkit.FreePorts;
import io.tamada.testkit.ManualTime;
import io.tamada.testkit.ShelfProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/// A machine with a configuration with which nothing is wrong, until a test makes it so.
final class Practice implements Machine {

    static final String SYSTEM_ID = "7300000000000000001";
    static final Instant TODAY = Instant.parse("2030-01-01T12:00:00Z");

    final Path home;
    final Path programs;
    final Path data;
    final Path file;
    final ManualTime time = new ManualTime();
    final Map<String, Long> limits = new HashMap<>();
    final Map<String, String> environment = new TreeMap<>();
    String yaml;
    ReadResult shown = new ReadResult.Seen(ClusterView.EMPTY);
    Duration latency = Duration.ofMillis(5);
    long usable = Long.MAX_VALUE;
    boolean guarded = true;
    int code;

    Practice(Path home) throws IOException {
        this.home = Files.createDirectories(home);
        programs = Files.createDirectory(home.resolve("bin"));
        data = home.resolve("data");
        file = home.resolve("node.yml");
        time.setWall(TODAY);
        for (String name : List.of("postgres", "pg_ctl", "initdb", "pg_basebackup", "pg_rewind")) {
            program(name, "15.6");
        }
        script("pg_controldata", controlData());
        yaml =
                """
                scope: demo
                name: node1
                shelf: {host: %1$s}
                restapi:
                  listen: 127.0.0.2:%2$d
                  connect_address: 127.0.0.2:%2$d
                bootstrap:
                  dcs:
                    ttl: 30
                    loop_wait: 10
                    retry_timeout: 10
                    postgresql:
                      use_pg_rewind: true
                      parameters: {max_connections: 100}
                  initdb: [data-checksums]
                postgresql:
                  listen: 127.0.0.2:%3$d
                  connect_address: 127.0.0.2:%3$d
                  data_dir: %1$s/data
                  bin_dir: %1$s/bin
                  pgpass: %1$s/pgpass
                  pg_hba:
                  - host replication repl 127.0.0.0/8 scram-sha-256
                  - host all all 127.0.0.0/8 scram-sha-256
                  authentication:
                    superuser: {username: postgres, password: open-sesame-super}
                    replication: {username: repl, password: open-sesame-repl}
                """
                        .formatted(home, FreePorts.next(), FreePorts.next());
    }

    void program(String name, String version) throws IOException {
        script(name, "echo '" + name + " (PostgreSQL) " + version + "'\n");
    }

    void script(String name, String body) throws IOException {
        Path script = programs.resolve(name);
        Files.writeString(script, "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String controlData() {
        return "case $1 in --version) echo 'pg_controldata (PostgreSQL) 15.6' ;; *) cat "
                + home
                + "/control ;; esac\n";
    }

    /// Data as PostgreSQL leaves it.
    void fillData() throws IOException {
        Files.createDirectories(data.resolve("global"));
        Files.createDirectories(data.resolve("pg_wal"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(data.resolve("PG_VERSION"), "15\n");
        Files.writeString(data.resolve("global/pg_control"), "x");
        control("on", 0);
    }

    void control(String hints, int checksums) throws IOException {
        Files.writeString(
                home.resolve("control"),
                """
                Database system identifier:           %s
                wal_log_hints setting:                %s
                Data page checksum version:           %d
                """
                        .formatted(SYSTEM_ID, hints, checksums));
    }

    /// A cluster with another member, reached where nobody asks it.
    ClusterView.Builder cluster() {
        return ClusterView.builder()
                .initialized(new SystemId(SYSTEM_ID))
                .member(
                        MemberStatus.builder(MemberName.of("node2"))
                                .connUrl("postgres://127.0.0.3:5432/postgres")
                                .build());
    }

    void shows(ClusterView.Builder view) {
        shown = new ReadResult.Seen(view.build());
    }

    /// Replaces something that must be there.
    void edit(String from, String to) {
        if (!yaml.contains(from)) {
            throw new IllegalArgumentException("the configuration has no '" + from + "'");
        }
        yaml = yaml.replace(from, to);
    }

    /// What the doctor says: each finding's text with its reason and remedy.
    List<String> examine() throws IOException {
        if (!Files.exists(file)) {
            Files.writeString(file, yaml);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        ShelfProvider.STOCK.put(home.toString(), new ShownStore(shown, time, latency));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Options options = Options.parse(List.of("doctor", "--json", file.toString()));
            code =
                    new DoctorTask(
                                    new PrintStream(out, true, StandardCharsets.UTF_8),
                                    environment,
                                    DcsProviders.visibleTo(getClass().getClassLoader()),
                                    this,
                                    time)
                            .run(options);
        } catch (Options.WrongUsage e) {
            throw new IllegalStateException(e);
        } finally {
            ShelfProvider.STOCK.remove(home.toString());
        }
        return Json.parse(out.toString(StandardCharsets.UTF_8)) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of("no list: " + out);
    }

    @Override
    public OptionalLong usableBytes(Path path) {
        return OptionalLong.of(usable);
    }

    @Override
    public Map<String, Long> hardLimits() {
        return limits;
    }

    @Override
    public boolean hasLeaseGuard() {
        return guarded;
    }
}
