package io.tamada.ctl;

import io.tamada.ha.dcs.WriteResult;
import io.tamada.ha.model.MemberName;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove",
        description = {
            "Deletes all that the store holds about a cluster; PostgreSQL's data stays.",
            "Members that still run will write their entries again."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tamadactl remove batman"})
final class RemoveCommand extends CtlCommand {

    private static final String CONSENT = "Yes I am aware";

    @Parameters(paramLabel = "CLUSTER")
    private String cluster = "";

    @Option(names = "--group", paramLabel = "N", description = "Citus group.")
    private @Nullable Integer group;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "FORMAT",
            defaultValue = "pretty",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private OutputFormat format = OutputFormat.PRETTY;

    RemoveCommand(Ctl ctl) {
        super(ctl);
    }

    @Override
    Outcome act() {
        if (ctl.settings().isCitus() && group == null) {
            throw new CtlError("For Citus clusters the --group must me specified");
        }
        Cluster target = ctl.open(cluster, group);
        GroupView view = target.look();
        MemberTable table = target.table(List.of(view), ctl.world().zone());
        console()
                .print(
                        format.render(
                                table.table(false, false, format.isPretty()),
                                table.header(),
                                true));
        Dialogue dialogue = ctl.dialogue();
        if (!dialogue.ask("Type the name of the cluster that is to be removed", null)
                .equals(cluster)) {
            throw new CtlError("Cluster names specified do not match");
        }
        String consent =
                dialogue.ask(
                        "All that the store holds about %s will be deleted. Type \"%s\" to go on"
                                .formatted(cluster, CONSENT),
                        null);
        if (!consent.equals(CONSENT)) {
            throw new CtlError("You did not exactly type \"" + CONSENT + "\"");
        }
        MemberName leader = view.leaderName();
        if (leader != null) {
            String named = dialogue.ask("The cluster has a leader. Type its name to go on", null);
            if (!named.equals(leader.value())) {
                throw new CtlError("You did not specify the current leader of the cluster");
            }
        }
        return switch (target.deleteAll()) {
            case WriteResult.Applied _ -> Outcome.DONE;
            case WriteResult.Refused(String reason) ->
                    throw new CtlError("The store refused: " + reason);
            case WriteResult.Unknown(String problem) ->
                    throw new CtlError(
                            "The store did not confirm ("
                                    + problem
                                    + "): look with 'list' what is left");
        };
    }
}
