package io.tamada.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.ha.model.ConfigDocument;
import io.tamada.rest.Authorization.Guard;
import io.tamada.rest.RawHttp.Answer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What holds on every route that there is, and will hold on those that are added.
class EveryRouteTest {

    private static final String BODY = "{\"leader\": \"pg0\", \"candidate\": \"pg1\"}";

    private final FakeNode node = new FakeNode();
    private final Routes routes =
            new Routes(node, RestSettings.on(new HostPort("127.0.0.1", 0)), () -> {});

    @AfterEach
    void close() {
        routes.close();
    }

    @Test
    void whatChangesSomethingAsksForThePassword() throws Exception {
        node.look();
        var before = node.keys.entries();
        try (RestServer server = server(Map.of("username", "u", "password", "p"))) {
            for (Routes.Described route : routes.described()) {
                if (route.guard() == Guard.OPEN) {
                    continue;
                }
                String name = route.method() + " " + route.path();
                for (String credentials :
                        List.of("", "Authorization: Basic dTp4\r\n", "Authorization: p\r\n")) {
                    Answer answer = send(server, route, credentials);
                    assertThat(answer.status()).as(name).isEqualTo(401);
                    assertThat(answer.header("WWW-Authenticate"))
                            .as(name)
                            .isEqualTo("Basic realm=\"Patroni\"");
                }
            }
        }
        assertThat(node.keys.entries()).isEqualTo(before);
        assertThat(node.requests).isEmpty();
        assertThat(node.relayed).isEmpty();
    }

    @Test
    void probesHaveTheStatusOfAGetAndNoBody() throws Exception {
        node.look();
        try (RestServer server = server(Map.of())) {
            for (Routes.Described route : routes.described()) {
                if (!route.method().equals("GET") || route.path().equals("/events")) {
                    continue;
                }
                String path = path(route);
                Answer get = RawHttp.get(server.address(), path);
                for (String method : List.of("HEAD", "OPTIONS")) {
                    Answer probe = RawHttp.send(server.address(), method, path, "");
                    assertThat(probe.status()).as(method + " " + path).isEqualTo(get.status());
                    assertThat(probe.body()).as(method + " " + path).isEmpty();
                }
            }
        }
    }

    @Test
    void withoutAStoreReadsAnswerAsBefore() throws Exception {
        node.look();
        try (RestServer server = server(Map.of())) {
            for (Routes.Described route : routes.described()) {
                if (!route.method().equals("GET") || route.path().equals("/events")) {
                    continue;
                }
                node.faults.unreachable(false);
                int status = RawHttp.get(server.address(), path(route)).status();
                node.faults.unreachable(true);
                assertThat(RawHttp.get(server.address(), path(route)).status())
                        .as(route.path())
                        .isEqualTo(status);
            }
        }
    }

    private RestServer server(Map<String, Object> authentication) throws IOException {
        RestSettings plain = RestSettings.on(new HostPort("127.0.0.1", 0));
        return RestServer.start(
                authentication.isEmpty()
                        ? plain
                        : RestSettings.of(
                                ConfigDocument.of(
                                        Map.of(
                                                "listen",
                                                "127.0.0.1:0",
                                                "authentication",
                                                authentication))),
                node,
                () -> {});
    }

    private static Answer send(RestServer server, Routes.Described route, String headers)
            throws IOException {
        return RawHttp.send(server.address(), route.method(), path(route), headers, BODY);
    }

    private static String path(Routes.Described route) {
        return route.path().replace("{name}", "pg0");
    }
}
