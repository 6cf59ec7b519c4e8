package io.tamada.rest;

import io.tamada.ha.HaNode;
import io.tamada.rest.Authorization.Guard;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Which request goes where. A path's first part decides, so that `/patroni/anything` is
/// `/patroni`; the checks for load balancers match exactly.
final class Routes implements AutoCloseable {

    /// What is behind a path and a method.
    record Route(Guard guard, Endpoint endpoint) {}

    /// A route as the documentation shows it.
    record Described(String method, String path, Guard guard, Operation operation) {}

    /// What a request meets.
    sealed interface Match {
        record Found(Route route) implements Match {}

        record Health(HealthCheck check) implements Match {}

        /// @param allowed the methods that the path knows, as in an `Allow` header
        record WrongMethod(String allowed) implements Match {}

        record Nothing() implements Match {}
    }

    private static final String STORE_SILENT = "The store can't be reached; nothing was changed.";

    private final ReadEndpoints reads;
    private final Trend trend;
    private final Map<String, Map<String, Route>> byPath = new LinkedHashMap<>();
    private final List<Described> described = new ArrayList<>();

    Routes(HaNode node, RestSettings settings, HostProgram program) {
        int bytesMax = settings.limits().bodyBytesMax();
        reads = new ReadEndpoints(node, program);
        trend = new Trend(node);
        StoreCommands store = new StoreCommands(node);
        OperatorEndpoint operator = new OperatorEndpoint(node, bytesMax);
        healthChecks();
        status(new EventsEndpoint(node));
        configuration(new ConfigEndpoint(node, store, bytesMax));
        leadership(new SwitchoverEndpoint(node, store, bytesMax));
        member(operator, program);
        peers(new FailsafeEndpoint(node, bytesMax), bytesMax);
        otherMembers(node, operator, program, bytesMax);
        console();
    }

    private void healthChecks() {
        for (HealthCheck check : HealthCheck.values()) {
            for (String path : check.paths()) {
                described.add(new Described("GET", "/" + path, Guard.OPEN, check.operation()));
            }
        }
    }

    private void status(EventsEndpoint events) {
        read(
                "/patroni",
                Operation.of("The member's status; always 200.")
                        .query("fresh", "Look at PostgreSQL first; waits up to half a second.")
                        .answers(200, "The status document."),
                reads::status);
        read(
                "/liveness",
                Operation.of("Whether the agent's engine turns.")
                        .answers(200, "It does, or the cluster is paused.")
                        .answers(503, "It hangs: restart the agent."),
                reads::liveness);
        read(
                "/readiness",
                Operation.of("Whether the member leads, or streams and is not far behind.")
                        .query("lag", "Bytes, or a size with a unit: how far behind is too far.")
                        .query("mode", "`apply` (replayed, the default) or `write` (received).")
                        .answers(200, "It does.")
                        .answers(503, "It doesn't."),
                reads::readiness);
        read(
                "/cluster",
                Operation.of("The members, as the store last showed them.")
                        .answers(
                                200, "The cluster; the header Tamada-Store-Age says how old it is.")
                        .answers(503, "The store has not answered since the member was started."),
                reads.withAge(reads::cluster));
        read(
                "/history",
                Operation.of("The ends of timelines: when, why, and who led afterwards.")
                        .answers(200, "A list, oldest first.")
                        .answers(503, "The store has not answered since the member was started."),
                reads.withAge(reads::history));
        read(
                "/metrics",
                Operation.of("Metrics in the text format of Prometheus.").answers(200, "A page."),
                reads::metrics);
        read(
                "/journal",
                Operation.of("The member's last decisions, and why it did nothing else.")
                        .query("since", "Only entries with a higher sequence number.")
                        .query("limit", "How many, 100 by default, up to 1000.")
                        .answers(200, "A list, oldest first.")
                        .answers(400, "A parameter is not a number, or out of its range."),
                reads::journal);
        read(
                "/live",
                Operation.of("The lease as it runs, the task, the last decision.")
                        .answers(200, "A small document, as of this moment."),
                reads::live);
        read(
                "/trend",
                Operation.of("The members' WAL positions of the last hour.")
                        .answers(200, "A sample every ten seconds, oldest first."),
                _ -> Response.json(200, trend.document()));
        read(
                "/events",
                Operation.of("Role changes, decisions and member states as they happen.")
                        .answers(200, "A stream of server-sent events, until either side leaves.")
                        .answers(503, "Too many streams are open."),
                events::open);
    }

    private void configuration(ConfigEndpoint config) {
        read(
                "/config",
                Operation.of("The cluster's dynamic configuration.")
                        .answers(200, "The configuration.")
                        .answers(502, "There is none, or it is not an object."),
                reads.withAge(config::get));
        change(
                "PATCH",
                "/config",
                Operation.of("Changes some keys of the configuration.")
                        .body("The keys to change; null removes one.")
                        .answers(200, "The new configuration.")
                        .answers(400, "Not a JSON object, or a value that can't be used.")
                        .answers(409, "Somebody else changed it at the same time.")
                        .answers(503, STORE_SILENT),
                config::patch);
        change(
                "PUT",
                "/config",
                Operation.of("Replaces the whole configuration.")
                        .body("The new configuration.")
                        .answers(200, "The new configuration.")
                        .answers(400, "Not a JSON object, or a value that can't be used.")
                        .answers(502, "The store refused it.")
                        .answers(503, STORE_SILENT),
                config::put);
    }

    private void leadership(SwitchoverEndpoint switchover) {
        change(
                "POST",
                "/switchover",
                Operation.of("Moves the leadership as planned, now or later.")
                        .body("`leader`, and optionally `candidate` and `scheduled_at`.")
                        .answers(200, "Done; the text names the new leader.")
                        .answers(202, "Scheduled.")
                        .answers(400, "The request contradicts itself.")
                        .answers(412, "Not possible as things are; the text says why.")
                        .answers(422, "The time can't be understood, or is past.")
                        .answers(503, "It failed, or the store can't be reached."),
                switchover::switchover);
        change(
                "DELETE",
                "/switchover",
                Operation.of("Takes a scheduled switchover back.")
                        .answers(200, "Taken back.")
                        .answers(404, "None is scheduled.")
                        .answers(409, "Somebody else changed it at the same time.")
                        .answers(503, STORE_SILENT),
                switchover::cancel);
        change(
                "POST",
                "/failover",
                Operation.of("Makes a named member the leader, also without a healthy one.")
                        .body("`candidate`.")
                        .answers(200, "Done; the text names the new leader.")
                        .answers(400, "The request contradicts itself.")
                        .answers(412, "Not possible as things are; the text says why.")
                        .answers(503, "It failed, or the store can't be reached."),
                switchover::failover);
    }

    private void member(OperatorEndpoint operator, HostProgram program) {
        change(
                "POST",
                "/restart",
                Operation.of("Restarts PostgreSQL, now or later.")
                        .body(
                                "Optional: `role`, `postgres_version`, `restart_pending` (conditions),"
                                        + " `timeout`, `schedule`.")
                        .answers(200, "Restarted.")
                        .answers(202, "Scheduled.")
                        .answers(400, "A key or value that can't be used.")
                        .answers(409, "Another one is scheduled.")
                        .answers(422, "The time can't be understood, or is past.")
                        .answers(
                                503,
                                "Conditions not met, busy, or it failed: the text says which."),
                operator::restart);
        change(
                "DELETE",
                "/restart",
                Operation.of("Takes a scheduled restart back.")
                        .answers(200, "Taken back.")
                        .answers(404, "None is scheduled."),
                operator::cancelRestart);
        change(
                "POST",
                "/reinitialize",
                Operation.of("Replaces the data of this replica by a new copy.")
                        .body("Optional: `force`, `from_leader`.")
                        .answers(200, "Begun.")
                        .answers(400, "A value that can't be used.")
                        .answers(503, "There is no leader, this is the leader, or it is busy."),
                operator::reinitialize);
        change("POST", "/reload", reloadOperation(), reloading(program));
        // A test aid elsewhere; here the process manager stops the agent.
        change(
                "POST",
                "/sigterm",
                Operation.of("Without effect; for compatibility.").answers(202, "Always."),
                _ -> Response.text(202, "shutdown scheduled"));
    }

    private static Operation reloadOperation() {
        return Operation.of("Reads the local configuration again.").answers(202, "Always.");
    }

    private static Endpoint reloading(HostProgram program) {
        return _ -> {
            program.reload();
            return Response.text(202, "reload scheduled");
        };
    }

    private void peers(FailsafeEndpoint failsafe, int bytesMax) {
        read(
                "/failsafe",
                Operation.of("Whose consent counts while the store is silent.")
                        .answers(200, "Members and where they answer.")
                        .answers(502, "Failsafe mode was never on."),
                reads.withAge(failsafe::get));
        add(
                "POST",
                "/failsafe",
                Guard.MEMBERS_IN_NEED,
                Operation.of("A primary without a store asks whether it may go on.")
                        .body("`name`, `conn_url`, `api_url`, `slots`.")
                        .answers(200, "`Accepted`.")
                        .answers(400, "Something is missing.")
                        .answers(500, "This member leads itself.")
                        .answers(502, "Failsafe mode is off."),
                failsafe::post);
        for (String path : List.of("/citus", "/mpp")) {
            change(
                    "POST",
                    path,
                    Operation.of("An event of a sharded cluster's worker group.")
                            .body("`type`, `group`, `leader`, `timeout`, `cooldown`.")
                            .answers(200, "Always, when it was understood.")
                            .answers(400, "Not a JSON object."),
                    request ->
                            switch (Bodies.required(request, bytesMax)) {
                                case Bodies.Body.Bad(Response answer) -> answer;
                                case Bodies.Body.Given _ -> Response.text(200, "OK");
                            });
        }
    }

    /// What is asked of this member on behalf of others.
    private void otherMembers(
            HaNode node, OperatorEndpoint operator, HostProgram program, int bytesMax) {
        MembersEndpoint members =
                new MembersEndpoint(
                        node,
                        Map.of("live", reads::live),
                        Map.of(
                                "restart", operator::restart,
                                "reinitialize", operator::reinitialize,
                                "reload", reloading(program)),
                        operator,
                        bytesMax);
        read(
                "/members/{name}/live",
                Operation.of("Asks that member for `/live`.")
                        .answers(200, "Its answer.")
                        .answers(404, "There is no such member.")
                        .answers(504, "It did not answer."),
                members::read);
        for (String action : List.of("restart", "reinitialize", "reload")) {
            change(
                    "POST",
                    "/members/{name}/" + action,
                    Operation.of("Tells that member to `/" + action + "`, with what is sent here.")
                            .body("As there.")
                            .answers(200, "Its answer, whatever it is.")
                            .answers(404, "There is no such member.")
                            .answers(504, "It did not answer: it may have done it all the same."),
                    members::change);
        }
    }

    private void console() {
        read(
                "/console",
                Operation.of("The cluster on a page, for a browser.")
                        .answers(200, "The page and its files.")
                        .answers(308, "The page is in its own folder.")
                        .answers(404, "No such file."),
                new ConsoleEndpoint()::file);
        read(
                "/openapi.json",
                Operation.of("This description.").answers(200, "An OpenAPI document."),
                _ -> Response.json(200, OpenApi.of(described)));
    }

    private void read(String path, Operation operation, Endpoint endpoint) {
        add("GET", path, Guard.OPEN, operation, endpoint);
    }

    private void change(String method, String path, Operation operation, Endpoint endpoint) {
        add(method, path, Guard.CHANGES_STATE, operation, endpoint);
    }

    private void add(
            String method, String path, Guard guard, Operation operation, Endpoint endpoint) {
        described.add(new Described(method, path, guard, operation));
        byPath.computeIfAbsent(firstPart(path), _ -> new LinkedHashMap<>())
                .put(method, new Route(guard, endpoint));
    }

    /// Every route, in the order of documentation.
    List<Described> described() {
        return List.copyOf(described);
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
        return reads.health(check, request.query());
    }

    @Override
    public void close() {
        trend.close();
    }
}
