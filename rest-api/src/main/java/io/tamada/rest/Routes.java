package io.tamada.rest;

import io.tamada.ha.HaNode;
import io.tamada.rest.Authorization.Guard;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Which request goes where. A path's first part decides, so that `/patroni/anything` is
/// `/patroni`; the checks for load balancers match exactly.
final class Routes {

    /// What is behind a path and a method.
    record Route(Guard guard, Endpoint endpoint) {}

    /// What a request meets.
    sealed interface Match {
        record Found(Route route) implements Match {}

        record Health(HealthCheck check) implements Match {}

        /// @param allowed the methods that the path knows, as in an `Allow` header
        record WrongMethod(String allowed) implements Match {}

        record Nothing() implements Match {}
    }

    private final ReadEndpoints health;
    private final Map<String, Map<String, Route>> byPath = new LinkedHashMap<>();

    Routes(HaNode node, RestSettings settings, Runnable reload) {
        int bytesMax = settings.limits().bodyBytesMax();
        StoreCommands store = new StoreCommands(node);
        ReadEndpoints reads = new ReadEndpoints(node);
        ConfigEndpoint config = new ConfigEndpoint(node, store, bytesMax);
        SwitchoverEndpoint switchover = new SwitchoverEndpoint(node, store, bytesMax);
        OperatorEndpoint operator = new OperatorEndpoint(node, bytesMax);
        FailsafeEndpoint failsafe = new FailsafeEndpoint(node, bytesMax);
        health = reads;
        read("patroni", reads::status);
        read("liveness", reads::liveness);
        read("readiness", reads::readiness);
        read("cluster", reads.withAge(reads::cluster));
        read("history", reads.withAge(reads::history));
        read("metrics", reads::metrics);
        read("journal", reads::journal);
        read("config", reads.withAge(config::get));
        change("PATCH", "config", config::patch);
        change("PUT", "config", config::put);
        read("failsafe", reads.withAge(failsafe::get));
        add("POST", "failsafe", Guard.MEMBERS_IN_NEED, failsafe::post);
        change("POST", "switchover", switchover::switchover);
        change("DELETE", "switchover", switchover::cancel);
        change("POST", "failover", switchover::failover);
        change("POST", "restart", operator::restart);
        change("DELETE", "restart", operator::cancelRestart);
        change("POST", "reinitialize", operator::reinitialize);
        change(
                "POST",
                "reload",
                _ -> {
                    reload.run();
                    return Response.text(202, "reload scheduled");
                });
        for (String path : List.of("citus", "mpp")) {
            change(
                    "POST",
                    path,
                    request ->
                            switch (Bodies.required(request, bytesMax)) {
                                case Bodies.Body.Bad(Response answer) -> answer;
                                case Bodies.Body.Given _ -> Response.text(200, "OK");
                            });
        }
        // A test aid elsewhere; here the process manager stops the agent.
        change("POST", "sigterm", _ -> Response.text(202, "shutdown scheduled"));
    }

    private void read(String path, Endpoint endpoint) {
        add("GET", path, Guard.OPEN, endpoint);
    }

    private void change(String method, String path, Endpoint endpoint) {
        add(method, path, Guard.CHANGES_STATE, endpoint);
    }

    private void add(String method, String path, Guard guard, Endpoint endpoint) {
        byPath.computeIfAbsent(path, _ -> new LinkedHashMap<>())
                .put(method, new Route(guard, endpoint));
    }

    Match match(String method, String path) {
        String asked = isProbe(method) ? "GET" : method;
        HealthCheck check = HealthCheck.of(path);
        if (check != null) {
            return asked.equals("GET")
                    ? new Match.Health(check)
                    : new Match.WrongMethod("GET, HEAD, OPTIONS");
        }
        Map<String, Route> methods = byPath.get(firstPart(path));
        if (methods == null) {
            return new Match.Nothing();
        }
        Route route = methods.get(asked);
        return route == null ? new Match.WrongMethod(allowed(methods)) : new Match.Found(route);
    }

    /// Methods that ask for the status of a GET and nothing else.
    static boolean isProbe(String method) {
        return method.equals("HEAD") || method.equals("OPTIONS");
    }

    private static String firstPart(String path) {
        int end = path.indexOf('/', 1);
        return path.substring(1, end < 0 ? path.length() : end);
    }

    private static String allowed(Map<String, Route> methods) {
        TreeSet<String> all = new TreeSet<>(methods.keySet());
        if (all.contains("GET")) {
            all.add("HEAD");
            all.add("OPTIONS");
        }
        return String.join(", ", all);
    }

    Response health(HealthCheck check, Request request) {
        return health.health(check, request.query());
    }
}
