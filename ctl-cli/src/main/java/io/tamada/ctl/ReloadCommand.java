package io.tamada.ctl;

import io.tamada.ha.model.MemberStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "reload",
        description = "Makes members read their configuration files again.",
        footerHeading = "%nExamples:%n",
        footer = {"  tamadactl reload batman --force", "  tamadactl reload batman pg1"})
final class ReloadCommand extends CtlCommand {

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

    @Option(names = "--group", paramLabel = "N", description = "Citus group.")
    private @Nullable Integer group;

    @Option(names = "--force", description = "Ask nothing.")
    private boolean force;

    ReloadCommand(Ctl ctl) {
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
        MemberChoice.confirm(
                ctl,
                force,
                "reload",
                "Are you sure you want to reload members " + MemberChoice.names(chosen) + "?");
        long loopWait = target.look().settings().timings().loopWait().toSeconds();
        Outcome outcome = Outcome.DONE;
        for (MemberStatus member : chosen) {
            RestReply reply = ctl.api().call(member, "POST", "reload", null, MemberApi.SHORT);
            outcome = outcome.worse(told(member, reply, loopWait));
        }
        return outcome;
    }

    private Outcome told(MemberStatus member, RestReply reply, long loopWait) {
        MemberReport report = new MemberReport(console(), "reload", member);
        return switch (reply) {
            case RestReply.Answered(int status, _) when status == 202 ->
                    report.done(
                            "Reload request received for member %s and will be processed within %d seconds"
                                    .formatted(member.name(), loopWait));
            case RestReply.Answered(int status, _) when status == 200 ->
                    report.done("No changes to apply on member " + member.name());
            case RestReply.Answered _, RestReply.Unreachable _, RestReply.Silent _ ->
                    report.failed(reply);
        };
    }
}
