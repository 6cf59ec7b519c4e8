package io.tamada.ctl;

import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.Values;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "restart",
        description =
                "Restarts PostgreSQL of members, one after the other, at once or at a given time.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tamadactl restart batman",
            "  tamadactl restart batman pg1 --force",
            "  tamadactl restart batman --pending --scheduled 2027-01-01T03:00+01:00"
        })
final class RestartCommand extends CtlCommand {

    private static final Pattern VERSION = Pattern.compile("[1-9]\\d+\\.\\d+|\\d\\.\\d+\\.\\d+");

    /// What a member may take beyond the time limit of its start: stopping, a checkpoint, giving
    /// back its duties.
    private static final Duration SLACK = Duration.ofMinutes(10);

    @Parameters(index = "0", paramLabel = "CLUSTER")
    private String cluster = "";

    @Parameters(
            index = "1..*",
            paramLabel = "MEMBER",
            arity = "0..*",
            description = "Default: all of the role.")
    private List<String> members = List.of();

    @Option(
            names = {"-r", "--role"},
            paramLabel = "ROLE",
            converter = RoleFilter.Converter.class,
            completionCandidates = RoleFilter.Candidates.class,
            description = "Only members of this role: ${COMPLETION-CANDIDATES}; default any.")
    private RoleFilter role = RoleFilter.ANY;

    @Option(names = "--any", description = "One of the members only, chosen at random.")
    private boolean any;

    @Option(
            names = "--scheduled",
            paramLabel = "TIME",
            description = "When; without a zone in local time.")
    private @Nullable String scheduled;

    @Option(
            names = "--pg-version",
            paramLabel = "VERSION",
            description = "Only if PostgreSQL is older than this.")
    private @Nullable String version;

    @Option(names = "--pending", description = "Only members whose settings wait for a restart.")
    private boolean pending;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long a start may take, as in 30 or 5min.")
    private @Nullable String timeout;

    @Option(names = "--group", paramLabel = "N", description = "Citus group.")
    private @Nullable Integer group;

    @Option(names = "--force", description = "Ask nothing.")
    private boolean force;

    RestartCommand(Ctl ctl) {
        super(ctl);
    }

    @Override
    Outcome act() {
        Cluster target = ctl.open(cluster, group);
        MemberChoice choice = MemberChoice.among(ctl, target, role, members);
        List<MemberStatus> chosen =
                members.isEmpty()
                        ? choice.candidates()
                        : choice.named(members, "'" + role.text() + "'");
        String when = scheduled;
        if (when == null && !force) {
            when =
                    ctl.dialogue()
                            .ask(
                                    "When should the restart happen (for example %s)"
                                            .formatted(
                                                    Moments.example(
                                                            ctl.world().time().wall(),
                                                            ctl.world().zone())),
                                    "now");
        }
        OffsetDateTime at = Moments.schedule(when == null ? "" : when, ctl.world().zone());
        chosen = narrowed(chosen, at == null);
        MemberChoice.confirm(ctl, force, "restart", question(chosen, at));
        Map<String, Object> body = body(target, at);
        Outcome outcome = Outcome.DONE;
        for (MemberStatus member : chosen) {
            outcome = outcome.worse(restart(member, body, at != null, target));
        }
        return outcome;
    }

    private List<MemberStatus> narrowed(List<MemberStatus> chosen, boolean immediate) {
        List<MemberStatus> result =
                pending && immediate
                        ? chosen.stream().filter(MemberStatus::isRestartPending).toList()
                        : chosen;
        return any && !result.isEmpty()
                ? List.of(result.get(ThreadLocalRandom.current().nextInt(result.size())))
                : result;
    }

    private String question(List<MemberStatus> chosen, @Nullable OffsetDateTime at) {
        String names = MemberChoice.names(chosen);
        if (at == null) {
            return "Are you sure you want to restart members " + names + "?";
        }
        String note =
                pending
                        ? " (which of them have settings that wait for a restart is decided at that time)"
                        : "";
        return "Are you sure you want to schedule restart of members %s at %s%s?"
                .formatted(names, Moments.iso(at), note);
    }

    private Map<String, Object> body(Cluster target, @Nullable OffsetDateTime at) {
        String below = version;
        if (below == null && !force) {
            below =
                    ctl.dialogue()
                            .ask(
                                    "Restart if the PostgreSQL version is older than (for example 17.2)",
                                    "");
        }
        Map<String, Object> body = new LinkedHashMap<>();
        if (pending) {
            body.put("restart_pending", true);
        }
        if (below != null && !below.isEmpty()) {
            if (!VERSION.matcher(below).matches()) {
                throw new CtlError(
                        "Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: " + below);
            }
            body.put("postgres_version", below);
        }
        if (at != null) {
            if (target.look().settings().paused()) {
                throw new CtlError("Can't schedule restart in the paused state");
            }
            body.put("schedule", Moments.iso(at));
        }
        if (timeout != null) {
            body.put("timeout", timeout);
        }
        return body;
    }

    private Outcome restart(
            MemberStatus member, Map<String, Object> body, boolean isScheduled, Cluster target) {
        if (isScheduled && force) {
            ctl.api().call(member, "DELETE", "restart", null, MemberApi.SHORT);
        }
        RestReply reply =
                ctl.api().call(member, "POST", "restart", body, patience(isScheduled, target));
        MemberReport report = new MemberReport(console(), "restart", member);
        return switch (reply) {
            case RestReply.Answered(int status, _) when status == 200 ->
                    report.done("Success: restart on member " + member.name());
            case RestReply.Answered(int status, _) when status == 202 ->
                    report.done("Success: restart scheduled on member " + member.name());
            case RestReply.Answered(int status, _) when status == 409 ->
                    report.refused(
                            "Failed: another restart is already scheduled on member "
                                    + member.name());
            case RestReply.Answered _, RestReply.Unreachable _, RestReply.Silent _ ->
                    report.failed(reply);
        };
    }

    private Duration patience(boolean isScheduled, Cluster target) {
        if (isScheduled) {
            return MemberApi.SHORT;
        }
        Duration start =
                Values.seconds(timeout).isPresent()
                        ? Duration.ofSeconds(Values.seconds(timeout).getAsLong())
                        : target.look().settings().primaryStartTimeout();
        return start.plus(SLACK);
    }
}
