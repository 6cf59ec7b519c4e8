package io.tamada.ctl;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "list",
        description = "Shows the members of clusters: role, state, timeline, positions and lag.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tamadactl list",
            "  tamadactl list batman -e -W",
            "  tamadactl -d 10.0.0.1:2379 list batman -f json"
        })
final class ListCommand extends CtlCommand {

    @Parameters(
            paramLabel = "CLUSTER",
            arity = "0..*",
            description = "Default: the configured scope.")
    private List<String> clusters = List.of();

    @Option(names = "--group", paramLabel = "N", description = "Citus group.")
    private @Nullable Integer group;

    @Option(
            names = {"-e", "--extended"},
            description = "Show also the columns about restarts and tags when they are empty.")
    private boolean extended;

    @Option(
            names = {"-t", "--timestamp"},
            description = "Print the time first.")
    private boolean timestamp;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "FORMAT",
            defaultValue = "pretty",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private OutputFormat format = OutputFormat.PRETTY;

    @Mixin private WatchOptions watch = new WatchOptions();

    ListCommand(Ctl ctl) {
        super(ctl);
    }

    @Override
    Outcome act() {
        watch.repeat(ctl, () -> show(ctl, clusters, group, timestamp, this::text));
        return Outcome.DONE;
    }

    private String text(MemberTable table) {
        boolean people = format.isPretty();
        return format.render(table.table(false, extended, people), table.header(), true)
                + (people ? table.footer() : "");
    }

    /// Shows each cluster, read once.
    static void show(
            Ctl ctl,
            List<String> clusters,
            @Nullable Integer group,
            boolean timestamp,
            java.util.function.Function<MemberTable, String> text) {
        String scope = ctl.settings().scope();
        List<String> names = clusters.isEmpty() && scope != null ? List.of(scope) : clusters;
        if (names.isEmpty()) {
            ctl.console()
                    .complain(
                            "Warning: nothing to show: name a cluster, or set 'scope' in the configuration");
        }
        if (timestamp) {
            ctl.console().line(Moments.seconds(ctl.world().time().wall(), ctl.world().zone()));
        }
        for (String name : names) {
            try (Cluster cluster = ctl.open(name, group)) {
                ctl.console()
                        .print(text.apply(cluster.table(cluster.lookAtAll(), ctl.world().zone())));
            }
        }
    }
}
