package io.tamada.ctl;

import io.tamada.ha.model.TimelineHistory;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "history",
        description =
                "Shows when the cluster changed its primary: where each timeline ended, and who took over.",
        footerHeading = "%nExamples:%n",
        footer = {"  tamadactl history batman", "  tamadactl history batman -f json"})
final class HistoryCommand extends CtlCommand {

    private static final List<Table.Column> COLUMNS =
            List.of(
                    Table.Column.right("TL"),
                    Table.Column.right("LSN"),
                    Table.Column.left("Reason"),
                    Table.Column.left("Timestamp"),
                    Table.Column.left("New Leader"));

    @Parameters(
            paramLabel = "CLUSTER",
            arity = "0..1",
            description = "Default: the configured scope.")
    private @Nullable String cluster;

    @Option(names = "--group", paramLabel = "N", description = "Citus group.")
    private @Nullable Integer group;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "FORMAT",
            defaultValue = "pretty",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private OutputFormat format = OutputFormat.PRETTY;

    HistoryCommand(Ctl ctl) {
        super(ctl);
    }

    @Override
    Outcome act() {
        TimelineHistory history = ctl.open(cluster, group).look().view().history();
        List<TimelineHistory.Switch> switches = history == null ? List.of() : history.switches();
        console().print(format.render(table(switches), "", false));
        return Outcome.DONE;
    }

    static Table table(List<TimelineHistory.Switch> switches) {
        return new Table(COLUMNS, switches.stream().map(HistoryCommand::row).toList());
    }

    private static List<Object> row(TimelineHistory.Switch s) {
        return List.of(
                s.parent().value(),
                s.at().value(),
                s.reason(),
                Objects.requireNonNullElse(s.time(), ""),
                Objects.requireNonNullElse(s.newLeader(), ""));
    }
}
