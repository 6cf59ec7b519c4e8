package io.tamada.ctl;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "topology",
        description = "Shows the members of clusters as a tree of who replicates from whom.",
        footerHeading = "%nExamples:%n",
        footer = {"  tamadactl topology batman", "  tamadactl topology batman -w 5"})
final class TopologyCommand extends CtlCommand {

    @Parameters(
            paramLabel = "CLUSTER",
            arity = "0..*",
            description = "Default: the configured scope.")
    private List<String> clusters = List.of();

    @Option(names = "--group", paramLabel = "N", description = "Citus group.")
    private @Nullable Integer group;

    @Mixin private WatchOptions watch = new WatchOptions();

    TopologyCommand(Ctl ctl) {
        super(ctl);
    }

    @Override
    Outcome act() {
        watch.repeat(
                ctl, () -> ListCommand.show(ctl, clusters, group, false, TopologyCommand::text));
        return Outcome.DONE;
    }

    private static String text(MemberTable table) {
        return OutputFormat.PRETTY.render(table.table(true, false, true), table.header(), true)
                + table.footer();
    }
}
