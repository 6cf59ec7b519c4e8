package io.tamada.ctl;

import io.tamada.ha.dcs.StoreServers;
import io.tamada.ha.dcs.WriteResult;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove-store-server",
        description = {
            "Lets a server of the store go that will not come back, where the members themselves run it:",
            "it no longer counts for the majority. A new server joins by being started."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tamadactl -c node.yml remove-store-server 10.0.0.3:2222"})
final class RemoveStoreServerCommand extends CtlCommand {

    @Parameters(index = "0", paramLabel = "SERVER", description = "As store-servers lists it.")
    private String server = "";

    @Parameters(
            index = "1",
            paramLabel = "CLUSTER",
            arity = "0..1",
            description = "Default: the configured scope.")
    private @Nullable String cluster;

    @Option(names = "--force", description = "Do not ask for confirmation.")
    private boolean force;

    RemoveStoreServerCommand(Ctl ctl) {
        super(ctl);
    }

    @Override
    Outcome act() {
        Cluster target = ctl.open(cluster, null);
        List<StoreServers.Server> servers = target.storeServers();
        if (servers.stream().noneMatch(each -> each.address().equals(server))) {
            throw new CtlError(
                    server
                            + " is not a server of the store; there are "
                            + String.join(
                                    ", ",
                                    servers.stream().map(StoreServers.Server::address).toList()));
        }
        if (!force) {
            console()
                    .print(
                            OutputFormat.PRETTY.render(
                                    StoreServersCommand.table(servers), "", false));
            if (!ctl.dialogue().confirm("Remove " + server + " from the store for good?")) {
                throw new CtlError.Aborted();
            }
        }
        return switch (target.removeStoreServer(server)) {
            case WriteResult.Applied _ -> {
                console()
                        .line(
                                "Success: "
                                        + server
                                        + " no longer counts. Take it out of all"
                                        + " configuration files that name it");
                yield Outcome.DONE;
            }
            case WriteResult.Refused(String reason) ->
                    throw new CtlError("The store refused: " + reason);
            case WriteResult.Unknown(String problem) ->
                    throw new CtlError(
                            "The store did not confirm ("
                                    + problem
                                    + "): look with 'store-servers' what came of it");
        };
    }
}
