package io.tamada.ctl;

import io.tamada.ha.dcs.DcsEntry;
import io.tamada.ha.dcs.Precondition;
import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.Versioned;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "flush",
        customSynopsis = "tamadactl flush [OPTIONS] CLUSTER [MEMBER...] restart|switchover",
        description =
                "Drops what was scheduled: restarts of members, or the switchover of the cluster.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tamadactl flush batman restart",
            "  tamadactl flush batman pg1 restart",
            "  tamadactl flush batman switchover"
        })
final class FlushCommand extends CtlCommand {

    @Parameters(index = "0", paramLabel = "CLUSTER")
    private String cluster = "";

    @Parameters(
            index = "1..*",
            paramLabel = "MEMBER... TARGET",
            arity = "1..*",
            description = "The target is the last: restart or switchover.")
    private List<String> rest = List.of();

    @Option(
            names = {"-r", "--role"},
            paramLabel = "ROLE",
            converter = RoleFilter.Converter.class,
            completionCandidates = RoleFilter.Candidates.class,
            description = "Only members of this role: ${COMPLETION-CANDIDATES}; default any.")
    private RoleFilter role = RoleFilter.ANY;

    @Option(names = "--group", paramLabel = "N", description = "Citus group.")
    private @Nullable Integer group;

    @Option(names = "--force", description = "Ask nothing.")
    private boolean force;

    @Spec private CommandSpec spec = CommandSpec.create();

    FlushCommand(Ctl ctl) {
        super(ctl);
    }

    @Override
    Outcome act() {
        return switch (rest.getLast()) {
            case "restart" -> restarts(rest.subList(0, rest.size() - 1));
            case "switchover" -> switchover();
            default ->
                    throw new ParameterException(
                            spec.commandLine(),
                            "The last argument is 'restart' or 'switchover', not '%s'"
                                    .formatted(rest.getLast()));
        };
    }

    private Outcome restarts(List<String> names) {
        MemberChoice choice = MemberChoice.among(ctl, ctl.open(cluster, group), role, names);
        List<MemberStatus> chosen =
                names.isEmpty()
                        ? choice.candidates()
                        : choice.named(names, "'" + role.text() + "'");
        MemberChoice.confirm(
                ctl,
                force,
                "flush",
                "Are you sure you want to flush scheduled restarts of members "
                        + MemberChoice.names(chosen)
                        + "?");
        Outcome outcome = Outcome.DONE;
        for (MemberStatus member : chosen) {
            if (member.scheduledRestart() == null) {
                console().line("No scheduled restart for member " + member.name());
                continue;
            }
            RestReply reply = ctl.api().call(member, "DELETE", "restart", null, MemberApi.SHORT);
            outcome = outcome.worse(told(member, reply));
        }
        return outcome;
    }

    private Outcome told(MemberStatus member, RestReply reply) {
        MemberReport report = new MemberReport(console(), "flush scheduled restart", member);
        boolean gone =
                reply instanceof RestReply.Answered(int status, _)
                        && (status == 200 || status == 404);
        return gone
                ? report.done("Success: flush scheduled restart for member " + member.name())
                : report.failed(reply);
    }

    private Outcome switchover() {
        Cluster target = ctl.open(cluster, group);
        GroupView view = target.look();
        Versioned<FailoverRequest> asked = view.view().failover();
        boolean isScheduled =
                asked != null
                        && asked.value() instanceof FailoverRequest.Switchover(_, _, var at)
                        && at != null;
        if (asked == null || !isScheduled) {
            console().line("No pending scheduled switchover");
            return Outcome.DONE;
        }
        for (MemberStatus member : view.leaderFirst()) {
            RestReply reply = ctl.api().call(member, "DELETE", "switchover", null, MemberApi.SHORT);
            if (reply instanceof RestReply.Answered(int status, String body)) {
                if (status == 200) {
                    console().line("Success: " + body);
                    return Outcome.DONE;
                }
                console()
                        .line(
                                status == 404
                                        ? "Failed: " + body
                                        : "Failed: member %s, status code=%d, (%s)"
                                                .formatted(member.name(), status, body));
                if (status == 404) {
                    return Outcome.REFUSED;
                }
            } else {
                console().complain("Warning: " + reply.details());
            }
        }
        console()
                .line(
                        "%s Could not find any accessible member of cluster %s"
                                .formatted(now(), target.name()));
        return switch (target.write(
                new DcsEntry.Failover(null), Precondition.at(asked.revision()))) {
            case WriteResult.Applied _ -> Outcome.DONE;
            case WriteResult.Refused(String reason) ->
                    throw new CtlError(
                            "The request changed meanwhile and was left as it is (" + reason + ")");
            case WriteResult.Unknown(String problem) ->
                    throw new CtlError(
                            "The store did not confirm (" + problem + "): look with 'list'");
        };
    }
}
