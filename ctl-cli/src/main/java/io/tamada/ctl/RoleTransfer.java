package io.tamada.ctl;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.Values;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What `switchover` and `failover` have in common: who may lead next, the request, and what is
/// told of it.
///
/// @param action the command's name, also the path of the request
/// @param view the cluster as it was when the command began
record RoleTransfer(Ctl ctl, String action, Cluster cluster, GroupView view) {

    /// The answer comes after twice the greater of this and `loop_wait`, and the checks before take
    /// some seconds.
    private static final Duration ROUND = Duration.ofSeconds(10);

    private static final Duration SLACK = Duration.ofSeconds(30);

    /// Shows the cluster; with Citus asks for the group first where none was named.
    static RoleTransfer begin(
            Ctl ctl, String action, @Nullable String name, @Nullable Integer group, boolean force) {
        Cluster cluster = ctl.open(name, group);
        ctl.console().line("Current cluster topology");
        ctl.showMembers(cluster, cluster.lookAtAll());
        if (cluster.isCitus() && group == null) {
            if (force) {
                throw new CtlError("For Citus clusters the --group must me specified");
            }
            String answer = ctl.dialogue().ask("Citus group", null);
            int number =
                    (int)
                            Values.integer(answer)
                                    .orElseThrow(() ->
                                            new CtlError(
                                                    "'%s' is not a group number"
                                                            .formatted(answer)));
            cluster = ctl.open(name, number);
        }
        return new RoleTransfer(ctl, action, cluster, cluster.look());
    }

    /// Everybody who may be asked to lead: neither the leader nor tagged against it.
    List<String> candidates() {
        List<String> names =
                view.members().stream()
                        .filter(m -> !view.isLeader(m) && !m.tags().noFailover())
                        .map(m -> m.name().value())
                        .sorted()
                        .toList();
        if (names.isEmpty()) {
            throw new CtlError("No candidates found to %s to".formatted(action));
        }
        return names;
    }

    /// The candidate: given, or asked for; empty for any.
    String candidate(List<String> candidates, @Nullable String given, boolean mayAsk) {
        String chosen = given;
        if (chosen == null) {
            String shown =
                    candidates.stream()
                            .map(n -> "'" + n + "'")
                            .collect(Collectors.joining(", ", "[", "]"));
            chosen = mayAsk ? ctl.dialogue().ask("Candidate " + shown, "") : "";
        }
        if (!chosen.isEmpty()
                && view.leaderName() != null
                && chosen.equals(view.leaderName().value())) {
            throw new CtlError(
                    "Member %s is already the leader of cluster %s"
                            .formatted(chosen, cluster.name()));
        }
        if (!chosen.isEmpty() && !candidates.contains(chosen)) {
            throw new CtlError(
                    "Member %s does not exist in cluster %s or is tagged as nofailover"
                            .formatted(chosen, cluster.name()));
        }
        return chosen;
    }

    /// Sends the request, and tells what came of it.
    ///
    /// @param direct what is written into the store where the member can't be reached
    Outcome send(MemberStatus to, Map<String, Object> body, FailoverRequest direct) {
        Duration loopWait = view.settings().timings().loopWait();
        Duration round = loopWait.compareTo(ROUND) > 0 ? loopWait : ROUND;
        Duration patience = round.multipliedBy(2).plus(SLACK);
        RestReply reply = ctl.api().call(to, "POST", action, body, patience);
        if (reply instanceof RestReply.Answered(int status, _)
                && status == 501
                && action.equals("switchover")) {
            // Agents from before there was a switchover know it under the other name.
            reply = ctl.api().call(to, "POST", "failover", body, patience);
        }
        Outcome outcome =
                switch (reply) {
                    case RestReply.Answered(int status, String text)
                            when status == 200 || status == 202 -> {
                        ctl.console().line(now() + " " + text);
                        yield Outcome.DONE;
                    }
                    case RestReply.Answered(_, String text) when text.contains("status unknown") ->
                            told("result unknown", reply.details(), Outcome.UNKNOWN);
                    case RestReply.Answered _ -> told("failed", reply.details(), Outcome.REFUSED);
                    case RestReply.Silent _ ->
                            // It may be under way: writing the key as well could move the role
                            // twice.
                            told("result unknown", reply.details(), Outcome.UNKNOWN);
                    case RestReply.Unreachable(String problem) -> writeDirectly(problem, direct);
                };
        if (outcome == Outcome.DONE) {
            ctl.showMembers(cluster, List.of(cluster.look()));
        }
        return outcome;
    }

    private Outcome told(String what, String details, Outcome outcome) {
        String title = action.substring(0, 1).toUpperCase(Locale.ROOT) + action.substring(1);
        ctl.console().line("%s %s, details: %s".formatted(title, what, details));
        return outcome;
    }

    private Outcome writeDirectly(String problem, FailoverRequest request) {
        ctl.console().complain("Warning: " + problem);
        ctl.console()
                .line(
                        now()
                                + " Could not %s using Patroni api, falling back to DCS"
                                        .formatted(action));
        return switch (cluster.write(new DcsEntry.Failover(request), Precondition.whatever())) {
            case WriteResult.Applied _ -> {
                ctl.console().line(now() + " Initialized " + action + " from DCS");
                yield Outcome.DONE;
            }
            case WriteResult.Refused(String reason) -> told("failed", reason, Outcome.REFUSED);
            case WriteResult.Unknown(String why) -> told("result unknown", why, Outcome.UNKNOWN);
        };
    }

    private String now() {
        return Moments.precise(ctl.world().time().wall(), ctl.world().zone());
    }
}
