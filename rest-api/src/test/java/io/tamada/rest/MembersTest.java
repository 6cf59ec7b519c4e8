package io.tamada.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.dcs.Json;
import io.tamada.ha.OperatorRequest;
import io.tamada.ha.model.ClusterView;
import io.tamada.ha.model.ConfigDocument;
import io.tamada.ha.model.Lsn;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.rest.RawHttp.Answer;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What one member says and does for others, and what the console shows.
class MembersTest {

    private final FakeNode node = new FakeNode();
    private final RestServer server;

    MembersTest() throws IOException {
        server = RestServer.start(settings(Map.of()), node, () -> {});
        ClusterView view =
                ClusterView.builder()
                        .leader(Statuses.PG0)
                        .member(member("pg0", "http://127.0.0.1:8008/patroni"))
                        .member(member("pg1", "http://127.0.0.2:8008/patroni"))
                        .member(member("dead", "http://127.0.0.3:1/patroni"))
                        .build();
        node.status = Statuses.primary().at(node.time).view(view).build();
    }

    private static RestSettings settings(Map<String, Object> more) {
        Map<String, Object> section = new java.util.HashMap<>(more);
        section.put("listen", "127.0.0.1:0");
        return RestSettings.of(ConfigDocument.of(section));
    }

    private static MemberStatus member(String name, String url) {
        return MemberStatus.builder(MemberName.of(name))
                .apiUrl(url)
                .position(Lsn.of(5_000))
                .build();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Answer post(String path, String body) throws IOException {
        return RawHttp.send(server.address(), "POST", path, body);
    }

    @Test
    void a_request_for_another_member_is_passed_on_as_it_is() throws IOException {
        Answer answer = post("/members/pg1/restart", "{\"restart_pending\": true}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("restarted successfully");
        assertThat(node.relayed).containsExactly("pg1 POST /restart {\"restart_pending\": true}");
        assertThat(node.requests).isEmpty();
    }

    @Test
    void a_request_for_this_member_is_done_here() throws IOException {
        assertThat(post("/members/pg0/restart", "{}").status()).isEqualTo(200);
        assertThat(node.requests).hasExactlyElementsOfTypes(OperatorRequest.Restart.class);
        assertThat(node.relayed).isEmpty();
    }

    @Test
    void silence_and_wrong_names_are_told_apart() throws IOException {
        assertThat(post("/members/dead/reload", "").status()).isEqualTo(504);
        assertThat(post("/members/nobody/restart", "").status()).isEqualTo(404);
        assertThat(post("/members/pg1/config", "{\"a\": 1}").status()).isEqualTo(404);
        assertThat(post("/members/pg1/../config", "{\"a\": 1}").status()).isEqualTo(404);
        assertThat(RawHttp.get(server.address(), "/members").status()).isEqualTo(404);
        assertThat(node.relayed).containsExactly("dead POST /reload null");
    }

    @Test
    void passing_on_asks_for_authority_as_doing_it_here_does() throws IOException {
        Map<String, Object> auth =
                Map.of("authentication", Map.of("username", "u", "password", "p"));
        try (RestServer guarded = RestServer.start(settings(auth), node, () -> {})) {
            assertThat(
                            RawHttp.send(guarded.address(), "POST", "/members/pg1/restart", "{}")
                                    .status())
                    .isEqualTo(401);
            assertThat(RawHttp.get(guarded.address(), "/members/pg1/live").status()).isEqualTo(200);
        }
        assertThat(node.relayed).containsExactly("pg1 GET /live null");
    }

    @Test
    void live_shows_the_lease_as_it_runs() throws IOException {
        Map<String, ?> live = Json.parseObject(RawHttp.get(server.address(), "/live").body());
        assertThat(live.get("leader")).isEqualTo("pg0");
        Map<?, ?> lease = (Map<?, ?>) Objects.requireNonNull(live.get("lease"));
        assertThat(((Number) Objects.requireNonNull(lease.get("ttl_ms"))).longValue())
                .isEqualTo(30_000);
        assertThat(((Number) Objects.requireNonNull(lease.get("remaining_ms"))).longValue())
                .isBetween(1L, 20_000L);
    }

    @Test
    void the_trend_keeps_an_hour_and_no_more() {
        Trend trend = new Trend(node);
        trend.close();
        Instant start = Instant.parse("2030-01-01T00:00:00Z");
        for (int i = 0; i < 1_000; i++) {
            trend.take(node.status, start.plusSeconds(10L * i));
        }
        List<?> samples = (List<?>) Objects.requireNonNull(trend.document().get("samples"));
        assertThat(samples).hasSize(360);
        assertThat(samples.getLast().toString())
                .contains("leader=pg0", "2030-01-01T02:46:30", "pg1=5000");
    }

    @Test
    void the_console_is_complete_and_loads_nothing_from_elsewhere() throws IOException {
        Answer moved = RawHttp.get(server.address(), "/console");
        assertThat(moved.status()).isEqualTo(308);
        assertThat(moved.header("Location")).isEqualTo("/console/");
        for (String file : List.of("", "console.css", "console.js", "charts.js", "icon.svg")) {
            Answer answer = RawHttp.get(server.address(), "/console/" + file);
            assertThat(answer.status()).as(file).isEqualTo(200);
            assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'");
            assertThat(answer.body().replace("http://www.w3.org/2000/svg", ""))
                    .as(file)
                    .doesNotContain("http://", "https://", "innerHTML");
        }
        assertThat(RawHttp.get(server.address(), "/console/../Routes.class").status())
                .isEqualTo(404);
        assertThat(RawHttp.get(server.address(), "/console/other").status()).isEqualTo(404);
    }
}
