package io.tamada.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tamada.dcs.Json;
import io.tamada.rest.Authorization.Guard;
import io.tamada.rest.RawHttp.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the interface says of itself is what it does.
class DescriptionTest {

    private static final String INTRODUCTION =
            """
            # REST interface

            What a member answers over HTTP. Paths, codes and documents are Patroni's; `/journal`, `/live`, `/trend`, `/events`,
            `/members`, `/console` and `/openapi.json` are Tamada's own. Every GET also answers HEAD and OPTIONS, with the same
            status and no body. Reads come from a snapshot that the engine publishes: they wait for nothing, and go on while
            the store or PostgreSQL is silent. What changes something (marked *guarded*) asks for the source address, the client
            certificate, and user and password, each where `restapi` configures it.

            A path that isn't listed answers 404, a method that a path doesn't know 405, a body that is too long 413.

            This file is printed from the routes by `DescriptionTest`; a member serves the same as `/openapi.json`.
            """;

    private final FakeNode node = new FakeNode();
    private final Routes routes =
            new Routes(node, RestSettings.on(new HostPort("127.0.0.1", 0)), () -> {});

    @AfterEach
    void close() {
        routes.close();
    }

    @Test
    void the_page_lists_every_route() throws IOException {
        Path document = document();
        String wanted = page();
        if (System.getProperty("scenarios.rewrite") != null) {
            Files.writeString(document, wanted);
        }
        assertThat(document).content().isEqualTo(wanted);
    }

    private static Path document() {
        Path here = Path.of("").toAbsolutePath();
        while (here != null && !Files.isDirectory(here.resolve("docs/decisions"))) {
            here = here.getParent();
        }
        return Objects.requireNonNull(here, "no folder with docs/ above").resolve("docs/rest.md");
    }

    private String page() {
        StringBuilder text = new StringBuilder(INTRODUCTION);
        for (Routes.Described route : routes.described()) {
            Operation operation = route.operation();
            text.append("\n## `").append(route.method()).append(' ').append(route.path());
            text.append(route.guard() == Guard.OPEN ? "`\n\n" : "` (guarded)\n\n");
            text.append(operation.summary()).append('\n');
            if (operation.body() != null) {
                text.append("\nBody: ").append(operation.body()).append('\n');
            }
            if (!operation.parameters().isEmpty()) {
                text.append("\n| Parameter | Meaning |\n|---|---|\n");
                operation
                        .parameters()
                        .forEach(p ->
                                text.append("| `%s` | %s |\n".formatted(p.name(), p.meaning())));
            }
            text.append("\n| Status | Meaning |\n|---|---|\n");
            operation.answers().forEach((s, m) -> text.append("| %d | %s |\n".formatted(s, m)));
        }
        return text.toString();
    }

    @Test
    void every_description_leads_somewhere_and_says_what_is_answered() {
        assertThat(routes.described())
                .allSatisfy(route -> {
                    assertThat(routes.match(route.method(), route.path().replace("{name}", "pg0")))
                            .isInstanceOfAny(Routes.Match.Found.class, Routes.Match.Health.class);
                    assertThat(route.operation().summary()).isNotBlank();
                    assertThat(route.operation().answers()).isNotEmpty();
                });
    }

    @Test
    void what_changes_something_is_guarded_and_nothing_else() {
        Map<Boolean, List<Routes.Described>> byReading =
                routes.described().stream()
                        .collect(Collectors.partitioningBy(r -> r.method().equals("GET")));
        assertThat(byReading.get(true)).allMatch(r -> r.guard() == Guard.OPEN);
        assertThat(byReading.get(false)).noneMatch(r -> r.guard() == Guard.OPEN);
    }

    @Test
    void the_document_describes_what_answers() throws Exception {
        try (RestServer server =
                RestServer.start(RestSettings.on(new HostPort("127.0.0.1", 0)), node, () -> {})) {
            Answer answer = RawHttp.get(server.address(), "/openapi.json");
            assertThat(answer.status()).isEqualTo(200);
            Map<?, ?> paths =
                    (Map<?, ?>)
                            Objects.requireNonNull(Json.parseObject(answer.body()).get("paths"));
            for (Routes.Described route : routes.described()) {
                assertThat(paths.get(route.path())).isInstanceOf(Map.class);
                Map<?, ?> methods = (Map<?, ?>) Objects.requireNonNull(paths.get(route.path()));
                Map<?, ?> operation =
                        (Map<?, ?>)
                                Objects.requireNonNull(
                                        methods.get(route.method().toLowerCase(Locale.ROOT)));
                Map<?, ?> responses =
                        (Map<?, ?>) Objects.requireNonNull(operation.get("responses"));
                if (route.method().equals("GET") && !route.path().equals("/events")) {
                    Answer now =
                            RawHttp.get(server.address(), route.path().replace("{name}", "pg0"));
                    assertThat(responses.keySet().stream().map(Object::toString))
                            .as(route.path())
                            .contains(Integer.toString(now.status()));
                }
            }
        }
    }
}
