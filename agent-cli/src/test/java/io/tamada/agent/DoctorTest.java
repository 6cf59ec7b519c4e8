package io.tamada.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.dcs.ReadResult;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.Revision;
import io.tamada.ha.model.SystemId;
import io.tamada.ha.model.Versioned;
import io.tamada.testkit.Certificates;
import io.tamada.testkit.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Faults are seeded one at a time into a set-up with which nothing is wrong; each has to be named.
class DoctorTest {

    @TempDir private Path directory;

    private final Map<String, Seed> seeds = new LinkedHashMap<>();

    private interface Seed {
        void sow(Practice practice) throws Exception;
    }

    /// @param named what the finding has to say
    private void fault(String named, Seed seed) {
        if (seeds.put(named, seed) != null) {
            throw new IllegalArgumentException("seeded twice: " + named);
        }
    }

    private static Seed edit(String from, String to) {
        return practice -> practice.edit(from, to);
    }

    private static Seed data(Seed more) {
        return practice -> {
            practice.fillData();
            more.sow(practice);
        };
    }

    @Test
    void nothingIsWrongWithAFirstMember() throws IOException {
        Practice practice = new Practice(directory.resolve("first"));
        assertThat(practice.examine()).isEmpty();
        assertThat(practice.code).isZero();
    }

    @Test
    void nothingIsWrongWithAMemberThatHasDataAndPeersAndCertificates() throws Exception {
        Practice practice = new Practice(directory.resolve("second"));
        practice.fillData();
        certificate(practice, "127.0.0.2", Duration.ZERO);
        try (Peer peer = new Peer(practice.time.wall())) {
            practice.shows(peer.in(practice));
            assertThat(practice.examine()).isEmpty();
        }
        assertThat(practice.code).isZero();
    }

    @Test
    void theCodeTellsWarningsFromProblems() throws IOException {
        Practice warned = new Practice(directory.resolve("warned"));
        warned.guarded = false;
        warned.examine();
        assertThat(warned.code).isEqualTo(DoctorTask.WARNED);
        Practice refused = new Practice(directory.resolve("refused"));
        refused.edit("scope: demo", "scope: demo\nsocpe: x");
        refused.edit("name: node1", "");
        refused.examine();
        assertThat(refused.code).isEqualTo(AgentMain.REFUSED);
    }

    /// Starts some hundred programs, of which each may have to wait on a busy machine.
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void everySeededFaultIsNamed() throws Exception {
        configuration();
        machine();
        programs();
        dataDirectory();
        access();
        store();
        certificates();
        // At least 95 of a hundred have to be named.
        List<String> missed = new ArrayList<>();
        int number = 0;
        for (Map.Entry<String, Seed> seed : seeds.entrySet()) {
            Practice practice = new Practice(directory.resolve("practice" + number++));
            seed.getValue().sow(practice);
            List<String> said = practice.examine();
            if (said.stream().noneMatch(each -> each.contains(seed.getKey()))) {
                missed.add(seed.getKey() + " among " + said);
            }
            assertThat(String.join("", said)).doesNotContain("open-sesame", "Exception");
            assertThat(practice.code).as(seed.getKey()).isNotZero();
        }
        assertThat(seeds).hasSizeGreaterThanOrEqualTo(60);
        assertThat(missed).hasSizeLessThanOrEqualTo(seeds.size() / 20);
    }

    private void configuration() {
        fault("did you mean 'name'", edit("name: node1", "nmae: node1"));
        fault(
                "no store is configured",
                practice -> practice.yaml = practice.yaml.replaceAll("shelf: .*\n", ""));
        fault("a leader has to be able to try twice", edit("loop_wait: 10", "loop_wait: 20"));
        fault("2 is below", edit("ttl: 30", "ttl: 2"));
        fault(
                "given beside tags.nofailover",
                p -> p.yaml += "tags: {nofailover: true, failover_priority: 2}\n");
        fault(
                "other machines can't reach",
                p ->
                        p.yaml =
                                p.yaml.replaceFirst(
                                        "connect_address: 127.0.0.2",
                                        "connect_address: 127.0.0.1"));
        fault("still to be filled in", edit("username: repl", "username: '#FIXME'"));
        fault("'perhaps' doesn't fit", edit("  pgpass:", "  use_unix_socket: perhaps\n  pgpass:"));
        fault("max_wal_senders is 1", edit("{max_connections: 100}", "{max_wal_senders: 1}"));
        fault(
                "wal_log_hints is off",
                practice -> {
                    practice.edit("{max_connections: 100}", "{wal_log_hints: off}");
                    practice.edit("  initdb: [data-checksums]\n", "");
                });
        fault("there is no bootstrap.own.command", edit("  initdb:", "  method: own\n  initdb:"));
        fault(
                "TAMADA_SCOPE is set",
                p -> p.environment.putAll(Map.of("TAMADA_SCOPE", "a", "PATRONI_SCOPE", "b")));
        fault(
                "did you mean PATRONI_RESTAPI_LISTEN",
                p -> p.environment.put("PATRONI_RESTAPI_LISTN", "x"));
    }

    private void machine() {
        fault("may open no more than 1024 files", p -> p.limits.put("Max open files", 1024L));
        fault("no more than 120 processes", p -> p.limits.put("Max processes", 120L));
        fault("100 MB are free", p -> p.usable = 100 << 20);
        fault(
                "is not an address of this machine",
                p -> p.yaml = p.yaml.replaceFirst("listen: 127.0.0.2", "listen: 192.0.2.77"));
        fault("choose a smaller margin", p -> p.yaml += "watchdog: {safety_margin: 25}\n");
        fault(
                "is not there, why=with watchdog.mode: required",
                p -> p.yaml += "watchdog: {mode: required, device: /dev/none-such}\n");
        fault(
                "is not there, why=a machine that hangs",
                p -> p.yaml += "watchdog: {device: /dev/none-such}\n");
        fault("lease-guard is neither", p -> p.guarded = false);
        fault(
                "with lease_guard: required",
                practice -> {
                    practice.guarded = false;
                    practice.yaml += "lease_guard: required\n";
                });
        fault("log.dir", p -> p.yaml += "log: {dir: " + p.home + "/logs}\n");
        fault("pgpass can't be written", edit("/pgpass", "/none-such/pgpass"));
        fault(
                "everybody on this machine may read it",
                practice -> {
                    Files.writeString(practice.file, practice.yaml);
                    Files.setPosixFilePermissions(
                            practice.file, PosixFilePermissions.fromString("rw-r--r--"));
                });
    }

    private void programs() {
        fault("PostgreSQL's programs initdb", p -> Files.delete(p.programs.resolve("initdb")));
        fault("pg_rewind is not beside", p -> Files.delete(p.programs.resolve("pg_rewind")));
        fault("pg_rewind is of version 14", p -> p.program("pg_rewind", "14.9"));
        fault("pg_basebackup is of version 16", p -> p.program("pg_basebackup", "16.1"));
        fault("postgres is PostgreSQL 11", p -> p.program("postgres", "11.22"));
        fault("tells no version", p -> p.script("postgres", "exit 1\n"));
        fault(
                "callbacks.on_start: '/none/such' is no program",
                edit("  pgpass:", "  callbacks: {on_start: /none/such now}\n  pgpass:"));
        fault(
                "pre_promote: '/none/such' is no program",
                edit("  pgpass:", "  pre_promote: /none/such\n  pgpass:"));
        fault(
                "cloud.command: '/none/such' is no program",
                edit(
                        "  pgpass:",
                        "  create_replica_methods: [cloud]\n  cloud: {command: /none/such}\n  pgpass:"));
        fault(
                "bootstrap.post_bootstrap: '/none/such' is no program",
                edit("  initdb:", "  post_bootstrap: /none/such\n  initdb:"));
    }

    private void dataDirectory() {
        fault("is a file", p -> Files.createFile(p.data));
        fault(
                "others may enter",
                data(p ->
                        Files.setPosixFilePermissions(
                                p.data, PosixFilePermissions.fromString("rwxr-xr-x"))));
        fault(
                "was made by PostgreSQL 14",
                data(p -> Files.writeString(p.data.resolve("PG_VERSION"), "14\n")));
        fault("no global/pg_control", data(p -> Files.delete(p.data.resolve("global/pg_control"))));
        fault("pg_wal is not there", data(p -> Files.delete(p.data.resolve("pg_wal"))));
        fault(
                "pg_wal leads to nothing",
                data(practice -> {
                    Files.delete(practice.data.resolve("pg_wal"));
                    Files.createSymbolicLink(
                            practice.data.resolve("pg_wal"), practice.home.resolve("gone"));
                }));
        fault("has neither data checksums nor wal_log_hints", data(p -> p.control("off", 0)));
        fault(
                "checksum of global/pg_control doesn't match",
                data(p ->
                        Files.writeString(
                                p.home.resolve("control"),
                                "WARNING: Calculated CRC checksum does not match value stored in file.\n")));
        fault("pg_controldata ", data(p -> Files.delete(p.home.resolve("control"))));
        fault(
                "is of another cluster",
                data(p -> p.shows(p.cluster().initialized(new SystemId("7399999999999999999")))));
        fault(
                "not PostgreSQL's",
                practice -> {
                    Files.createDirectory(practice.data);
                    Files.writeString(practice.data.resolve("holiday.jpg"), "x");
                });
        fault(
                "this member has no bootstrap section",
                p -> p.yaml = p.yaml.replaceAll("(?s)bootstrap:.*?\npostgresql:", "postgresql:"));
        fault(
                "custom_conf: '/none/such' can't be read",
                edit("  pgpass:", "  custom_conf: /none/such\n  pgpass:"));
    }

    private void access() {
        String streaming = "  - host replication repl 127.0.0.0/8 scram-sha-256\n";
        fault("has no line for user repl from 127.0.0.2", edit(streaming, ""));
        fault(
                "has no line for user repl from 127.0.0.3",
                practice -> {
                    practice.edit("repl 127.0.0.0/8", "repl 127.0.0.2/32");
                    practice.shows(practice.cluster());
                });
        fault(
                "rejects user repl",
                edit(streaming, "  - host replication all all reject\n" + streaming));
        fault(
                "has no line for user postgres",
                edit("host all all 127.0.0.0/8", "host all all 10.0.0.0/8"));
        fault(
                "makes no sense",
                edit(streaming, streaming + "  - host all all 127.0.0.1 scram-sha-256\n"));
        fault(
                "'host all all 0.0.0.0/0 trust'",
                edit(streaming, streaming + "  - host all all 0.0.0.0/0 trust\n"));
        fault("none is configured", edit(", password: open-sesame-repl", ""));
        fault("is empty", edit("password: open-sesame-repl", "password: ''"));
    }

    private void store() {
        fault(
                "no answer within retry_timeout",
                p -> p.shown = new ReadResult.Unknown("connection refused"));
        fault("a read took 2000 ms", p -> p.latency = Duration.ofSeconds(2));
        fault("there is nothing to open", p -> p.edit("host: " + p.home + "}", "host: nowhere}"));
        fault(
                "config: not JSON",
                p -> p.shows(ClusterView.builder().problems(List.of("config: not JSON"))));
        fault(
                "dynamic configuration: ttl",
                p -> p.shows(p.cluster().config(dynamic(Map.of("ttl", 1L)))));
        fault(
                "max_replication_slots is 0",
                p ->
                        p.shows(
                                p.cluster()
                                        .config(
                                                dynamic(
                                                        Map.of(
                                                                "postgresql",
                                                                Map.of(
                                                                        "parameters",
                                                                        Map.of(
                                                                                "max_replication_slots",
                                                                                0L)))))));
        fault(
                "commits wait for standbys",
                p ->
                        p.shows(
                                p.cluster()
                                        .config(
                                                dynamic(
                                                        Map.of(
                                                                "synchronous_mode",
                                                                true,
                                                                "synchronous_mode_strict",
                                                                true,
                                                                "synchronous_node_count",
                                                                3L)))));
        fault(
                "leader node2 doesn't let user repl",
                p ->
                        p.shows(
                                p.cluster()
                                        .member(
                                                MemberStatus.builder(MemberName.of("node2"))
                                                        .connUrl(
                                                                "postgres://127.0.0.3:"
                                                                        + FreePorts.next()
                                                                        + "/postgres")
                                                        .build())
                                        .leader(MemberName.of("node2"))));
        fault(
                "the REST API of node2",
                p ->
                        p.shows(
                                p.cluster()
                                        .member(
                                                MemberStatus.builder(MemberName.of("node2"))
                                                        .apiUrl(
                                                                "http://127.0.0.2:"
                                                                        + FreePorts.next()
                                                                        + "/patroni")
                                                        .build())));
        fault("s ahead of this machine's", p -> clock(p, Duration.ofMinutes(1)));
        fault("s behind this machine's", p -> clock(p, Duration.ofMinutes(-1)));
    }

    private static Versioned<ConfigDocument> dynamic(Map<String, Object> root) {
        return new Versioned<>(ConfigDocument.of(root), Revision.of(1));
    }

    /// The peer ends with the test's last answer; one that is asked but once needs no more.
    private static void clock(Practice practice, Duration ahead) throws IOException {
        Peer peer = new Peer(practice.time.wall().plus(ahead));
        practice.shows(peer.in(practice));
    }

    private void certificates() {
        fault("has expired at", p -> certificate(p, "127.0.0.2", Duration.ofDays(11)));
        fault("is valid only from", p -> certificate(p, "127.0.0.2", Duration.ofDays(-1)));
        fault("expires at", p -> certificate(p, "127.0.0.2", Duration.ofDays(9)));
        fault("doesn't bear the name 127.0.0.2", p -> certificate(p, "10.9.9.9", Duration.ZERO));
        fault(
                "is not that of",
                practice -> {
                    certificate(practice, "127.0.0.2", Duration.ZERO);
                    practice.edit("node1.key", "other.key");
                });
        fault(
                "may read the key",
                practice -> {
                    certificate(practice, "127.0.0.2", Duration.ZERO);
                    Files.setPosixFilePermissions(
                            practice.home.resolve("tls/node1.key"),
                            PosixFilePermissions.fromString("rw-r--r--"));
                });
        fault(
                "holds no private key",
                practice -> {
                    certificate(practice, "127.0.0.2", Duration.ZERO);
                    practice.edit("node1.key", "ca.crt");
                });
        fault(
                "node1.crt is not there",
                practice -> {
                    certificate(practice, "127.0.0.2", Duration.ZERO);
                    Files.delete(practice.home.resolve("tls/node1.crt"));
                });
        fault(
                "holds no certificate",
                practice -> {
                    certificate(practice, "127.0.0.2", Duration.ZERO);
                    practice.edit("node1.crt", "node1.key");
                });
        fault(
                "no password is configured",
                practice -> {
                    certificate(practice, "127.0.0.2", Duration.ZERO);
                    practice.edit("node1.key", "node1.encrypted.key");
                });
    }

    /// Gives the REST API a certificate, at a moment counted from when that becomes valid.
    private static void certificate(Practice practice, String address, Duration later)
            throws IOException, InterruptedException, CertificateException {
        Certificates authority = Certificates.authority(practice.home.resolve("tls"));
        Certificates.Signed signed = authority.sign("node1", address);
        authority.sign("other", address);
        authority.encryptedKey("node1", "open-sesame-key");
        for (Path key :
                List.of(
                        signed.key(),
                        practice.home.resolve("tls/other.key"),
                        practice.home.resolve("tls/node1.encrypted.key"))) {
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        }
        try (var in = Files.newInputStream(signed.certificate())) {
            X509Certificate made =
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509").generateCertificate(in);
            practice.time.setWall(made.getNotBefore().toInstant().plus(later).plusSeconds(60));
        }
        practice.edit(
                "restapi:\n",
                "restapi:\n  certfile: "
                        + signed.certificate()
                        + "\n  keyfile: "
                        + signed.key()
                        + "\n  cafile: "
                        + authority.ca()
                        + "\n");
    }

    /// A member whose REST API tells the time once.
    private static final class Peer implements AutoCloseable {
        private final ServerSocket socket =
                new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"));

        Peer(Instant clock) throws IOException {
            String date =
                    DateTimeFormatter.RFC_1123_DATE_TIME.format(clock.atOffset(ZoneOffset.UTC));
            Thread.ofVirtual().start(() -> answer(date));
        }

        private void answer(String date) {
            try (socket;
                    Socket caller = socket.accept()) {
                BufferedReader request =
                        new BufferedReader(
                                new InputStreamReader(
                                        caller.getInputStream(), StandardCharsets.UTF_8));
                if (request.lines().takeWhile(line -> !line.isEmpty()).count() > 0) {
                    caller.getOutputStream()
                            .write(
                                    ("HTTP/1.1 200 OK\r\nDate: "
                                                    + date
                                                    + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                                            .getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                // The caller has gone, and its test tells why.
                return;
            }
        }

        ClusterView.Builder in(Practice practice) {
            return practice.cluster()
                    .member(
                            MemberStatus.builder(MemberName.of("node2"))
                                    .connUrl("postgres://127.0.0.3:5432/postgres")
                                    .apiUrl(
                                            "http://127.0.0.2:"
                                                    + socket.getLocalPort()
                                                    + "/patroni")
                                    .build());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
