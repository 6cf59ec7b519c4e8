package io.tamada.ctl;

import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "switchover",
        description =
                "Moves the primary's role to another member, at once or at a given time, without losing data.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tamadactl switchover batman",
            "  tamadactl switchover batman --leader pg0 --candidate pg1 --force",
            "  tamadactl switchover batman --candidate pg1 --scheduled 2027-01-01T03:00+01:00"
        })
final class SwitchoverCommand extends CtlCommand {

    @Parameters(
            paramLabel = "CLUSTER",
            arity = "0..1",
            description = "Default: the configured scope.")
    private @Nullable String cluster;

    @Option(names = "--group", paramLabel = "N", description = "Citus group.")
    private @Nullable Integer group;

    @Option(
            names = {"--leader", "--primary"},
            paramLabel = "NAME",
            description = "The member that leads now.")
    private @Nullable String leader;

    @Option(
            names = "--candidate",
            paramLabel = "NAME",
            description = "The member that is to lead; default: the best.")
    private @Nullable String candidate;

    @Option(
            names = "--scheduled",
            paramLabel = "TIME",
            description = "When; without a zone in local time.")
    private @Nullable String scheduled;

    @Option(names = "--force", description = "Ask nothing.")
    private boolean force;

    SwitchoverCommand(Ctl ctl) {
        super(ctl);
    }

    @Override
    Outcome act() {
        RoleTransfer transfer = RoleTransfer.begin(ctl, "switchover", cluster, group, force);
        GroupView view = transfer.view();
        MemberName current = view.leaderName();
        if (current == null) {
            throw new CtlError("This cluster has no leader");
        }
        confirmLeader(transfer, current);
        List<String> candidates = transfer.candidates();
        String to = transfer.candidate(candidates, candidate, !force);
        OffsetDateTime at = moment();
        if (at != null && view.settings().paused()) {
            throw new CtlError("Can't schedule switchover in the paused state");
        }
        MemberChoice.confirm(
                ctl,
                force,
                "switchover",
                "Are you sure you want to %sswitchover cluster %s, demoting current leader %s?"
                        .formatted(
                                at == null ? "" : "schedule at " + Moments.iso(at) + " the ",
                                transfer.cluster().name(),
                                current));
        Map<String, Object> body = new LinkedHashMap<>();
        if (!to.isEmpty()) {
            body.put("candidate", to);
        }
        body.put("leader", current.value());
        if (at != null) {
            body.put("scheduled_at", Moments.iso(at));
        }
        var direct =
                new FailoverRequest.Switchover(
                        current,
                        to.isEmpty() ? null : MemberName.of(to),
                        at == null
                                ? null
                                : new FailoverRequest.Schedule(Moments.iso(at), at.toInstant()));
        return transfer.send(leaderMember(view, current), body, direct);
    }

    private static MemberStatus leaderMember(GroupView view, MemberName name) {
        MemberStatus published = view.leader();
        return published == null ? MemberStatus.builder(name).build() : published;
    }

    private void confirmLeader(RoleTransfer transfer, MemberName current) {
        String given = leader;
        if (given == null) {
            String label =
                    transfer.view().settings().isStandbyCluster() ? "Standby Leader" : "Primary";
            given = force ? current.value() : ctl.dialogue().ask(label, current.value());
        }
        if (!given.equals(current.value())) {
            throw new CtlError(
                    "Member %s is not the leader of cluster %s"
                            .formatted(given, transfer.cluster().name()));
        }
    }

    private @Nullable OffsetDateTime moment() {
        String when = scheduled;
        if (when == null) {
            when =
                    force
                            ? ""
                            : ctl.dialogue()
                                    .ask(
                                            "When should the switchover happen (for example %s)"
                                                    .formatted(
                                                            Moments.example(
                                                                    ctl.world().time().wall(),
                                                                    ctl.world().zone())),
                                            "now");
        }
        return Moments.schedule(when, ctl.world().zone());
    }
}
