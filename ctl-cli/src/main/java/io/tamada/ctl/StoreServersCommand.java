package io.tamada.ctl;

import io.tamada.ha.dcs.StoreServers;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "store-servers",
        description = {
            "Lists the servers that count for the store's majority, where the members themselves run it.",
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tamadactl -c node.yml store-servers"})
final class StoreServersCommand extends CtlCommand {

    private static final List<Table.Column> COLUMNS =
            List.of(
                    Table.Column.left("Server"),
                    Table.Column.left("Role"),
                    Table.Column.left("State"));

    @Parameters(
            paramLabel = "CLUSTER",
            arity = "0..1",
            description = "Default: the configured scope.")
    private @Nullable String cluster;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "FORMAT",
            defaultValue = "pretty",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private OutputFormat format = OutputFormat.PRETTY;

    StoreServersCommand(Ctl ctl) {
        super(ctl);
    }

    @Override
    Outcome act() {
        console().print(format.render(table(ctl.open(cluster, null).storeServers()), "", false));
        return Outcome.DONE;
    }

    static Table table(List<StoreServers.Server> servers) {
        return new Table(
                COLUMNS,
                servers.stream()
                        .<List<Object>>map(server ->
                                List.of(
                                        server.address(),
                                        server.leads() ? "Leader" : "Follower",
                                        server.heard() ? "running" : "not heard of"))
                        .toList());
    }
}
