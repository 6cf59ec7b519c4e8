package io.tamada.ctl;

import io.tamada.ha.model.FailoverRequest;
import io.tamada.ha.model.MemberName;
import io.tamada.ha.model.MemberStatus;
import io.tamada.ha.model.SyncState;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "failover",
        description = {
            "Promotes a member whether or not the cluster has a leader.",
            "Commits that the candidate has not received are lost; on a healthy cluster use 'switchover'."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tamadactl failover batman --candidate pg1",
            "  tamadactl failover batman --candidate pg1 --force"
        })
final class FailoverCommand extends CtlCommand {

    @Parameters(
            paramLabel = "CLUSTER",
            arity = "0..1",
            description = "Default: the configured scope.")
    private @Nullable String cluster;

    @Option(names = "--group", paramLabel = "N", description = "Citus group.")
    private @Nullable Integer group;

    @Option(names = "--candidate", paramLabel = "NAME", description = "The member that is to lead.")
    private @Nullable String candidate;

    @Option(names = "--force", description = "Ask nothing.")
    private boolean force;

    FailoverCommand(Ctl ctl) {
        super(ctl);
    }

    @Override
    Outcome act() {
        RoleTransfer transfer = RoleTransfer.begin(ctl, "failover", cluster, group, force);
        String to = transfer.candidate(transfer.candidates(), candidate, !force);
        if (to.isEmpty()) {
            throw new CtlError("Failover could be performed only to a specific candidate");
        }
        GroupView view = transfer.view();
        MemberName name = MemberName.of(to);
        SyncState sync = view.view().sync().value();
        boolean asynchronous =
                view.settings().replication().isSynchronous()
                        && sync.isActive()
                        && !sync.includes(name);
        if (asynchronous) {
            MemberChoice.confirm(
                    ctl,
                    force,
                    "failover",
                    "Are you sure you want to failover to the asynchronous node %s? Acknowledged commits may be lost."
                            .formatted(to));
        }
        MemberName current = view.leaderName();
        MemberChoice.confirm(
                ctl,
                force,
                "failover",
                "Are you sure you want to failover cluster %s%s?"
                        .formatted(
                                transfer.cluster().name(),
                                current == null ? "" : ", demoting current leader " + current));
        MemberStatus leader = view.leader();
        MemberStatus addressee = leader == null ? view.view().member(name) : leader;
        return transfer.send(
                addressee == null ? MemberStatus.builder(name).build() : addressee,
                Map.of("candidate", to),
                new FailoverRequest.Failover(name));
    }
}
