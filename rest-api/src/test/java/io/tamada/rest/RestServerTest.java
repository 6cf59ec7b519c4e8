package io.tamada.rest;

import static io.tamada.rest.Statuses.PG0;
import static io.tamada.rest.Statuses.PG1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tamada.dcs.Json;
import io.tamada.ha.HaNode;
import io.tamada.ha.JournalEntry;
import io.tamada.ha.OperatorRequest;
import io.tamada.ha.OperatorRequest.Outcome;
import io.tamada.ha.OperatorRequest.Reason;
import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.DistributedConfigStore;
import io.tamada.ha.dcs.LeaseRequest;
import io.tamada.ha.dcs.LeaseResult;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.ReadResult;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.PeerAnswer;
import io.tamada.ha.model.RestartFilter;
import io.tamada.ha.model.Tags;
import io.tamada.ha.time.Deadline;
import io.tamada.rest.RawHttp.Answer;
import io.tamada.testkit.StoreNetwork;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestServerTest {

    private static final Duration TTL = Duration.ofSeconds(30);

    private final FakeNode node = new FakeNode();
    private final AtomicInteger reloads = new AtomicInteger();
    private final RestServer server;
    private final InetSocketAddress address;

    RestServerTest() throws IOException {
        server = RestServer.start(settings(Map.of()), node, reloads::incrementAndGet);
        address = server.address();
    }

    private static RestSettings settings(Map<String, Object> more) {
        Map<String, Object> section = new HashMap<>(more);
        section.put("listen", "127.0.0.1:0");
        return RestSettings.of(ConfigDocument.of(section));
    }

    @BeforeEach
    void fillStore() throws Exception {
        write(new DcsEntry.Config(ConfigDocument.of(Map.of("loop_wait", 10L))));
        lead(node.store, PG0);
        DistributedConfigStore other =
                node.keys.dcs(PG1, TTL, node.time.jumping(), StoreNetwork.PERFECT);
        write(node.store, member(PG0));
        write(other, member(PG1));
        node.peerAnswers.put(
                PG1, new PeerAnswer.Answered(true, Lsn.of(7), null, Tags.NONE, false, null));
        node.look();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static DcsEntry.Member member(MemberName name) {
        return new DcsEntry.Member(
                MemberStatus.builder(name)
                        .apiUrl("http://127.0.0.1:8008/patroni")
                        .connUrl("postgres://127.0.0.1:5432/postgres")
                        .build());
    }

    private void lead(DistributedConfigStore store, MemberName name) throws InterruptedException {
        LeaseResult result =
                store.acquireLeader(
                        new LeaseRequest(name, TTL, LeaseRequest.Mode.TAKE),
                        Deadline.after(node.time, TTL));
        assertThat(result).isInstanceOf(LeaseResult.Granted.class);
    }

    private void write(DcsEntry entry) throws InterruptedException {
        write(node.store, entry);
    }

    private void write(DistributedConfigStore store, DcsEntry entry) throws InterruptedException {
        assertThat(
                        store.write(entry, Precondition.whatever(), Deadline.after(node.time, TTL))
                                .isApplied())
                .isTrue();
    }

    private ClusterView view() throws InterruptedException {
        ReadResult result = node.store.read(Deadline.after(node.time, TTL));
        assertThat(result).isInstanceOf(ReadResult.Seen.class);
        return ((ReadResult.Seen) result).view();
    }

    private Answer post(String path, String body) throws IOException {
        return RawHttp.send(address, "POST", path, body);
    }

    // Health checks and reads.

    @Test
    void primaryAnswersWithTheStatusDocument() throws IOException {
        Answer answer = RawHttp.get(address, "/primary");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("Tamada-Lsn")).isEqualTo("0/3000060");
        assertThat(answer.body()).startsWith("{\"state\": \"running\", ");
        assertThat(RawHttp.get(address, "/replica").status()).isEqualTo(503);
        assertThat(RawHttp.get(address, "/replica").body()).isEqualTo(answer.body());
    }

    @Test
    void documentFollowsTheSnapshot() throws IOException {
        assertThat(RawHttp.get(address, "/patroni").body()).contains("\"role\": \"primary\"");
        node.status = Statuses.replica().at(node.time).build();
        assertThat(RawHttp.get(address, "/patroni").body()).contains("\"role\": \"replica\"");
        node.time.advance(TTL);
        assertThat(RawHttp.get(address, "/patroni").body()).contains("\"cluster_unlocked\": true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "OPTIONS"})
    void probesGetTheStatusAlone(String method) throws IOException {
        for (String version : List.of("1.0", "1.1")) {
            String answer =
                    RawHttp.talk(
                            address,
                            method
                                    + " / HTTP/"
                                    + version
                                    + "\r\nConnection: close\r\nHost: x\r\n\r\n");
            assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n");
        }
        assertThat(RawHttp.send(address, method, "/replica", "").status()).isEqualTo(503);
        assertThat(RawHttp.send(address, method, "/liveness", "").status()).isEqualTo(200);
        assertThat(RawHttp.send(address, method, "/restart", "").status()).isEqualTo(405);
    }

    @Test
    void oldClientsAreAnsweredAndTheConnectionCloses() throws IOException {
        assertThat(RawHttp.talk(address, "OPTIONS / HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n");
        Answer get = RawHttp.parse(RawHttp.talk(address, "GET /patroni HTTP/1.0\r\n\r\n"));
        assertThat(get.status()).isEqualTo(200);
        assertThat(Json.parseObject(get.body())).containsKey("patroni");
    }

    @Test
    void pathsAreFoundByTheirFirstPart() throws IOException {
        assertThat(RawHttp.get(address, "/patroni/anything").status()).isEqualTo(200);
        assertThat(RawHttp.get(address, "/nothing").status()).isEqualTo(404);
        assertThat(RawHttp.get(address, "/xleaderx").status()).isEqualTo(404);
        Answer wrong = RawHttp.send(address, "PUT", "/cluster", "{}");
        assertThat(wrong.status()).isEqualTo(405);
        assertThat(wrong.header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
    }

    @Test
    void clusterHistoryConfigAndFailsafeComeFromTheSnapshotWithItsAge() throws Exception {
        node.time.advance(Duration.ofMillis(1500));
        Answer cluster = RawHttp.get(address, "/cluster");
        assertThat(cluster.status()).isEqualTo(200);
        assertThat(cluster.header(ReadEndpoints.AGE_HEADER)).isEqualTo("1.500");
        assertThat(cluster.body())
                .contains("\"scope\": \"batman\"")
                .contains("\"role\": \"leader\"");
        assertThat(RawHttp.get(address, "/history").body()).isEqualTo("[]");
        assertThat(RawHttp.get(address, "/config").body()).isEqualTo("{\"loop_wait\": 10}");
        assertThat(RawHttp.get(address, "/failsafe").status()).isEqualTo(502);
        node.faults.unreachable(true);
        assertThat(RawHttp.get(address, "/cluster").body()).isEqualTo(cluster.body());
    }

    @Test
    void nothingIsShownOfAStoreThatNeverAnswered() throws IOException {
        node.status = Statuses.primary().at(node.time).neverSeen().build();
        assertThat(RawHttp.get(address, "/cluster").status()).isEqualTo(503);
        assertThat(RawHttp.get(address, "/config").status()).isEqualTo(502);
        assertThat(RawHttp.get(address, "/patroni").status()).isEqualTo(200);
        assertThat(RawHttp.get(address, "/metrics").status()).isEqualTo(200);
    }

    @Test
    void journalIsCutOnRequest() throws IOException {
        for (int i = 1; i <= 3; i++) {
            node.journal.add(
                    new JournalEntry(
                            i,
                            Instant.parse("2026-01-01T00:00:00Z"),
                            "seen",
                            "RULE",
                            "hold",
                            List.of("why"),
                            "done",
                            i));
        }
        assertThat(RawHttp.get(address, "/journal?since=2").body())
                .isEqualTo(
                        "[{\"sequence\": 3, \"at\": \"2026-01-01T00:00:00+00:00\", \"seen\": \"seen\", \"rule\": \"RULE\","
                                + " \"decision\": \"hold\", \"because\": [\"why\"], \"outcome\": \"done\", \"times\": 3}]");
        assertThat(RawHttp.get(address, "/journal?limit=2").body())
                .doesNotContain("\"sequence\": 1,");
        assertThat(RawHttp.get(address, "/journal?since=2025-12-31T23:59:59Z").body())
                .contains("\"sequence\": 1,");
        assertThat(RawHttp.get(address, "/journal?since=2026-01-01T01:00:01%2B01:00").body())
                .isEqualTo("[]");
        assertThat(RawHttp.get(address, "/journal?observations=true").body()).isEqualTo("[]");
        for (String wrong : List.of("limit=-1", "limit=0", "limit=1001", "limit=x", "since=x")) {
            assertThat(RawHttp.get(address, "/journal?" + wrong).status()).isEqualTo(400);
        }
    }

    // Configuration.

    @Test
    void patchMergesAndIsSeenAtOnce() throws Exception {
        Answer answer =
                RawHttp.send(
                        address,
                        "PATCH",
                        "/config",
                        "{\"gone\": null, \"postgresql\": {\"x\": 1}}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"loop_wait\": 10, \"postgresql\": {\"x\": 1}}");
        assertThat(RawHttp.get(address, "/config").body()).isEqualTo(answer.body());
        assertThat(node.wakes).isNotEmpty();
        assertThat(RawHttp.send(address, "PATCH", "/config", "{\"loop_wait\": \"10\"}").body())
                .isEqualTo(answer.body());
    }

    @Test
    void putReplaces() throws Exception {
        Answer answer =
                RawHttp.send(address, "PUT", "/config", "{\"a\": [1, 2.5, null, \"\u00e9\"]}");
        assertThat(answer.body()).isEqualTo("{\"a\": [1, 2.5, null, \"\\u00e9\"]}");
        assertThat(view().config()).isNotNull();
        assertThat(RawHttp.get(address, "/config").body()).isEqualTo(answer.body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | 400",
                "{} | 400",
                "5 | 400",
                "{\"a\" | 400",
                "null | 400",
                "\"x\" | 400",
                "'' | 411"
            })
    void badBodiesChangeNothing(String body, int status) throws Exception {
        ClusterView before = view();
        for (String path : List.of("/config", "/switchover", "/failover", "/failsafe")) {
            String method = path.equals("/config") ? "PATCH" : "POST";
            assertThat(RawHttp.send(address, method, path, body).status())
                    .as(path)
                    .isEqualTo(status);
        }
        assertThat(view()).isEqualTo(before);
    }

    @Test
    void longAndDeepBodiesAreRefused() throws Exception {
        assertThat(
                        RawHttp.send(address, "PATCH", "/config", "{\"a\": " + "[".repeat(5000))
                                .status())
                .isEqualTo(400);
        String head =
                "PATCH /config HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2000000\r\n\r\n";
        try (Socket socket = RawHttp.connect(address)) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream()
                    .write(" ".repeat((1 << 20) + 1).getBytes(StandardCharsets.US_ASCII));
            byte[] start = socket.getInputStream().readNBytes(12);
            assertThat(new String(start, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
        }
    }

    @Test
    void withoutAStoreCommandsSaySoAndReadsGoOn() throws Exception {
        node.faults.unreachable(true);
        assertThat(RawHttp.send(address, "PATCH", "/config", "{\"a\": 1}").status()).isEqualTo(503);
        assertThat(RawHttp.send(address, "PUT", "/config", "{\"a\": 1}").status()).isEqualTo(503);
        assertThat(post("/switchover", "{\"leader\": \"pg0\"}").status()).isEqualTo(503);
        assertThat(RawHttp.send(address, "DELETE", "/switchover", "").status()).isEqualTo(503);
        assertThat(RawHttp.get(address, "/config").status()).isEqualTo(200);
    }

    // Switchover.

    @Test
    void switchoverEndsWhenAnotherLeads() throws Exception {
        node.onWake = () -> handOver(PG1);
        Answer answer = post("/switchover", "{\"leader\": \"pg0\", \"candidate\": \"pg1\"}");
        assertThat(answer.body()).isEqualTo("Successfully switched over to \"pg1\"");
        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void failoverTellsWhoWonInstead() throws Exception {
        node.onWake = () -> handOver(MemberName.of("pg2"));
        Answer answer = post("/failover", "{\"candidate\": \"pg1\"}");
        assertThat(answer.body()).isEqualTo("Failed over to \"pg2\" instead of \"pg1\"");
        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void switchoverFailsWhenTheWishIsDropped() throws Exception {
        node.onWake =
                () -> {
                    try {
                        write(new DcsEntry.Failover(null));
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                };
        Answer answer = post("/switchover", "{\"leader\": \"pg0\"}");
        assertThat(answer.body()).isEqualTo("Switchover failed");
        assertThat(answer.status()).isEqualTo(503);
    }

    @Test
    void switchoverIsGivenUpInTheEnd() throws Exception {
        node.onWake = () -> node.faults.latency(Duration.ofSeconds(2));
        Answer answer = post("/switchover", "{\"leader\": \"pg0\"}");
        assertThat(answer.body())
                .isEqualTo(
                        "Switchover status unknown after 20 seconds; operation may still be in progress");
        assertThat(answer.status()).isEqualTo(503);
    }

    private void handOver(MemberName next) {
        try {
            lead(node.keys.dcs(next, TTL, node.time.jumping(), StoreNetwork.PERFECT), next);
            write(new DcsEntry.Failover(null));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"leader\": \"pg1\"} | leader name does not match",
                "{\"leader\": \"pg0\", \"candidate\": \"pg7\"} | candidate does not exists",
            })
    void impossibleSwitchoversAreNotWritten(String body, String text) throws Exception {
        Answer answer = post("/switchover", body);
        assertThat(answer.status()).isEqualTo(412);
        assertThat(answer.body()).isEqualTo(text);
        assertThat(view().failover()).isNull();
    }

    @Test
    void peersMustBeFit() throws Exception {
        node.peerAnswers.put(
                PG1,
                new PeerAnswer.Answered(
                        true, Lsn.of(7), null, new Tags(Map.of("nofailover", true)), false, null));
        assertThat(post("/switchover", "{\"leader\": \"pg0\"}").body())
                .isEqualTo("switchover is not possible: no good candidates have been found");
        node.peerAnswers.clear();
        assertThat(post("/failover", "{\"candidate\": \"pg1\"}").body())
                .isEqualTo("failover is not possible: no good candidates have been found");
    }

    @Test
    void synchronousModeNarrowsTheChoice() throws Exception {
        write(new DcsEntry.Config(ConfigDocument.of(Map.of("synchronous_mode", true))));
        assertThat(post("/switchover", "{\"leader\": \"pg0\"}").body())
                .isEqualTo("switchover is not possible: can not find sync_standby");
        assertThat(post("/switchover", "{\"leader\": \"pg0\", \"candidate\": \"pg1\"}").body())
                .isEqualTo("candidate name does not match with sync_standby");
    }

    @Test
    void switchoversAreScheduledAndTakenBack() throws Exception {
        Answer answer =
                post(
                        "/switchover",
                        "{\"leader\": \"pg0\", \"scheduled_at\": \"2050-01-01T12:00+02\"}");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body()).isEqualTo("Switchover scheduled");
        node.look();
        assertThat(RawHttp.get(address, "/cluster").body())
                .contains(
                        "\"scheduled_switchover\": {\"at\": \"2050-01-01T12:00:00+02:00\", \"from\": \"pg0\"}");
        assertThat(RawHttp.send(address, "DELETE", "/switchover", "").body())
                .isEqualTo("scheduled switchover deleted");
        assertThat(view().failover()).isNull();
        Answer again = RawHttp.send(address, "DELETE", "/switchover", "");
        assertThat(again.status()).isEqualTo(404);
        assertThat(again.body()).isEqualTo("no switchover is scheduled");
    }

    @Test
    void runningSwitchoverIsNotTakenBack() throws Exception {
        write(new DcsEntry.Failover(new FailoverRequest.Failover(PG1)));
        assertThat(RawHttp.send(address, "DELETE", "/switchover", "").status()).isEqualTo(404);
        assertThat(view().failover()).isNotNull();
    }

    // Requests to the engine.

    @Test
    void restartIsHandedOver() throws Exception {
        Answer answer = post("/restart", "");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("restarted successfully");
        assertThat(node.requests).containsExactly(new OperatorRequest.Restart(RestartFilter.NONE));
        assertThat(post("/restart", "{\"schedule\": \"2050-01-01T12:00Z\"}").body())
                .isEqualTo("Restart scheduled");
        assertThat(RawHttp.send(address, "DELETE", "/restart", "").body())
                .isEqualTo("scheduled restart deleted");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CONDITIONS_NOT_MET | 503 | restart conditions are not satisfied",
                "BUSY | 503 | reinitialize already in progress",
                "STILL_STARTING | 503 | postgres is still starting",
                "FAILED | 503 | restart failed",
                "PAUSED | 500 | Can't schedule restart in the paused state",
                "ALREADY_SCHEDULED | 409 | Another restart is already scheduled",
                "NOTHING_SCHEDULED | 404 | no restarts are scheduled",
                "NO_LEADER | 503 | Cluster has no leader, can not reinitialize",
                "IS_LEADER | 503 | I am the leader, can not reinitialize",
                "STOPPING | 503 | this member is stopping",
            })
    void refusalsHaveTheirTexts(Reason reason, int status, String text) throws Exception {
        node.engine = _ -> CompletableFuture.completedFuture(new Outcome.Refused(reason, ""));
        node.status = Statuses.of(node.status).at(node.time).task("reinitialize").build();
        Answer answer = post("/restart", "{}");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(text);
    }

    @Test
    void reinitializeReadsItsOptions() throws Exception {
        assertThat(post("/reinitialize", "").body()).isEqualTo("reinitialize started");
        assertThat(post("/reinitialize", "{\"force\": \"on\", \"from-leader\": true}").status())
                .isEqualTo(200);
        assertThat(post("/reinitialize", "{\"force\": 7}").status()).isEqualTo(400);
        assertThat(node.requests)
                .containsExactly(
                        new OperatorRequest.Reinitialize(false, false),
                        new OperatorRequest.Reinitialize(true, true));
    }

    @Test
    void reloadIsSetOff() throws Exception {
        Answer answer = post("/reload", "");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body()).isEqualTo("reload scheduled");
        assertThat(reloads).hasValue(1);
        assertThat(post("/sigterm", "").status()).isEqualTo(202);
        assertThat(post("/mpp", "{\"type\": \"x\"}").body()).isEqualTo("OK");
    }

    @Test
    void failsafeIsAnsweredToTheLetter() throws Exception {
        String ping =
                "{\"name\": \"pg0\", \"conn_url\": \"x\", \"api_url\": \"y\", \"slots\": {\"pg1\": 7}}";
        assertThat(post("/failsafe", ping).status()).isEqualTo(502);
        node.failsafeReply = new HaNode.FailsafeReply.Leading();
        assertThat(post("/failsafe", ping).body()).isEqualTo("Running as a leader");
        assertThat(post("/failsafe", ping).status()).isEqualTo(500);
        node.failsafeReply = new HaNode.FailsafeReply.Accepted(Lsn.of(42));
        Answer accepted = post("/failsafe", ping);
        assertThat(accepted.status()).isEqualTo(200);
        assertThat(accepted.body()).isEqualTo("Accepted");
        assertThat(accepted.header("lsn")).isEqualTo("42");
        assertThat(post("/failsafe", "{\"name\": \"pg0\"}").status()).isEqualTo(400);
        assertThat(post("/failsafe", ping.replace("7", "\"x\"")).status()).isEqualTo(400);
    }

    // Bad clients.

    private static String request(String method, String path, String headers) {
        return method + " " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        String answers =
                RawHttp.talk(
                        address,
                        request("GET", "/replica", "")
                                + request("GET", "/nothing", "")
                                + request("HEAD", "/", "Connection: close\r\n"));
        assertThat(answers.indexOf("HTTP/1.1 503"))
                .isNotNegative()
                .isLessThan(answers.indexOf("HTTP/1.1 404"));
        assertThat(answers.indexOf("HTTP/1.1 404")).isLessThan(answers.indexOf("HTTP/1.1 200"));
    }

    @Test
    void oversizedHeadersEndTheConnection() throws IOException {
        try (Socket socket = RawHttp.connect(address)) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
            byte[] chunk = "x".repeat(8192).getBytes(StandardCharsets.US_ASCII);
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 10_000; i++) {
                                    socket.getOutputStream().write(chunk);
                                }
                            })
                    .isInstanceOf(IOException.class);
        }
        assertThat(RawHttp.get(address, "/primary").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE\r\n\r\n",
                "GET\r\n\r\n",
                "GET /%zz HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                "POST /config HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST /config HTTP/1.1\r\nContent-Length: many\r\n\r\n"
            })
    void malformedRequestsAreRefused(String request) throws IOException {
        assertThat(RawHttp.talk(address, request)).startsWith("HTTP/1.1 400");
    }

    @Test
    void halfARequestIsGivenUpAndHindersNobody() throws IOException {
        RestSettings slow = settings(Map.of());
        RestSettings impatient =
                new RestSettings(
                        slow.listen(),
                        slow.connectAddress(),
                        null,
                        null,
                        List.of(),
                        false,
                        Map.of(),
                        slow.serverTokens(),
                        slow.backlog(),
                        new RestSettings.Limits(1024, 5));
        try (RestServer other = RestServer.start(impatient, node, () -> {});
                Socket head = RawHttp.connect(other.address());
                Socket body = RawHttp.connect(other.address())) {
            head.getOutputStream().write("GET / HT".getBytes(StandardCharsets.US_ASCII));
            body.getOutputStream()
                    .write(
                            "PATCH /config HTTP/1.1\r\nContent-Length: 9\r\n\r\n{"
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(RawHttp.get(other.address(), "/primary").status()).isEqualTo(200);
            assertThat(head.getInputStream().read()).isEqualTo(-1);
            assertThat(body.getInputStream().readAllBytes()).isEmpty();
        }
    }

    // Authority.

    @Test
    void stateIsChangedOnlyByThoseWhoKnowThePassword() throws IOException {
        Map<String, Object> auth =
                Map.of("authentication", Map.of("username", "u", "password", "p"));
        try (RestServer guarded =
                RestServer.start(settings(auth), node, reloads::incrementAndGet)) {
            for (String path :
                    List.of(
                            "/reload",
                            "/restart",
                            "/reinitialize",
                            "/switchover",
                            "/failover",
                            "/failsafe",
                            "/citus",
                            "/mpp",
                            "/sigterm")) {
                Answer none = RawHttp.send(guarded.address(), "POST", path, "{\"a\": 1}");
                assertThat(none.status()).as(path).isEqualTo(401);
                assertThat(none.body()).isEqualTo("no auth header received");
                assertThat(none.header("WWW-Authenticate")).isEqualTo("Basic realm=\"Patroni\"");
                Answer wrong =
                        RawHttp.send(
                                guarded.address(),
                                "POST",
                                path,
                                "Authorization: Basic dTp4\r\n",
                                "{\"a\": 1}");
                assertThat(wrong.body()).isEqualTo("not authenticated");
            }
            assertThat(RawHttp.send(guarded.address(), "PATCH", "/config", "{\"a\": 1}").status())
                    .isEqualTo(401);
            assertThat(RawHttp.get(guarded.address(), "/config").status()).isEqualTo(200);
            assertThat(
                            RawHttp.send(
                                            guarded.address(),
                                            "POST",
                                            "/reload",
                                            "Authorization: Basic dTpw\r\n",
                                            "")
                                    .status())
                    .isEqualTo(202);
        }
        assertThat(reloads).hasValue(1);
    }

    @Test
    void allowlistLetsInWhomItNames() throws IOException {
        try (RestServer closed =
                        RestServer.start(
                                settings(Map.of("allowlist", List.of("10.0.0.0/8"))),
                                node,
                                () -> {});
                RestServer open =
                        RestServer.start(
                                settings(
                                        Map.of("allowlist", List.of("10.0.0.0/8", "127.0.0.0/30"))),
                                node,
                                () -> {});
                RestServer members =
                        RestServer.start(
                                settings(
                                        Map.of(
                                                "allowlist",
                                                List.of("10.0.0.1"),
                                                "allowlist_include_members",
                                                true)),
                                node,
                                () -> {})) {
            Answer denied = RawHttp.send(closed.address(), "POST", "/reload", "");
            assertThat(denied.status()).isEqualTo(403);
            assertThat(denied.body()).isEqualTo("Access is denied");
            assertThat(RawHttp.send(open.address(), "POST", "/reload", "").status()).isEqualTo(202);
            assertThat(RawHttp.send(members.address(), "POST", "/reload", "").status())
                    .isEqualTo(202);
            assertThat(RawHttp.send(members.address(), "POST", "/failsafe", "{\"a\": 1}").status())
                    .isEqualTo(400);
        }
    }

    @Test
    void portInUseIsTold() {
        RestSettings same = RestSettings.on(new HostPort("127.0.0.1", address.getPort()));
        assertThatThrownBy(() -> RestServer.start(same, node, () -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "restapi.listen: can't listen on 127.0.0.1:" + address.getPort() + ": ");
    }

    @Test
    void headersFollowTheSettings() throws IOException {
        Map<String, Object> section =
                Map.of(
                        "server_tokens",
                        "ProductOnly",
                        "http_extra_headers",
                        Map.of("X-Frame-Options", "DENY"),
                        "https_extra_headers",
                        Map.of("Strict-Transport-Security", "max-age=1"));
        try (RestServer other = RestServer.start(settings(section), node, () -> {})) {
            Answer answer = RawHttp.get(other.address(), "/primary");
            assertThat(answer.header("Server")).isEqualTo("Tamada");
            assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
            assertThat(answer.header("Strict-Transport-Security")).isEmpty();
        }
    }
}
